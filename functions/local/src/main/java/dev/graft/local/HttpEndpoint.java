package dev.graft.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.classifier.ClassifierHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Takes HTTP on 127.0.0.1, or where guests are let in on every address, and gives every request to
 * the classifier as API Gateway would. {@link DoorFilter} says who may come in.
 */
public final class HttpEndpoint implements AutoCloseable {
    /** One byte more than any image the classifier takes, so that it can say so itself. */
    private static final int MAX_BODY = ClassifierHandler.MAX_BODY_BYTES + 1;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_ONCE = 8;

    static {
        // seconds in which a request has to be there: one that is half sent holds no thread longer
        System.setProperty("sun.net.httpserver.maxReqTime", "30");
        System.setProperty("sun.net.httpserver.maxRspTime", "120");
    }

    /** Senders may be slow, so they wait in threads of their own. */
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * So many are answered at once, in threads of the system, which shares the processors among
     * them: the network holds the few that virtual threads have, and then some would wait long.
     */
    private final ExecutorService answering =
            Executors.newFixedThreadPool(
                    AT_ONCE, Thread.ofPlatform().daemon().name("answer").factory());

    private final HttpServer server;
    private final LocalFunctions functions;
    private final Optional<Phones> phones;
    private final S3Relay relay;

    /**
     * Starts.
     *
     * @param port of 127.0.0.1, or with a token of every address; 0 for any free one
     * @param token that guests from the network need; empty where none are let in
     * @param s3 where the links of the classifier lead
     */
    HttpEndpoint(int port, LocalFunctions functions, Optional<String> token, String s3) {
        this.functions = functions;
        this.relay = new S3Relay(s3);
        try {
            this.server = HttpServer.create(address(port, token), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "port " + port + " is taken: choose another with --port (Maven: -Dport), or 0",
                    e);
        }
        server.setExecutor(workers);
        this.phones = token.map(secret -> new Phones(secret, server.getAddress().getPort()));
        DoorFilter door = new DoorFilter(token);
        server.createContext("/", this::handle).getFilters().add(door);
        phones.ifPresent(
                there -> {
                    server.createContext(Phones.PATH, there).getFilters().add(door);
                    server.createContext(S3Relay.PATH + "/", relay).getFilters().add(door);
                });
        server.start();
    }

    private static InetSocketAddress address(int port, Optional<String> token) {
        return token.isPresent()
                ? new InetSocketAddress(port)
                : new InetSocketAddress("127.0.0.1", port);
    }

    /** How phones come in, where they may. */
    Optional<Phones> phones() {
        return phones;
    }

    /** Where it answers, without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = exchange.getRequestBody()) {
            byte[] start = body.readNBytes(MAX_BODY);
            body.transferTo(OutputStream.nullOutputStream());
            APIGatewayV2HTTPResponse response = reachable(exchange, answer(event(exchange, start)));
            if (response.getHeaders() != null) {
                response.getHeaders().forEach(exchange.getResponseHeaders()::set);
            }
            byte[] answer = body(response);
            exchange.sendResponseHeaders(
                    response.getStatusCode(), answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        } catch (RuntimeException e) {
            // Lambda would answer 502; without this the server drops the connection in silence
            System.err.println("request failed: " + e);
            exchange.sendResponseHeaders(502, -1);
        }
    }

    private APIGatewayV2HTTPResponse answer(String event) {
        return CompletableFuture.supplyAsync(() -> functions.classify(event), answering).join();
    }

    /** Guests get links that they can follow, and the page of this machine can let them in. */
    private APIGatewayV2HTTPResponse reachable(
            HttpExchange exchange, APIGatewayV2HTTPResponse response) {
        if (DoorFilter.isGuest(exchange)) {
            return relay.forGuests(response);
        }
        return phones.isPresent() ? Phones.offered(response) : response;
    }

    private static byte[] body(APIGatewayV2HTTPResponse response) {
        String body = response.getBody() == null ? "" : response.getBody();
        return response.getIsBase64Encoded()
                ? Base64.getDecoder().decode(body)
                : body.getBytes(StandardCharsets.UTF_8);
    }

    /** Amazon API Gateway Developer Guide, "Working with AWS Lambda proxy integrations", 2.0. */
    private static String event(HttpExchange exchange, byte[] body) {
        var uri = exchange.getRequestURI();
        ObjectNode event = JSON.createObjectNode().put("version", "2.0");
        event.put("routeKey", "$default").put("rawPath", uri.getRawPath());
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        event.put("rawQueryString", query);
        ObjectNode headers = event.putObject("headers");
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) ->
                                headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        headers.remove("cookie"); // the token is nothing for the functions
        ObjectNode parameters = event.putObject("queryStringParameters");
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        ObjectNode http = event.putObject("requestContext").putObject("http");
        http.put("method", exchange.getRequestMethod()).put("path", uri.getPath());
        event.put("body", Base64.getEncoder().encodeToString(body)).put("isBase64Encoded", true);
        return event.toString();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
        answering.shutdownNow();
    }
}
