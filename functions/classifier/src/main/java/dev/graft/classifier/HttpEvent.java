package dev.graft.classifier;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events of API Gateway and of function URLs (payload format 2.0) from JSON, as far as they are
 * read here, and responses as JSON. Lambda's runtime would do it by a Jackson of its own, whose
 * loading is a tenth of a cold start.
 */
final class HttpEvent {
    private static final ObjectMapper JSON = new ObjectMapper();

    private HttpEvent() {}

    static APIGatewayV2HTTPEvent read(InputStream json) throws IOException {
        JsonNode told = JSON.readTree(json);
        JsonNode by = told.path("requestContext");
        var event = new APIGatewayV2HTTPEvent();
        event.setRawPath(text(told.path("rawPath")));
        event.setRawQueryString(text(told.path("rawQueryString")));
        event.setHeaders(texts(told.path("headers")));
        event.setStageVariables(texts(told.path("stageVariables")));
        event.setBody(text(told.path("body")));
        event.setIsBase64Encoded(told.path("isBase64Encoded").asBoolean());
        var http = new RequestContext.Http();
        http.setMethod(text(by.path("http").path("method")));
        var context = new RequestContext();
        context.setHttp(http);
        context.setAuthorizer(authorizer(by.path("authorizer")));
        event.setRequestContext(context);
        return event;
    }

    private static RequestContext.@Nullable Authorizer authorizer(JsonNode told) {
        if (!told.isObject()) {
            return null;
        }
        var authorizer = new RequestContext.Authorizer();
        if (told.path("jwt").isObject()) {
            var jwt = new RequestContext.Authorizer.JWT();
            jwt.setClaims(texts(told.path("jwt").path("claims")));
            authorizer.setJwt(jwt);
        }
        if (told.path("iam").isObject()) {
            var iam = new RequestContext.IAM();
            iam.setUserArn(text(told.path("iam").path("userArn")));
            authorizer.setIam(iam);
        }
        return authorizer;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isValueNode() && !node.isNull() ? node.asText() : null;
    }

    private static @Nullable Map<String, String> texts(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        Map<String, String> texts = new LinkedHashMap<>();
        node.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    static void write(APIGatewayV2HTTPResponse response, OutputStream to) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(to)) {
            json.writeStartObject();
            json.writeNumberField("statusCode", response.getStatusCode());
            json.writeObjectFieldStart("headers");
            for (var header : response.getHeaders().entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeEndObject();
            json.writeStringField("body", response.getBody());
            json.writeBooleanField("isBase64Encoded", response.getIsBase64Encoded());
            json.writeEndObject();
        }
    }
}
