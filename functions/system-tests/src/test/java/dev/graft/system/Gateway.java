package dev.graft.system;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.classifier.ClassifierHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Does what API Gateway does with the routes and the authorizer of the template: a route is open or
 * wants a token, of which signature, issuer, client, times and scopes are checked (API Gateway
 * Developer Guide, "Control access to HTTP APIs with JWT authorizers"). What passes goes to the
 * handler with the claims and the stage variables.
 */
final class Gateway implements AutoCloseable {
    private final ClassifierHandler handler;
    private final LoginServer login;
    private final Template template = Template.read();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final Set<String> expired = ConcurrentHashMap.newKeySet();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    Gateway(ClassifierHandler handler, LoginServer login) throws IOException {
        this.handler = handler;
        this.login = login;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on every token that was used is over. */
    void expireAll() {
        expired.addAll(seen);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            var event = event(exchange, body);
            JsonNode route = route(exchange.getRequestMethod(), event.getRawPath());
            if (route.path("AuthorizationType").asText().equals("JWT")) {
                Optional<JWTClaimsSet> claims = claims(event.getHeaders().get("authorization"));
                if (claims.isEmpty()) {
                    refuse(exchange, 401, "Unauthorized");
                    return;
                }
                if (!hasScope(claims.get(), route.path("AuthorizationScopes"))) {
                    refuse(exchange, 403, "Forbidden");
                    return;
                }
                event.getRequestContext().setAuthorizer(authorizer(claims.get()));
            }
            var response = handler.handleRequest(event, SilentContext.of("classifier"));
            response.getHeaders().forEach(exchange.getResponseHeaders()::set);
            byte[] text = response.getBody().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(
                    response.getStatusCode(), text.length == 0 ? -1 : text.length);
            exchange.getResponseBody().write(text);
        }
    }

    private static void refuse(HttpExchange exchange, int status, String message)
            throws IOException {
        byte[] body = "{\"message\":\"%s\"}".formatted(message).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** The whole path goes before one with {proxy+}, and that before $default. */
    private JsonNode route(String method, String path) {
        for (String key : List.of(method + " " + path, method + " /{proxy+}", "$default")) {
            for (JsonNode resource : template.resources().values()) {
                JsonNode route = resource.path("Properties");
                if (resource.path("Type").asText().equals("AWS::ApiGatewayV2::Route")
                        && route.path("RouteKey").asText().equals(key)) {
                    return route;
                }
            }
        }
        throw new IllegalStateException("the template has no $default");
    }

    /** Of a token that is valid. */
    private Optional<JWTClaimsSet> claims(String header) {
        try {
            SignedJWT token = SignedJWT.parse(header == null ? "" : header.replace("Bearer ", ""));
            JWK key = login.keys().getKeyByKeyId(token.getHeader().getKeyID());
            JWTClaimsSet claims = token.getJWTClaimsSet();
            Date now = new Date();
            seen.add(claims.getJWTID());
            var clients = new HashSet<String>(claims.getAudience());
            clients.add(claims.getStringClaim("client_id"));
            clients.retainAll(List.of(LoginServer.CLIENT, LoginServer.PROGRAMS));
            boolean valid =
                    key != null
                            && token.getHeader().getAlgorithm().equals(JWSAlgorithm.RS256)
                            && token.verify(new RSASSAVerifier(key.toRSAKey()))
                            && login.issuer().equals(claims.getIssuer())
                            && !clients.isEmpty()
                            && claims.getExpirationTime().after(now)
                            && !claims.getIssueTime().after(now)
                            && !expired.contains(claims.getJWTID());
            return valid ? Optional.of(claims) : Optional.empty();
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }

    private static boolean hasScope(JWTClaimsSet claims, JsonNode scopes) {
        var has = Arrays.asList(String.valueOf(claims.getClaim("scope")).split(" "));
        for (JsonNode scope : scopes) {
            if (has.contains(scope.asText().replace("${UserPoolScopes}", "graft"))) {
                return true;
            }
        }
        return false;
    }

    /** An access token of Cognito carries no e-mail. */
    private static RequestContext.Authorizer authorizer(JWTClaimsSet token) {
        Map<String, String> claims = new HashMap<>();
        token.getClaims().forEach((name, value) -> claims.put(name, String.valueOf(value)));
        claims.remove("email");
        var jwt = new RequestContext.Authorizer.JWT();
        jwt.setClaims(claims);
        var authorizer = new RequestContext.Authorizer();
        authorizer.setJwt(jwt);
        return authorizer;
    }

    private APIGatewayV2HTTPEvent event(HttpExchange exchange, byte[] body) {
        var uri = exchange.getRequestURI();
        var http = new RequestContext.Http();
        http.setMethod(exchange.getRequestMethod());
        var context = new RequestContext();
        context.setHttp(http);
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) ->
                                headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        var event = new APIGatewayV2HTTPEvent();
        event.setRequestContext(context);
        event.setRawPath(uri.getRawPath());
        event.setRawQueryString(uri.getRawQuery() == null ? "" : uri.getRawQuery());
        event.setHeaders(headers);
        event.setBody(Base64.getEncoder().encodeToString(body));
        event.setIsBase64Encoded(true);
        event.setStageVariables(
                Map.of("loginDomain", login.domain(), "loginClient", LoginServer.CLIENT));
        return event;
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
