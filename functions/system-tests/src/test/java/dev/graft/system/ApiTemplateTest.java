package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who may call what in a stack, as the template says. */
class ApiTemplateTest {
    /** But for the page, which holds no data, and for whoever has the token of a share link. */
    @Test
    void theApiIsNeverOpenAndItsRoutesWantTheScopesOfTheCode() throws IOException {
        Template template = Template.read();
        Map<String, String> scopes = new TreeMap<>();
        for (JsonNode resource : template.resources().values()) {
            JsonNode route = resource.path("Properties");
            if (resource.path("Type").asText().equals("AWS::ApiGatewayV2::Route")) {
                boolean open = route.path("AuthorizationType").asText().equals("NONE");
                assertEquals(open ? "" : "ApiAuthorizer", route.path("AuthorizerId").asText());
                scopes.put(
                        route.path("RouteKey").asText(),
                        String.join(" ", TemplateTest.texts(route.path("AuthorizationScopes"))));
            }
        }
        String prefix = "${UserPoolScopes}/";
        assertEquals(
                Map.of(
                        "GET /", "",
                        "GET /shared", "",
                        "POST /shared/classify", "",
                        "POST /shared/feedback", "",
                        "POST /feedback",
                                prefix + "classify " + prefix + "read " + prefix + "write",
                        "GET /classify", prefix + "classify " + prefix + "read",
                        "POST /classify", prefix + "classify " + prefix + "read",
                        "POST /similar", prefix + "read",
                        "GET /{proxy+}", prefix + "read",
                        "$default", prefix + "write"),
                scopes);
        assertEquals(
                "AWS_IAM",
                template.properties("ClassifierFunction")
                        .at("/FunctionUrlConfig/AuthType")
                        .asText());
        assertEquals(
                Set.of("loginDomain", "loginClient"),
                Set.copyOf(
                        template.properties("ApiStage").path("StageVariables").properties().stream()
                                .map(Map.Entry::getKey)
                                .toList()));
    }

    /** And within a day where none are kept any more. */
    @Test
    void keptAnswersGoWhenTheirDaysAreOver() throws IOException {
        JsonNode rules =
                Template.read().properties("ImagesBucket").at("/LifecycleConfiguration/Rules");
        Map<String, String> days = new TreeMap<>();
        rules.forEach(
                rule ->
                        days.put(
                                rule.path("Prefix").asText(),
                                rule.path("ExpirationInDays").toString()));
        assertEquals("[\"KeepAnswers\",\"AnswerDays\",1]", days.get("results/answers/"));
        assertEquals("30", days.get("results/undo/"));
    }
}
