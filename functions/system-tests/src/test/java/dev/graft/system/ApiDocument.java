package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A client that holds each request and each answer against the API's own document. */
final class ApiDocument {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROBLEM = "application/problem+json";

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final JsonNode document;
    private final Set<String> answered = new TreeSet<>();

    ApiDocument(String url) {
        this.url = url;
        try (var file =
                dev.graft.classifier.ClassifierHandler.class.getResourceAsStream("openapi.json")) {
            this.document = JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer: its status, headers and text. */
    record Reply(int status, HttpResponse<String> response) {
        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(response.body(), e);
            }
        }
    }

    Reply get(String path) {
        return send("GET", path, null, null);
    }

    Reply json(String method, String path, Object body) {
        try {
            return send(method, path, "application/json", JSON.writeValueAsBytes(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends, and checks that the document allows the answer. */
    Reply send(String method, String path, String type, byte[] body) {
        var request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body));
        if (type != null) {
            request.header("content-type", type);
        }
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        check(method, path.replaceAll("\\?.*", ""), response);
        return new Reply(response.statusCode(), response);
    }

    private void check(String method, String path, HttpResponse<String> response) {
        String status = "" + response.statusCode();
        String told = method + " " + path + " -> " + status + " " + response.body();
        for (var entry : document.path("paths").properties()) {
            boolean fits =
                    path.equals(entry.getKey())
                            || !document.path("paths").has(path)
                                    && path.matches(entry.getKey().replace("{version}", "[^/]+"));
            JsonNode operation = entry.getValue().path(method.toLowerCase());
            if (fits && !operation.isMissingNode()) {
                JsonNode declared = operation.path("responses").path(status);
                assertFalse(declared.isMissingNode(), told + ": the document has no such status");
                answered.add(operation.path("operationId").asText() + " " + status);
                checkBody(declared, response, told);
                return;
            }
        }
        assertTrue(Set.of("404", "405").contains(status), told);
    }

    private void checkBody(JsonNode declared, HttpResponse<String> response, String told) {
        if (!declared.has("content")) {
            assertEquals("", response.body(), told);
            return;
        }
        String type =
                response.headers().firstValue("content-type").orElse("").replaceAll(";.*", "");
        JsonNode content = declared.path("content").path(type);
        assertFalse(content.isMissingNode(), told + ": " + type + " is not in the document");
        if (type.equals("application/json") || type.equals(PROBLEM)) {
            ObjectNode schema = JSON.createObjectNode();
            schema.set("components", document.path("components"));
            schema.setAll((ObjectNode) content.path("schema").deepCopy());
            var problems =
                    JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(json(response.body()));
            assertEquals(Set.of(), problems, told);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    /** Operations whose good answer was never seen. */
    Set<String> unseen() {
        Set<String> unseen = new TreeSet<>();
        for (JsonNode path : document.path("paths")) {
            for (Map.Entry<String, JsonNode> operation : path.properties()) {
                String id = operation.getValue().path("operationId").asText();
                if (answered.stream().noneMatch(seen -> seen.matches(id + " [23].."))) {
                    unseen.add(id);
                }
            }
        }
        return unseen;
    }
}
