package dev.graft.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.List;

/**
 * How phones of the local network come in: the addresses with the token, as text and as QR code. It
 * is told to who sits at this machine alone.
 *
 * @param token that they need
 * @param port of the HTTP server
 */
record Phones(String token, int port) implements HttpHandler {
    /** Where the page on this machine asks for it. */
    static final String PATH = "/phone";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The addresses, the likeliest first; empty while there is no network. */
    List<String> addresses() {
        return LanAddresses.found().stream()
                .map(host -> "http://%s:%d/?token=%s".formatted(host, port, token))
                .toList();
    }

    /** The page, which then offers the QR code; any other response as it is. */
    static APIGatewayV2HTTPResponse offered(APIGatewayV2HTTPResponse response) {
        String type =
                response.getHeaders() == null ? "" : response.getHeaders().get("content-type");
        if (type != null && type.startsWith("text/html") && !response.getIsBase64Encoded()) {
            response.setBody(
                    response.getBody().replaceFirst("<html ", "<html data-phone=\"phone\" "));
        }
        return response;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean told =
                    !DoorFilter.isGuest(exchange)
                            && exchange.getRequestURI().getPath().equals(PATH)
                            && exchange.getRequestMethod().equals("GET");
            if (!told) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            List<String> addresses = addresses();
            ObjectNode answer = JSON.createObjectNode();
            addresses.forEach(answer.putArray("addresses")::add);
            addresses.stream()
                    .findFirst()
                    .map(QrCode::of)
                    .ifPresent(code -> answer.put("size", code.size()).put("path", code.path()));
            byte[] text = JSON.writeValueAsBytes(answer);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.getResponseHeaders().set("cache-control", "no-store");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    /** What the terminal says. */
    String told() {
        List<String> addresses = addresses();
        if (addresses.isEmpty()) {
            return "This machine has no network: connect it to that of your phone, and choose Use your phone on the page.\n";
        }
        QrCode code = QrCode.of(addresses.getFirst());
        boolean drawn = System.out.charset().newEncoder().canEncode('\u2588');
        boolean coloured = Terminal.isThere();
        String others =
                addresses.size() == 1
                        ? ""
                        : "or, in another of its networks, "
                                + String.join(" or ", addresses.subList(1, addresses.size()))
                                + "\n";
        return "On a phone of the same network scan this, or open %s%n%s%s"
                .formatted(
                        addresses.getFirst(),
                        others,
                        !drawn ? "" : coloured ? code.coloured() : code.halfBlocks());
    }
}
