package dev.graft.system;

import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;

/**
 * What Cognito is to the page: an OAuth 2.0 server that signs in one person at once, under the
 * paths that a domain of Cognito has.
 */
final class LoginServer implements AutoCloseable {
    static final String CLIENT = "page";
    static final String PROGRAMS = "programs";
    static final String EMAIL = "ann@example.org";
    private static final String ISSUER = "oauth2";

    private static final String CONFIG =
            """
            {"tokenCallbacks": [{"issuerId": "oauth2", "requestMappings": [{
              "requestParam": "client_id", "match": "page",
              "claims": {"sub": "7f", "username": "7f", "email": "ann@example.org",
                         "client_id": "page", "scope": "openid email graft/read graft/write"}}, {
              "requestParam": "grant_type", "match": "client_credentials",
              "claims": {"client_id": "programs", "scope": "graft/classify"}}]}]}
            """;

    private final MockOAuth2Server mock =
            new MockOAuth2Server(OAuth2Config.Companion.fromJson(CONFIG));
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer front;

    LoginServer() throws IOException {
        InetAddress here = InetAddress.getByName("127.0.0.1");
        mock.start(here, 0);
        front = HttpServer.create(new InetSocketAddress(here, 0), 0);
        front.setExecutor(workers);
        front.createContext("/oauth2/", this::forward);
        front.createContext("/logout", LoginServer::logout);
        front.start();
    }

    MockOAuth2Server mock() {
        return mock;
    }

    /** Where people sign in. */
    String domain() {
        return "http://127.0.0.1:" + front.getAddress().getPort();
    }

    String issuer() {
        return mock.issuerUrl(ISSUER).toString();
    }

    JWKSet keys() {
        return mock.getConfig().getTokenProvider().publicJwkSet(ISSUER);
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = exchange.getRequestURI().toString().replace("userInfo", "userinfo");
            byte[] body = exchange.getRequestBody().readAllBytes();
            var request =
                    HttpRequest.newBuilder(URI.create(mock.baseUrl().resolve(target).toString()))
                            .method(
                                    exchange.getRequestMethod(),
                                    HttpRequest.BodyPublishers.ofByteArray(body));
            for (String name : List.of("origin", "content-type", "authorization")) {
                String value = exchange.getRequestHeaders().getFirst(name);
                if (value != null) {
                    request.header(name, value);
                }
            }
            var response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            response.headers()
                    .map()
                    .forEach(
                            (name, values) -> {
                                if (!name.matches(":.*|(?i)content-length|transfer-encoding")) {
                                    exchange.getResponseHeaders().put(name, values);
                                }
                            });
            int length = response.body().length;
            exchange.sendResponseHeaders(response.statusCode(), length == 0 ? -1 : length);
            exchange.getResponseBody().write(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As Cognito, which has this beside OAuth. */
    private static void logout(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getRawQuery();
            String back = query.replaceAll(".*logout_uri=([^&]*).*", "$1");
            exchange.getResponseHeaders()
                    .set("location", URLDecoder.decode(back, StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(query.contains("client_id=" + CLIENT) ? 302 : 400, -1);
        }
    }

    @Override
    public void close() {
        front.stop(0);
        workers.shutdownNow();
        client.shutdownNow();
        mock.shutdown();
    }
}
