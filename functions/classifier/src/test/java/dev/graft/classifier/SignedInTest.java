package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.sun.net.httpserver.HttpServer;
import java.awt.Color;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests as API Gateway and the function URL hand them on: who sent them, and what they may. */
class SignedInTest {
    private final TaughtStores stores = new TaughtStores();
    private final ClassifierHandler handler = TaughtStores.handler(stores.ports());
    private final List<String> asked = new ArrayList<>();
    private int status = 200;
    private HttpServer login;

    @BeforeEach
    void start() throws IOException {
        login = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        login.createContext(
                "/oauth2/userInfo",
                exchange -> {
                    asked.add(exchange.getRequestHeaders().getFirst("authorization"));
                    byte[] body =
                            "{\"email\": \"ann@example.org\"}".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        login.start();
    }

    @AfterEach
    void stop() {
        login.stop(0);
    }

    @Test
    void whatAPersonDoesIsKeptWithTheirEmailWhichTheLoginIsAskedForOnce() {
        String promote = "{\"version\": \"v2\"}";
        assertEquals(200, send("PUT", "/heads/latest", promote, person()).getStatusCode());
        String key = "{\"keys\": [\"" + TaughtStores.RED + "\"]}";
        assertEquals(200, send("POST", "/images/delete", key, person()).getStatusCode());
        String history = send("GET", "/history", "", person()).getBody();
        assertTrue(history.contains("\"by\":\"ann@example.org\",\"action\":\"promoted\""), history);
        assertTrue(history.contains("\"action\":\"deleted\",\"subject\":\"images/red"), history);
        String label = "{\"label\": \"blue\"}";
        send("PUT", "/images/label", label, person());
        assertEquals(List.of("Bearer t"), asked);
    }

    @Test
    void nothingIsLabelledByNobodyWhereTheLoginDoesNotTell() {
        status = 500;
        var event = event("PUT", "/images/label", "{\"label\": \"blue\"}");
        event.setRawQueryString("key=" + TaughtStores.RED);
        event.getRequestContext().setAuthorizer(token(person()));
        assertEquals(503, handler.handleRequest(event, new RecordedContext()).getStatusCode());
        assertEquals(1, stores.features.history(TaughtStores.RED).size(), "that of the folder");
    }

    @Test
    void clientsAndIdentitiesOfAwsAreKeptByTheirIds() {
        var client = Map.of("sub", "c1", "client_id", "c1", "scope", "graft/write");
        String body = "{\"version\": \"v2\"}";
        assertEquals(200, send("PUT", "/heads/latest", body, client).getStatusCode());
        var event = event("PUT", "/heads/latest", "{\"version\": \"v1\"}");
        var iam = new RequestContext.IAM();
        iam.setUserArn("arn:aws:iam::1:user/till");
        var by = new RequestContext.Authorizer();
        by.setIam(iam);
        event.getRequestContext().setAuthorizer(by);
        event.setStageVariables(null); // a function URL has none
        assertEquals(200, handler.handleRequest(event, new RecordedContext()).getStatusCode());
        var acts = stores.history.latest(9).stream().map(act -> act.by()).sorted().toList();
        assertEquals(List.of("arn:aws:iam::1:user/till", "c1"), acts);
        assertEquals(List.of(), asked);
    }

    @Test
    void aTokenDoesWhatItsScopesSay() {
        var read = Map.of("sub", "c", "scope", "openid graft/read");
        assertEquals(200, send("GET", "/images", "", read).getStatusCode());
        assertForbidden(send("PUT", "/heads/latest", "{\"version\": \"v2\"}", read), "graft/write");
        var none = Map.of("sub", "c", "token_use", "id");
        assertForbidden(send("GET", "/status", "", none), "graft/read");
        assertEquals(200, send("GET", "/", "", none).getStatusCode());
    }

    @Test
    void whoMayOnlyClassifySeesNothingThatIsStored() {
        var till = Map.of("sub", "till", "scope", "graft/classify");
        byte[] picture = TaughtStores.png(Color.RED);
        assertEquals(200, classify(picture, "", till).getStatusCode());
        assertTrue(send("GET", "/classify", "", till).getBody().contains("[\"blue\",\"red\"]"));
        assertForbidden(classify(picture, "evidence=true", till), "without evidence");
        String key = "{\"key\": \"" + TaughtStores.RED + "\"}";
        assertForbidden(send("POST", "/classify", key, till), "send the bytes");
        assertForbidden(send("POST", "/similar", key, till), "graft/read");
        assertForbidden(send("GET", "/images", "", till), "graft/read");
        assertForbidden(send("POST", "/uploads", key, till), "graft/write");
    }

    @Test
    void aFileIsAnAddressForWhoAsksForJson() {
        var event = event("GET", "/export/labels.csv", "");
        event.setHeaders(Map.of("accept", "application/json"));
        var response = handler.handleRequest(event, new RecordedContext());
        assertEquals("application/json", response.getHeaders().get("content-type"));
        assertTrue(response.getBody().matches("\\{\"url\":\".*/results/export/labels.csv.*\"}"));
        event = event("GET", "/images/content", "");
        event.setRawQueryString("key=" + TaughtStores.RED);
        event.setHeaders(Map.of("accept", "application/json"));
        response = handler.handleRequest(event, new RecordedContext());
        assertTrue(response.getBody().contains("\"url\":\""), response.getBody());
    }

    @Test
    void thePageKnowsWhereToSignInAndMayAskThere() {
        var response = send("GET", "/", "", Map.of());
        String origin = "http://127.0.0.1:" + login.getAddress().getPort();
        assertTrue(response.getBody().contains("data-login-domain=\"" + origin + "\""));
        assertTrue(response.getBody().contains("data-login-client=\"page\""));
        String policy = response.getHeaders().get("content-security-policy");
        assertTrue(policy.matches(".*connect-src 'self' \\S+ " + origin + ";.*"), policy);
        var local = event("GET", "/", "");
        local.setStageVariables(null);
        response = handler.handleRequest(local, new RecordedContext());
        assertFalse(response.getBody().contains("data-login"), "nobody signs in here");
        policy = response.getHeaders().get("content-security-policy");
        assertTrue(policy.matches(".*connect-src 'self' \\S+;.*"), policy);
    }

    private static Map<String, String> person() {
        return Map.of("sub", "7", "username", "7", "scope", "openid graft/read graft/write");
    }

    private static void assertForbidden(APIGatewayV2HTTPResponse response, String why) {
        assertEquals(403, response.getStatusCode(), response.getBody());
        assertTrue(response.getBody().contains(why), response.getBody());
    }

    private APIGatewayV2HTTPResponse classify(
            byte[] picture, String query, Map<String, String> claims) {
        var event = event("POST", "/classify", "");
        event.setBody(Base64.getEncoder().encodeToString(picture));
        event.setIsBase64Encoded(true);
        event.setRawQueryString(query);
        event.getRequestContext().setAuthorizer(token(claims));
        return handler.handleRequest(event, new RecordedContext());
    }

    private APIGatewayV2HTTPResponse send(
            String method, String path, String body, Map<String, String> claims) {
        var event = event(method, path, body);
        event.getRequestContext().setAuthorizer(token(claims));
        return handler.handleRequest(event, new RecordedContext());
    }

    private static RequestContext.Authorizer token(Map<String, String> claims) {
        var jwt = new RequestContext.Authorizer.JWT();
        jwt.setClaims(claims);
        var by = new RequestContext.Authorizer();
        by.setJwt(jwt);
        return by;
    }

    private APIGatewayV2HTTPEvent event(String method, String path, String body) {
        var http = new RequestContext.Http();
        http.setMethod(method);
        var context = new RequestContext();
        context.setHttp(http);
        var event = new APIGatewayV2HTTPEvent();
        event.setRequestContext(context);
        event.setRawPath(path);
        event.setRawQueryString("");
        event.setBody(body);
        event.setHeaders(Map.of("authorization", "Bearer t"));
        event.setStageVariables(
                Map.of(
                        "loginDomain",
                        "http://127.0.0.1:" + login.getAddress().getPort(),
                        "loginClient",
                        "page"));
        return event;
    }
}
