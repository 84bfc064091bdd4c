package dev.graft.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Presigned links for guests from the network, who cannot reach the S3 on the loopback address: the
 * links that they are given lead to the HTTP server, which passes the requests on. S3 checks the
 * signatures as ever. Safe for use by many threads.
 */
final class S3Relay implements HttpHandler {
    /** What the links for guests start with. */
    static final String PATH = "/s3";

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT");
    private static final Set<String> REQUEST_HEADERS = Set.of("range", "if-none-match");
    private static final String METADATA = "x-amz-meta-";

    private static final List<String> RESPONSE_HEADERS =
            List.of(
                    "content-type",
                    "content-range",
                    "content-disposition",
                    "accept-ranges",
                    "etag",
                    "last-modified");

    private final HttpClient client = HttpClient.newHttpClient();
    private final String s3;

    /**
     * Passes on to an S3.
     *
     * @param s3 its address, without a slash at the end
     */
    S3Relay(String s3) {
        this.s3 = s3;
    }

    /** A response with links that guests can follow. */
    APIGatewayV2HTTPResponse forGuests(APIGatewayV2HTTPResponse response) {
        Map<String, String> headers =
                response.getHeaders() == null ? Map.of() : response.getHeaders();
        Map<String, String> reachable = new HashMap<>(headers);
        reachable.replaceAll((_, value) -> isLink(value) ? address(value) : value);
        response.setHeaders(reachable);
        String type = headers.getOrDefault("content-type", "");
        String body = response.getBody();
        if (body != null && !response.getIsBase64Encoded() && body.contains(s3 + "/")) {
            response.setBody(
                    type.equals("application/json")
                            ? reachable(body)
                            : body.replace(s3 + "/", PATH + "/"));
        }
        return response;
    }

    /** The links of a document, and nothing else in it. */
    private String reachable(String json) {
        try {
            return reachable(JSON.readTree(json)).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the API gave no JSON", e);
        }
    }

    private boolean isLink(String text) {
        return text.startsWith(s3 + "/") && text.contains("X-Amz-Signature=");
    }

    private String address(String link) {
        return PATH + link.substring(s3.length());
    }

    private JsonNode reachable(JsonNode node) {
        switch (node) {
            case ObjectNode object ->
                    object.properties().forEach(one -> one.setValue(reachable(one.getValue())));
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, reachable(array.get(i)));
                }
            }
            case TextNode text when isLink(text.textValue()) -> {
                return TextNode.valueOf(address(text.textValue()));
            }
            default -> {}
        }
        return node;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = exchange.getRequestBody()) {
            URI asked = exchange.getRequestURI();
            String query = asked.getRawQuery();
            if (!METHODS.contains(exchange.getRequestMethod())
                    || query == null
                    || !query.contains("X-Amz-Signature=")) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            if (exchange.getRequestMethod().equals("PUT")
                    && exchange.getRequestHeaders().getFirst("content-length") == null) {
                exchange.sendResponseHeaders(411, -1); // S3 wants to know it before, too
                return;
            }
            URI link = URI.create(s3 + asked.getRawPath().substring(PATH.length()) + "?" + query);
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(link)
                            .method(exchange.getRequestMethod(), content(exchange, body));
            exchange.getRequestHeaders()
                    .forEach(
                            (name, values) -> {
                                if (isPassedOn(name.toLowerCase(Locale.ROOT))) {
                                    request.header(name, values.getFirst());
                                }
                            });
            answer(exchange, client.send(request.build(), BodyHandlers.ofInputStream()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.err.println("request for S3 failed: " + e);
            exchange.sendResponseHeaders(502, -1);
        }
    }

    private static boolean isPassedOn(String header) {
        return REQUEST_HEADERS.contains(header) || header.startsWith(METADATA);
    }

    private static BodyPublisher content(HttpExchange exchange, InputStream body) {
        String length = exchange.getRequestHeaders().getFirst("content-length");
        long bytes = length == null ? 0 : Long.parseLong(length);
        return bytes == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> body), bytes);
    }

    private static void answer(HttpExchange exchange, HttpResponse<InputStream> response)
            throws IOException {
        try (InputStream content = response.body()) {
            for (String name : RESPONSE_HEADERS) {
                response.headers()
                        .firstValue(name)
                        .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
            }
            // a file of the bucket comes from the same origin as the page here, and is no part of
            // it
            exchange.getResponseHeaders()
                    .set("content-security-policy", "default-src 'none'; sandbox");
            exchange.getResponseHeaders().set("x-content-type-options", "nosniff");
            boolean empty =
                    exchange.getRequestMethod().equals("HEAD")
                            || response.statusCode() == 304
                            || response.statusCode() == 204;
            long length = response.headers().firstValueAsLong("content-length").orElse(0);
            exchange.sendResponseHeaders(response.statusCode(), empty || length == 0 ? -1 : length);
            if (!empty && length > 0) {
                content.transferTo(exchange.getResponseBody());
            }
        }
    }
}
