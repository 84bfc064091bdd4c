package dev.graft.classifier;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.aws.Aws;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.StoreException;
import dev.graft.head.NoHeadException;
import dev.graft.image.UnreadableImageException;
import dev.graft.onnx.OnnxBackbone;
import dev.graft.prediction.Classification;
import dev.graft.prediction.LatestHead;
import dev.graft.prediction.Prediction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.NoSuchElementException;

/** HTTP request in, prediction out. Safe for use by many threads. */
public final class ClassifierHandler
        implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
    /** Lambda takes 6 MB a request, and images arrive as base64, which makes 4 bytes of 3. */
    static final int MAX_BODY_BYTES = 4_400_000;

    private static final long MAX_STORED_BYTES = 50L << 20;
    private static final Duration CHECK_HEAD_EVERY = Duration.ofSeconds(3);
    private static final int TOP = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Classification classification;

    /** For Lambda: everything from the environment. */
    public ClassifierHandler() {
        this(System.getenv());
    }

    /**
     * With the variables of an environment.
     *
     * @throws dev.graft.feature.ConfigurationException if any is missing or wrong
     */
    public ClassifierHandler(Map<String, String> environment) {
        this(classification(ClassifierConfig.from(environment), new Aws(environment)));
    }

    ClassifierHandler(Classification classification) {
        this.classification = classification;
    }

    private static Classification classification(ClassifierConfig config, Aws aws) {
        return new Classification(
                new FeatureExtractor(OnnxBackbone.open(config.backbone(), config.threads())),
                new LatestHead(
                        aws.headStore(config.headsBucket()),
                        CHECK_HEAD_EVERY,
                        InstantSource.system()),
                aws.featureStore(config.featuresTable()),
                aws.imageStore(config.imagesBucket()),
                MAX_STORED_BYTES);
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        String route = event.getRequestContext().getHttp().getMethod() + " " + event.getRawPath();
        if (!route.equals("POST /classify")) {
            return problem(404, "Unknown route", route + ": expected POST /classify");
        }
        try {
            return answer(200, "application/json", classify(event));
        } catch (IllegalArgumentException e) {
            return problem(400, "Bad request", e.getMessage());
        } catch (UnreadableImageException e) {
            int status =
                    switch (e.reason()) {
                        case DAMAGED -> 400;
                        case TOO_LARGE -> 413;
                        case UNSUPPORTED -> 415;
                    };
            return problem(status, "Unreadable image", e.getMessage());
        } catch (NoSuchElementException e) {
            return problem(404, "No such image", e.getMessage());
        } catch (NoHeadException e) {
            return problem(503, "No head yet", e.getMessage());
        } catch (StoreException e) {
            context.getLogger()
                    .log("request %s: %s%n".formatted(context.getAwsRequestId(), e.getMessage()));
            return problem(503, "Store not available", "try again in a few seconds");
        }
    }

    private Prediction classify(APIGatewayV2HTTPEvent event) {
        byte[] body = body(event);
        if (body.length > MAX_BODY_BYTES) {
            throw new UnreadableImageException(
                    UnreadableImageException.Reason.TOO_LARGE,
                    "the image has %,d bytes, a request takes %,d: upload it to the images bucket and send {\"key\": \"images/…\"}, or send a smaller copy"
                            .formatted(body.length, MAX_BODY_BYTES));
        }
        int top = top(event);
        return isJson(body)
                ? classification.classifyStored(key(body), top)
                : classification.classify(body, top);
    }

    private static byte[] body(APIGatewayV2HTTPEvent event) {
        String body = event.getBody() == null ? "" : event.getBody();
        return event.getIsBase64Encoded()
                ? Base64.getDecoder().decode(body)
                : body.getBytes(StandardCharsets.UTF_8);
    }

    /** No image format starts with a brace. */
    private static boolean isJson(byte[] body) {
        return new String(body, 0, Math.min(body.length, 64), StandardCharsets.UTF_8)
                .stripLeading()
                .startsWith("{");
    }

    private static String key(byte[] body) {
        try {
            JsonNode key = JSON.readTree(new String(body, StandardCharsets.UTF_8)).path("key");
            if (key.isTextual() && key.asText().startsWith("images/")) {
                return key.asText();
            }
        } catch (JsonProcessingException e) {
            // told below, as any other JSON that names no key
        }
        throw new IllegalArgumentException(
                "the body names no image: expected the bytes of an image, or {\"key\":"
                        + " \"images/…\"}");
    }

    private static int top(APIGatewayV2HTTPEvent event) {
        Map<String, String> query = event.getQueryStringParameters();
        String top = query == null ? null : query.get("top");
        if (top == null) {
            return TOP;
        }
        if (!top.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException(
                    "top is '" + top + "': expected a whole number from 1 to 9999");
        }
        return Integer.parseInt(top);
    }

    private static APIGatewayV2HTTPResponse problem(int status, String title, String detail) {
        return answer(status, "application/problem+json", new Problem(status, title, detail));
    }

    private static APIGatewayV2HTTPResponse answer(int status, String type, Object body) {
        try {
            return APIGatewayV2HTTPResponse.builder()
                    .withStatusCode(status)
                    .withHeaders(Map.of("content-type", type))
                    .withBody(JSON.writeValueAsString(body))
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always become JSON", e);
        }
    }
}
