package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpEventTest {
    private static APIGatewayV2HTTPEvent read(String json) throws IOException {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return HttpEvent.read(new ByteArrayInputStream(bytes));
    }

    @Test
    void readsWhatApiGatewayTells() throws IOException {
        APIGatewayV2HTTPEvent event =
                read(
                        """
                        {'version': '2.0', 'routeKey': '$default', 'rawPath': '/images',
                         'rawQueryString': 'key=a%2Fb&top=3', 'cookies': ['a=b'],
                         'headers': {'accept': 'text/html', 'x': '1'},
                         'queryStringParameters': {'key': 'a/b', 'top': '3'},
                         'stageVariables': {'loginDomain': 'https://login', 'loginClient': 'c'},
                         'requestContext': {
                           'http': {'method': 'PUT', 'path': '/images', 'sourceIp': '1.2.3.4'},
                           'authorizer': {'jwt': {
                             'claims': {'sub': 's', 'scope': 'graft/read', 'exp': 1}, 'scopes': null}}},
                         'body': 'Zm9v', 'isBase64Encoded': true, 'more': [1]}""");

        assertEquals("PUT", event.getRequestContext().getHttp().getMethod());
        assertEquals("/images", event.getRawPath());
        assertEquals("key=a%2Fb&top=3", event.getRawQueryString());
        assertEquals(Map.of("accept", "text/html", "x", "1"), event.getHeaders());
        assertEquals("https://login", event.getStageVariables().get("loginDomain"));
        assertEquals("Zm9v", event.getBody());
        assertEquals(true, event.getIsBase64Encoded());
        var by = event.getRequestContext().getAuthorizer();
        assertEquals(
                Map.of("sub", "s", "scope", "graft/read", "exp", "1"), by.getJwt().getClaims());
        assertNull(by.getIam());
    }

    @Test
    void readsWhatAFunctionUrlTells() throws IOException {
        APIGatewayV2HTTPEvent event =
                read(
                        """
                        {'rawPath': '/', 'rawQueryString': '', 'headers': {},
                         'requestContext': {'http': {'method': 'GET'}, 'authentication': null,
                           'authorizer': {'iam': {'userArn': 'arn:aws:iam::1:user/a'}}}}""");

        assertEquals(
                "arn:aws:iam::1:user/a",
                event.getRequestContext().getAuthorizer().getIam().getUserArn());
        assertNull(event.getBody());
        assertNull(event.getStageVariables());
        assertEquals(false, event.getIsBase64Encoded());
    }

    @Test
    void writesAResponse() throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        HttpEvent.write(
                APIGatewayV2HTTPResponse.builder()
                        .withStatusCode(404)
                        .withHeaders(Map.of("content-type", "text/plain"))
                        .withBody("kein \"Käse\"")
                        .build(),
                json);

        JsonNode told = new ObjectMapper().readTree(json.toByteArray());
        assertEquals(404, told.path("statusCode").asInt());
        assertEquals("text/plain", told.path("headers").path("content-type").asText());
        assertEquals("kein \"Käse\"", told.path("body").asText());
        assertEquals(false, told.path("isBase64Encoded").asBoolean(true));
    }
}
