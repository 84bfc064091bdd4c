package dev.graft.classifier;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.image.UnreadableImageException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP request. What is wrong with it is told by {@link IllegalArgumentException}.
 *
 * @param method such as {@code GET}
 * @param path without the query
 * @param query decoded
 * @param body decoded
 */
record Request(String method, String path, Map<String, String> query, byte[] body) {
    /** Lambda takes 6 MB a request, and images arrive as base64, which makes 4 bytes of 3. */
    static final int MAX_BODY_BYTES = 4_400_000;

    private static final String PREFIX = "images/";
    private static final int MAX_LABEL = 128;
    private static final ObjectMapper JSON = new ObjectMapper();

    static Request of(APIGatewayV2HTTPEvent event) {
        var http = event.getRequestContext().getHttp();
        String body = event.getBody() == null ? "" : event.getBody();
        return new Request(
                http.getMethod(),
                event.getRawPath(),
                query(event.getRawQueryString()),
                event.getIsBase64Encoded()
                        ? Base64.getDecoder().decode(body)
                        : body.getBytes(StandardCharsets.UTF_8));
    }

    /** From the raw text, as it alone comes from API Gateway the way it was sent. */
    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : (raw == null ? "" : raw).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).filter(text -> !text.isEmpty());
    }

    int number(String name, int otherwise, int max) {
        String text = parameter(name).orElse("" + otherwise);
        if (!text.matches("[1-9][0-9]{0,8}") || Integer.parseInt(text) > max) {
            throw new IllegalArgumentException(
                    "%s is '%s': expected a whole number from 1 to %d".formatted(name, text, max));
        }
        return Integer.parseInt(text);
    }

    boolean flag(String name) {
        String text = parameter(name).orElse("false");
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(name + " is '" + text + "': expected true or false");
        }
        return text.equals("true");
    }

    /** The query parameter {@code key}. */
    String key() {
        return key(parameter("key").orElse(""));
    }

    static String key(String text) {
        if (!text.startsWith(PREFIX) || text.length() == PREFIX.length() || text.endsWith("/")) {
            throw new IllegalArgumentException(
                    "key is '"
                            + text
                            + "': expected the key of an image, such as images/cat/1.jpg");
        }
        return text;
    }

    /**
     * The body as an object of JSON.
     *
     * @param fields that it must have
     */
    JsonNode json(String... fields) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (java.io.IOException e) {
            json = null;
        }
        if (json == null || !json.isObject()) {
            throw new IllegalArgumentException(
                    "the body is no JSON object: send one, see /openapi.json");
        }
        for (String field : fields) {
            if (!json.has(field)) {
                throw new IllegalArgumentException(
                        "the body has no field '" + field + "': add it, see /openapi.json");
            }
        }
        return json;
    }

    /** A text field of the body. */
    String text(String field) {
        JsonNode value = json(field).get(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(
                    field + " is " + value + ": expected text, see /openapi.json");
        }
        return value.textValue();
    }

    /** A field of the body that is the name of a class, or null for none. */
    Optional<String> label(String field) {
        return json(field).get(field).isNull() ? Optional.empty() : Optional.of(labelName(field));
    }

    /** A field of the body that is the name of a class. */
    String labelName(String field) {
        String name = text(field).strip();
        if (name.isEmpty() || name.length() > MAX_LABEL) {
            throw new IllegalArgumentException(
                    "%s has %d characters: expected a name of 1 to %d"
                            .formatted(field, name.length(), MAX_LABEL));
        }
        return name;
    }

    /** No image format starts with a brace. */
    boolean isJson() {
        return new String(body, 0, Math.min(body.length, 64), StandardCharsets.UTF_8)
                .stripLeading()
                .startsWith("{");
    }

    /**
     * The body as the bytes of an image.
     *
     * @throws UnreadableImageException if they are too many
     */
    byte[] image() {
        if (body.length == 0) {
            throw new IllegalArgumentException(
                    "the body is empty: send the bytes of an image, or {\"key\": \"images/…\"}");
        }
        if (body.length > MAX_BODY_BYTES) {
            throw new UnreadableImageException(
                    UnreadableImageException.Reason.TOO_LARGE,
                    String.format(
                            Locale.ROOT,
                            "the image has more than %,d bytes, the most a request takes: ask POST /uploads for a link, upload it there and send {\"key\": \"images/…\"}",
                            MAX_BODY_BYTES));
        }
        return body;
    }
}
