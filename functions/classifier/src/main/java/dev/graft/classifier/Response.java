package dev.graft.classifier;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.ConflictException;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.RefusedException;
import dev.graft.feature.StoreException;
import dev.graft.head.NoHeadException;
import dev.graft.image.MemoryExhaustedException;
import dev.graft.image.UnreadableImageException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP response.
 *
 * @param status of HTTP
 * @param headers by lower-case name
 * @param body text
 * @param unknown whether it is a prediction for an image that is unlike every labelled one
 */
record Response(int status, Map<String, String> headers, String body, boolean unknown) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RETRY_SECONDS = 2;

    Response(int status, Map<String, String> headers, String body) {
        this(status, headers, body, false);
    }

    /** A record as JSON. */
    static Response json(Object value) {
        return json(200, "application/json", value);
    }

    /** A record as JSON about something that goes on, which {@code location} tells more of. */
    static Response accepted(String location, Object value) {
        return json(202, "application/json", value).with("location", location);
    }

    private static Response json(int status, String type, Object value) {
        try {
            return new Response(
                    status, Map.of("content-type", type), JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always become JSON", e);
        }
    }

    /** The same, which may fare better after so many seconds. */
    Response retryAfter(long seconds) {
        return with("retry-after", "" + seconds);
    }

    private Response with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Response(status, Map.copyOf(more), body);
    }

    /** The same for an image that is unlike every labelled one, if it is. */
    Response unknown(boolean isUnknown) {
        return new Response(status, headers, body, isUnknown);
    }

    static Response text(String type, String text) {
        return new Response(200, Map.of("content-type", type + "; charset=utf-8"), text);
    }

    /** The same, which a browser shows by this Content Security Policy alone. */
    Response withPolicy(String policy) {
        Map<String, String> more = new HashMap<>(headers);
        more.put("content-security-policy", policy);
        more.put("x-content-type-options", "nosniff");
        more.put("referrer-policy", "no-referrer");
        return new Response(status, Map.copyOf(more), body);
    }

    /**
     * Leads to a file: by itself, or as JSON for a page, which can neither send its token along
     * with a plain link nor follow to another origin.
     */
    static Response leadingTo(String url, Request request) {
        return request.wantsAddress()
                ? json(Map.of("url", url))
                : new Response(302, Map.of("location", url), "");
    }

    static Response noContent() {
        return new Response(204, Map.of(), "");
    }

    static Response problem(int status, String title, @Nullable String detail) {
        return json(status, "application/problem+json", new Problem(status, title, detail));
    }

    /**
     * The response to a failure. Whose fault it is decides the status: 4xx only for what the caller
     * sent, 5xx for our data, our stores and our bugs.
     *
     * @param requestId under which the log names the failure
     */
    static Response problem(RuntimeException failure, String requestId) {
        return switch (failure) {
            case BadRequestException e -> problem(400, "Bad request", e.getMessage());
            case UnreadableImageException e ->
                    problem(
                            switch (e.reason()) {
                                case DAMAGED -> 400;
                                case TOO_LARGE -> 413;
                                case UNSUPPORTED -> 415;
                            },
                            "Unreadable image",
                            e.getMessage());
            case ForbiddenException e -> problem(403, "Forbidden", e.getMessage());
            case NotFoundException e -> problem(404, "Not found", e.getMessage());
            case ConflictException e -> problem(409, "Conflict", e.getMessage());
            case NoHeadException e -> problem(503, "No head yet", e.getMessage());
            case DamagedFileException e -> problem(503, "Damaged file", e.getMessage());
            case RefusedException e -> internal(requestId);
            case MemoryExhaustedException e ->
                    problem(503, "Out of memory", e.getMessage()).retryAfter(RETRY_SECONDS);
            case StoreException e ->
                    problem(503, "Store unavailable", "try again in a few seconds")
                            .retryAfter(RETRY_SECONDS);
            default -> internal(requestId);
        };
    }

    private static Response internal(String requestId) {
        return problem(
                500,
                "Internal error",
                "the fault is not in the request; the log of the classifier names it under the request id "
                        + requestId);
    }

    APIGatewayV2HTTPResponse toLambda() {
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(status)
                .withHeaders(headers)
                .withBody(body)
                .build();
    }
}
