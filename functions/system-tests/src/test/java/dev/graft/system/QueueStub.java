package dev.graft.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the featurizer asks of SQS, noted by the queue's name in the template. Source: Amazon SQS
 * API Reference, JSON protocol.
 */
final class QueueStub implements AutoCloseable {
    private static final Map<String, String> NAMES =
            Map.of("graft-uploads", "Uploads", "dead-letters", "DeadLetters");

    private final HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> letters = new CopyOnWriteArrayList<>();

    /** Adds where it is to the variables of a function. */
    QueueStub(Map<String, String> environment) throws IOException {
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        environment.put("AWS_ENDPOINT_URL_SQS", address);
        environment.put("DEAD_LETTERS", address + "/123456789012/dead-letters");
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode request = ApiDocument.JSON.readTree(exchange.getRequestBody());
        String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        operation = operation.substring(operation.indexOf('.') + 1);
        String queue = request.path("QueueUrl").asText();
        asked.add(operation + " " + NAMES.get(queue.substring(queue.lastIndexOf('/') + 1)));
        String answer = "{}";
        if (operation.equals("SendMessage")) {
            String letter = request.path("MessageBody").asText();
            letters.add(letter);
            answer = "{\"MessageId\": \"1\", \"MD5OfMessageBody\": \"%s\"}".formatted(md5(letter));
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String md5(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Operations with the queue, sorted. */
    List<String> asked() {
        return asked.stream().sorted().toList();
    }

    List<String> letters() {
        return letters;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
