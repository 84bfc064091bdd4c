package dev.graft.classifier;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.graft.feature.BadRequestException;
import dev.graft.image.UnreadableImageException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An HTTP request. What is wrong with it is said by {@link BadRequestException}.
 *
 * @param method such as {@code GET}
 * @param path without the query
 * @param variables what stands in the path for the names in braces of its route
 * @param query every value of each parameter, decoded
 * @param body decoded
 * @param headers by lower-case name
 * @param caller who sent it
 * @param login where people sign in, empty where nobody does
 */
record Request(
        String method,
        String path,
        Map<String, String> variables,
        Map<String, List<String>> query,
        byte[] body,
        Map<String, String> headers,
        Caller caller,
        Optional<Login> login) {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    static Request of(APIGatewayV2HTTPEvent event, Emails emails) {
        var http = event.getRequestContext().getHttp();
        Map<String, String> headers = event.getHeaders();
        String body = event.getBody() == null ? "" : event.getBody();
        return new Request(
                http.getMethod(),
                event.getRawPath(),
                Map.of(),
                query(event.getRawQueryString()),
                event.getIsBase64Encoded()
                        ? Base64.getDecoder().decode(body)
                        : body.getBytes(StandardCharsets.UTF_8),
                headers == null ? Map.of() : headers,
                Caller.of(event, emails),
                Login.of(event));
    }

    /** From the raw text, which alone comes from API Gateway as it was sent. */
    private static Map<String, List<String>> query(String raw) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : (raw == null ? "" : raw).split("&")) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                query.computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>())
                        .add(parts.length == 1 ? "" : decoded(parts[1]));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(
                    "the query has '" + text + "': expected two hexadecimal digits after each %",
                    e);
        }
    }

    /** The same request with what stands in its path. */
    Request with(Map<String, String> found) {
        return new Request(method, path, found, query, body, headers, caller, login);
    }

    /** The same request without a parameter. */
    Request without(String parameter) {
        Map<String, List<String>> others = new LinkedHashMap<>(query);
        others.remove(parameter);
        return new Request(method, path, variables, others, body, headers, caller, login);
    }

    /** Who sent it, as it is kept beside what they did. */
    String by() {
        return caller.name().get();
    }

    /**
     * Whether the address of a file is wanted as JSON rather than the file, as {@code Accept} says
     * that names JSON first.
     */
    boolean wantsAddress() {
        return header("accept").strip().startsWith("application/json");
    }

    /** The same request of somebody else. */
    Request from(Caller other) {
        return new Request(method, path, variables, query, body, headers, other, login);
    }

    /** A header by its lower-case name; empty text where there is none. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** What stands in the path for a name in braces of the route. */
    String variable(String name) {
        String variable = variables.get(name);
        if (variable == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return variable;
    }

    /** Refuses parameters that the route does not know, that are empty, or that come twice. */
    void expectOnly(Collection<String> names) {
        query.forEach(
                (name, values) -> {
                    if (!names.contains(name)) {
                        throw new BadRequestException(
                                "%s %s has no parameter '%s': expected %s"
                                        .formatted(
                                                method,
                                                path,
                                                name,
                                                names.isEmpty()
                                                        ? "none"
                                                        : "only " + String.join(", ", names)));
                    }
                    if (values.size() > 1) {
                        throw new BadRequestException(
                                "%s is given %d times: give it once"
                                        .formatted(name, values.size()));
                    }
                    if (values.getFirst().isEmpty()) {
                        throw new BadRequestException(
                                name + " is empty: give it a value, or leave it out");
                    }
                });
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getFirst);
    }

    int number(String name, int otherwise, int max) {
        Optional<String> given = parameter(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        String text = given.get();
        if (!NUMBER.matcher(text).matches() || Integer.parseInt(text) > max) {
            throw new BadRequestException(
                    "%s is '%s': expected a whole number from 1 to %d".formatted(name, text, max));
        }
        return Integer.parseInt(text);
    }

    /** A parameter that is true or false; false where it is missing. */
    boolean flag(String name) {
        return flag(name, "false");
    }

    /** Likewise; true where it is missing. */
    boolean flagOrTrue(String name) {
        return flag(name, "true");
    }

    private boolean flag(String name, String otherwise) {
        String text = parameter(name).orElse(otherwise);
        if (!text.equals("true") && !text.equals("false")) {
            throw new BadRequestException(name + " is '" + text + "': expected true or false");
        }
        return text.equals("true");
    }

    /** A time, such as {@code 2026-11-28T10:00:00Z}. */
    Instant time(String name) {
        return JsonBody.time(name, parameter(name).orElse(""));
    }

    /** The query parameter {@code key}, which names an image. */
    String key() {
        return ImageKey.of(parameter("key").orElse(""));
    }

    /**
     * The body as a JSON object.
     *
     * @param fields that it must have; it may have no others
     */
    JsonBody json(String... fields) {
        return JsonBody.of(body, List.of(), fields);
    }

    /** Likewise; it may have {@code optional} too. */
    JsonBody jsonWithOptional(List<String> optional, String... fields) {
        return JsonBody.of(body, optional, fields);
    }

    /** Whether the body is a JSON object with this field. */
    boolean has(String field) {
        return JsonBody.has(body, field);
    }

    /** Refuses a body where the route takes none. */
    void expectNoBody() {
        if (body.length > 0) {
            throw new BadRequestException(
                    "the body has %d bytes: expected none".formatted(body.length));
        }
    }

    /** Whether the body is meant as JSON: no image format starts with a brace. */
    boolean isJson() {
        return new String(body, 0, Math.min(body.length, 64), StandardCharsets.UTF_8)
                .stripLeading()
                .startsWith("{");
    }

    /**
     * The body as the bytes of an image, which may be the file of a form.
     *
     * @throws UnreadableImageException if they are too many
     */
    byte[] image() {
        if (body.length == 0) {
            throw new BadRequestException(
                    "the body is empty: send the bytes of an image, or {\"key\": \"images/…\"}");
        }
        if (body.length > ClassifierHandler.MAX_BODY_BYTES) {
            throw new UnreadableImageException(
                    UnreadableImageException.Reason.TOO_LARGE,
                    String.format(
                            Locale.ROOT,
                            "the image has more than %,d bytes, the most that a request takes: ask POST /uploads for a link, upload it there and send {\"key\": \"images/…\"}",
                            ClassifierHandler.MAX_BODY_BYTES));
        }
        String type = header("content-type");
        return MultipartForm.is(type) ? MultipartForm.file(type, body) : body;
    }
}
