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
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * A client that checks each response, and each request that succeeded, against the API's own
 * document. Safe for use by many threads.
 */
final class ApiDocument {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROBLEM = "application/problem+json";

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final JsonNode document;
    private final Set<String> answered = new ConcurrentSkipListSet<>();

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
            return ApiDocument.json(response.body());
        }

        String location() {
            return response.headers().firstValue("location").orElseThrow();
        }
    }

    Reply get(String path) {
        return send("GET", path, null, null);
    }

    /** Where a file is, as a page asks for it. */
    String address(String path) {
        var asked = sendWith("GET", path, Map.of("accept", "application/json"), null);
        return asked.json().path("url").asText();
    }

    /** The status of a GET, whatever stands in front of the product says. */
    int status(String path) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create(url + path)).build(),
                            BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Reply json(String method, String path, Object body) {
        try {
            return send(method, path, "application/json", JSON.writeValueAsBytes(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Reply send(String method, String path, String type, byte[] body) {
        return sendWith(method, path, type == null ? Map.of() : Map.of("content-type", type), body);
    }

    /** Sends, and checks that the document allows request and answer. */
    Reply sendWith(String method, String path, Map<String, String> headers, byte[] body) {
        var request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        String told = method + " " + path + " -> " + response.statusCode() + " " + response.body();
        JsonNode operation = operation(method, URI.create(path).getPath());
        if (operation.isMissingNode()) {
            assertTrue(Set.of(404, 405).contains(response.statusCode()), told);
        } else {
            checkAnswer(operation, response, told);
            if (response.statusCode() < 400) {
                String type = headers.getOrDefault("content-type", "");
                checkRequest(operation, URI.create(path).getRawQuery(), type, body, told);
            }
        }
        return new Reply(response.statusCode(), response);
    }

    private JsonNode operation(String method, String path) {
        JsonNode paths = document.path("paths");
        for (var entry : paths.properties()) {
            boolean fits =
                    path.equals(entry.getKey())
                            || !paths.has(path)
                                    && path.matches(entry.getKey().replaceAll("\\{\\w+}", "[^/]+"));
            if (fits && entry.getValue().has(method.toLowerCase())) {
                return entry.getValue().path(method.toLowerCase());
            }
        }
        return JSON.missingNode();
    }

    private void checkAnswer(JsonNode operation, HttpResponse<String> response, String told) {
        String status = "" + response.statusCode();
        JsonNode declared = resolved(operation.path("responses").path(status));
        assertFalse(declared.isMissingNode(), told + ": the document has no such status");
        answered.add(operation.path("operationId").asText() + " " + status);
        if (!declared.has("content")) {
            assertEquals("", response.body(), told);
            return;
        }
        String type =
                response.headers().firstValue("content-type").orElse("").replaceAll(";.*", "");
        JsonNode content = declared.path("content").path(type);
        assertFalse(content.isMissingNode(), told + ": " + type + " is not in the document");
        if (type.equals("application/json") || type.equals(PROBLEM)) {
            validate(content.path("schema"), json(response.body()), told);
        }
    }

    private void checkRequest(
            JsonNode operation, String query, String type, byte[] body, String told) {
        for (String pair : query == null ? new String[0] : query.split("&")) {
            String[] parts = pair.split("=", 2);
            JsonNode schema = JSON.missingNode();
            for (JsonNode entry : operation.path("parameters")) {
                JsonNode parameter = resolved(entry);
                if (parameter.path("name").asText().equals(parts[0])) {
                    schema = resolved(parameter.path("schema"));
                }
            }
            assertFalse(schema.isMissingNode(), told + ": the document has no " + parts[0]);
            String text = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
            boolean quoted = schema.path("type").asText().equals("string");
            validate(schema, quoted ? JSON.getNodeFactory().textNode(text) : json(text), told);
        }
        JsonNode declared = resolved(operation.path("requestBody"));
        if (body != null || declared.path("required").asBoolean(false)) {
            assertEquals(operation.has("requestBody"), body != null, told + ": body");
        }
        if (type.equals("application/json")) {
            JsonNode content = resolved(operation.path("requestBody")).path("content").path(type);
            String text = new String(body, StandardCharsets.UTF_8);
            validate(content.path("schema"), json(text), told);
        }
    }

    /** The component that a reference names; anything else stays. */
    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private void validate(JsonNode schema, JsonNode value, String told) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("components", document.path("components"));
        whole.setAll((ObjectNode) schema.deepCopy());
        var problems =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(whole)
                        .validate(value);
        assertEquals(Set.of(), problems, told);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    /**
     * What the document declares and no answer had: operation and status.
     *
     * @param statuses pattern of those that count
     */
    Set<String> unseen(String statuses) {
        Set<String> unseen = new TreeSet<>();
        for (JsonNode path : document.path("paths")) {
            for (JsonNode operation : path) {
                for (var response : operation.path("responses").properties()) {
                    if (response.getKey().matches(statuses)) {
                        unseen.add(
                                operation.path("operationId").asText() + " " + response.getKey());
                    }
                }
            }
        }
        unseen.removeAll(answered);
        return unseen;
    }
}
