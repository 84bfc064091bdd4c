package dev.graft.classifier;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.StoreException;
import dev.graft.head.NoHeadException;
import dev.graft.image.UnreadableImageException;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * An HTTP answer.
 *
 * @param status of HTTP
 * @param headers by lower-case name
 * @param body text
 */
record Answer(int status, Map<String, String> headers, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A record as JSON. */
    static Answer json(Object value) {
        return json(200, "application/json", value);
    }

    private static Answer json(int status, String type, Object value) {
        try {
            return new Answer(status, Map.of("content-type", type), JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always become JSON", e);
        }
    }

    static Answer text(String type, String text) {
        return new Answer(200, Map.of("content-type", type + "; charset=utf-8"), text);
    }

    static Answer redirect(String url) {
        return new Answer(302, Map.of("location", url), "");
    }

    static Answer nothing() {
        return new Answer(204, Map.of(), "");
    }

    static Answer problem(int status, String title, String detail) {
        return json(status, "application/problem+json", new Problem(status, title, detail));
    }

    /** The answer to a failure; other exceptions go on to Lambda, which logs them. */
    static Answer problem(RuntimeException failure) {
        return switch (failure) {
            case IllegalArgumentException e -> problem(400, "Bad request", e.getMessage());
            case UnreadableImageException e ->
                    problem(
                            switch (e.reason()) {
                                case DAMAGED -> 400;
                                case TOO_LARGE -> 413;
                                case UNSUPPORTED -> 415;
                            },
                            "Unreadable image",
                            e.getMessage());
            case NoSuchElementException e -> problem(404, "Not there", e.getMessage());
            case ConflictException e -> problem(409, "Somebody else was first", e.getMessage());
            case NoHeadException e -> problem(503, "No head yet", e.getMessage());
            case StoreException e ->
                    problem(503, "Store not available", "try again in a few seconds");
            default -> throw failure;
        };
    }

    /** Whether it is a prediction for an image that is unlike everything labelled. */
    boolean saysUnknown() {
        try {
            return status == 200 && !JSON.readTree(body).path("known").asBoolean(true);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("predictions are JSON", e);
        }
    }

    APIGatewayV2HTTPResponse toResponse() {
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(status)
                .withHeaders(headers)
                .withBody(body)
                .build();
    }
}
