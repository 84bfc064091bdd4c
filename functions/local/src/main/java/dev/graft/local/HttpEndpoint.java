package dev.graft.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Executors;

/** Takes HTTP on 127.0.0.1 and gives every request to the classifier as API Gateway would. */
final class HttpEndpoint implements AutoCloseable {
    /** One byte more than any image the classifier takes, so that it can say so itself. */
    private static final int MAX_BODY = 4_400_001;

    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpServer server;
    private final LocalFunctions functions;

    HttpEndpoint(int port, LocalFunctions functions) {
        this.functions = functions;
        try {
            this.server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "port " + port + " is taken: choose another with -Dport, or 0", e);
        }
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
            exchange.getRequestBody().skip(64L << 20);
            APIGatewayV2HTTPResponse response = functions.classify(event(exchange, body));
            response.getHeaders().forEach(exchange.getResponseHeaders()::set);
            byte[] answer = response.getBody().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(response.getStatusCode(), answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static String event(HttpExchange exchange, byte[] body) {
        var uri = exchange.getRequestURI();
        ObjectNode event = JSON.createObjectNode().put("version", "2.0");
        event.put("routeKey", "$default").put("rawPath", uri.getPath());
        String query = uri.getQuery() == null ? "" : uri.getQuery();
        event.put("rawQueryString", query);
        ObjectNode parameters = event.putObject("queryStringParameters");
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        ObjectNode http = event.putObject("requestContext").putObject("http");
        http.put("method", exchange.getRequestMethod()).put("path", uri.getPath());
        event.put("body", Base64.getEncoder().encodeToString(body)).put("isBase64Encoded", true);
        return event.toString();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
