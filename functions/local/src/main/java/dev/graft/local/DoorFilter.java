package dev.graft.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may come in at the HTTP server. Who asks from this machine may, but for pages of other sites,
 * see {@link Door}. Who asks from the network, a guest, needs the token: by the cookie, or once in
 * the address, which sets the cookie. Such a request names this machine by a number, as a page of
 * another site whose name was made to mean this machine cannot.
 */
final class DoorFilter extends Filter {
    private static final String COOKIE = "graft-token";
    private static final String PARAMETER = "token=";
    private static final int KEPT_SECONDS = 365 * 24 * 3600;

    private static final String NO_TOKEN =
            "Graft on this machine is for those who have its token: scan the QR code that Graft shows"
                    + " in its terminal and on its page, or open the whole address that it prints there.";

    private static final String FOREIGN =
            "the request comes from a page of another site, or names this machine by a name: open the"
                    + " address that Graft prints in its terminal";

    /** An address of IPv4 or IPv6 with or without port, as browsers write it. */
    private static final Pattern NUMBER =
            Pattern.compile("([0-9.]{7,15}|\\[[0-9a-fA-F:.]{2,45}])(:[0-9]{1,5})?");

    private final Optional<String> token;

    /**
     * Of a server.
     *
     * @param token that guests need; empty where there are none, as it listens on loopback alone
     */
    DoorFilter(Optional<String> token) {
        this.token = token;
    }

    @Override
    public String description() {
        return "refuses pages of other sites, and guests without the token";
    }

    /** Whether a request comes from the network, not from this machine. */
    static boolean isGuest(HttpExchange exchange) {
        return !exchange.getRemoteAddress().getAddress().isLoopbackAddress();
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        String host = headers.getFirst("host");
        String origin = headers.getFirst("origin");
        boolean foreign =
                isGuest(exchange)
                        ? host == null || !NUMBER.matcher(host).matches()
                        : Door.isForeign(host, origin);
        if (foreign || (origin != null && !origin.equals("http://" + host))) {
            refuse(exchange, 403, "Another site", isGuest(exchange) ? FOREIGN : Door.FOREIGN);
        } else if (!isGuest(exchange) || hasCookie(headers)) {
            chain.doFilter(exchange);
        } else if (isToken(given(exchange))) {
            letIn(exchange);
        } else {
            refuse(exchange, 401, "No token", NO_TOKEN);
        }
    }

    private boolean hasCookie(Headers headers) {
        return headers.getOrDefault("cookie", List.of()).stream()
                .flatMap(line -> Stream.of(line.split(";")))
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(COOKIE + "="))
                .anyMatch(cookie -> isToken(cookie.substring(COOKIE.length() + 1)));
    }

    private boolean isToken(String text) {
        return token.filter(
                        right -> MessageDigest.isEqual(right.getBytes(UTF_8), text.getBytes(UTF_8)))
                .isPresent();
    }

    /** The token in the address that a browser opens. */
    private static String given(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("GET")
                ? parameters(exchange)
                        .filter(parameter -> parameter.startsWith(PARAMETER))
                        .map(parameter -> parameter.substring(PARAMETER.length()))
                        .findFirst()
                        .orElse("")
                : "";
    }

    private static Stream<String> parameters(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return query == null ? Stream.empty() : Arrays.stream(query.split("&"));
    }

    /** Gives the cookie, and the address without the token. */
    private static void letIn(HttpExchange exchange) throws IOException {
        String rest =
                parameters(exchange)
                        .filter(parameter -> !parameter.startsWith(PARAMETER))
                        .collect(Collectors.joining("&"));
        // two slashes at the start would name another machine
        String path = "/" + exchange.getRequestURI().getRawPath().replaceFirst("^/+", "");
        Headers answer = exchange.getResponseHeaders();
        answer.set("location", rest.isEmpty() ? path : path + "?" + rest);
        answer.set("cache-control", "no-store");
        answer.set("referrer-policy", "no-referrer");
        answer.set(
                "set-cookie",
                "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict"
                        .formatted(COOKIE, given(exchange), KEPT_SECONDS));
        exchange.sendResponseHeaders(303, -1);
        exchange.close();
    }

    /** Programs get a problem document, people a sentence; before the body is read. */
    private static void refuse(HttpExchange exchange, int status, String title, String sentence)
            throws IOException {
        String accept = exchange.getRequestHeaders().getFirst("accept");
        boolean program = status != 401 || accept != null && accept.contains("json");
        byte[] text =
                (program
                                ? "{\"type\": \"about:blank\", \"title\": \"%s\", \"status\": %d, \"detail\": \"%s\"}%n"
                                        .formatted(title, status, sentence)
                                : sentence + "\n")
                        .getBytes(UTF_8);
        Headers answer = exchange.getResponseHeaders();
        answer.set(
                "content-type", program ? "application/problem+json" : "text/plain; charset=utf-8");
        answer.set("cache-control", "no-store");
        try (exchange) {
            exchange.sendResponseHeaders(status, text.length);
            exchange.getResponseBody().write(text);
            exchange.getResponseBody().flush(); // before the rest of the request is read
        }
    }
}
