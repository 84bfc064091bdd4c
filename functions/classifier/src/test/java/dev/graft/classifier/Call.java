package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.training.ForgetRequests;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One request to the API.
 *
 * @param route method and path as openapi.json names them
 * @param target path and query
 * @param body JSON, or a picture
 */
record Call(String route, String target, byte[] body) {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final String KEYS = "{\"keys\": [\"%s\"]}".formatted(TaughtStores.RED);
    private static final String DOUBT = "{\"id\": \"%s\"}".formatted(TaughtStores.ANSWER);
    private static final String FEEDBACK = DOUBT.replace("}", ", \"label\": \"red\"}");
    private static final String HASHES = "{\"hashes\": [\"%s\"]}".formatted("0".repeat(64));

    static Call of(String route, String target, String body) {
        return new Call(route, target, body.getBytes(StandardCharsets.UTF_8));
    }

    static Call of(String route, String target) {
        return of(route, target, "");
    }

    /** A request to a path that stands in the document as it is. */
    static Call of(String request) {
        return of(request.replaceAll("\\?.*", ""), request.substring(request.indexOf(' ') + 1));
    }

    /** One request that succeeds for each route of the document. */
    static List<Call> everyRoute() {
        return Stream.of(images(), heads(), shares()).flatMap(List::stream).toList();
    }

    private static List<Call> images() {
        String key = "{\"key\": \"" + TaughtStores.NEW + "\"}";
        String image = "?key=" + TaughtStores.RED;
        return List.of(
                of("GET /classify"),
                of("POST /classify", "/classify?evidence=true", key),
                of("POST /similar", "/similar?limit=3", key),
                of("GET /drift?days=7"),
                of("POST /feedback", "/feedback", FEEDBACK),
                of("GET /uploads"),
                of("POST /uploads", "/uploads", key),
                of("GET /images?label=red&several=true&limit=3"),
                of("GET /images/content" + image),
                of("GET /images/history" + image),
                of("PUT /images/label", "/images/label" + image, "{\"label\": \"red\"}"),
                of("DELETE /images" + image),
                of("POST /images/delete", "/images/delete", KEYS),
                of("POST /forget", "/forget", "{\"key\": \"%s\"}".formatted(TaughtStores.LOST)),
                of("GET /forget/{id}", "/forget/" + ForgetRequests.id(TaughtStores.LOST)),
                of("POST /images/find", "/images/find", HASHES),
                of("GET /unreadable"),
                of("GET /labels?several=true"),
                of(
                        "POST /labels",
                        "/labels",
                        "{\"keys\": [\"" + TaughtStores.RED + "\"], \"label\": null}"),
                of(
                        "POST /labels/rename",
                        "/labels/rename",
                        "{\"from\": \"blue\", \"to\": \"navy\"}"),
                of("POST /labels/delete", "/labels/delete", "{\"label\": \"blue\"}"),
                of("GET /labels/decisions?since=2026-11-28T10:00:00Z"),
                of(
                        "POST /labels/undo",
                        "/labels/undo",
                        "{\"by\": \"ann\", \"since\": \"2026-11-28T10:00:00Z\"}"));
    }

    private static List<Call> heads() {
        String version = "/heads/" + TaughtStores.IN_USE;
        return List.of(
                of("GET /heads?learnedFrom=" + TaughtStores.RED),
                of("POST /heads"),
                of("PUT /heads/latest", "/heads/latest", "{\"version\": \"v1\"}"),
                of("GET /heads/{version}", version),
                of("GET /heads/{version}/report", version + "/report"),
                of("GET /heads/{version}/preview", "/heads/v2/preview"),
                of("GET /heads/{version}/shadow", "/heads/v2/shadow?days=3"),
                of("DELETE /heads/{version}", "/heads/v2"),
                of("GET /queue?limit=3"),
                of("GET /doctor?limit=3"),
                of("GET /copies?key=" + TaughtStores.RED + "&limit=3"),
                of("GET /sets"),
                of("PUT /sets/{name}", "/sets/damage", "{\"labelsPerImage\": \"several\"}"),
                of("GET /classes"),
                of("PUT /classes", "/classes", "{\"label\": \"tulip\", \"hue\": 120}"),
                of("POST /names", "/names", KEYS),
                of("POST /batch", "/batch", "{\"prefix\": \"images/\"}"),
                of("GET /export/labels.csv"),
                of("GET /export/labels.manifest"),
                of("GET /export/folders.txt"),
                of("GET /export/model.onnx?input=tensor"),
                of("POST /export/images"),
                of("GET /export/images?from=1"),
                of("POST /export/features"),
                of("GET /export/features"),
                of("GET /history?limit=3"),
                of("POST /undo", "/undo", "{\"id\": \"" + TaughtStores.CHANGE + "\"}"),
                of("GET /settings"),
                of("PUT /settings", "/settings", "{\"thresholds\": {\"red\": 0.9}}"),
                of("GET /status"),
                of("GET /openapi.json"),
                of("GET /"));
    }

    private static List<Call> shares() {
        return List.of(
                of("GET /shares"),
                of("POST /shares", "/shares", "{\"name\": \"till\", \"daily\": 500}"),
                of("DELETE /shares/{id}", "/shares/none"),
                of("GET /shared"),
                new Call("POST /shared/classify", "/shared/classify", TaughtStores.png(Color.RED)),
                of("POST /shared/feedback", "/shared/feedback", DOUBT));
    }

    /** What came back. */
    record Reply(int status, String type, String body, String log, Map<String, String> headers) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(body, e);
            }
        }

        String detail() {
            return json().path("detail").asText();
        }

        /** Checks that it is a problem as RFC 9457 says. */
        void assertProblem(int expected) {
            assertEquals(expected, status, body);
            assertEquals("application/problem+json", type, body);
            assertEquals(Set.of("status", "title", "detail"), Set.copyOf(names(json())), body);
            assertEquals(expected, json().path("status").asInt(), body);
            assertTrue(detail().length() > 10, body);
        }

        private static List<String> names(JsonNode json) {
            return json.properties().stream().map(Map.Entry::getKey).toList();
        }
    }

    Reply to(ClassifierHandler handler) {
        String[] parts = target.split("\\?", 2);
        var http = new APIGatewayV2HTTPEvent.RequestContext.Http();
        http.setMethod(route.substring(0, route.indexOf(' ')));
        var context = new APIGatewayV2HTTPEvent.RequestContext();
        context.setHttp(http);
        APIGatewayV2HTTPEvent event = new APIGatewayV2HTTPEvent();
        event.setRequestContext(context);
        event.setRawPath(parts[0]);
        event.setHeaders(Map.of("x-graft-share", TaughtStores.SHARE_TOKEN));
        event.setRawQueryString(parts.length == 1 ? "" : parts[1]);
        event.setBody(Base64.getEncoder().encodeToString(body));
        event.setIsBase64Encoded(true);
        RecordedContext called = new RecordedContext();
        APIGatewayV2HTTPResponse response = handler.handleRequest(event, called);
        return new Reply(
                response.getStatusCode(),
                response.getHeaders().getOrDefault("content-type", ""),
                response.getBody(),
                called.log(),
                response.getHeaders());
    }

    @Override
    public String toString() {
        return route.substring(0, route.indexOf(' ')) + " " + target;
    }
}
