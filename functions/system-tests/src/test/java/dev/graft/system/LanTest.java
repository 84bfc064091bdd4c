package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.backbone.Backbones;
import dev.graft.local.HttpEndpoint;
import dev.graft.local.LocalProduct;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guests from the local network come in by the token, and by nothing else. */
class LanTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef01234567";
    private static final Path PHOTO = Repository.file("functions/local/samples/gear/00.jpg");
    private static final String KEY = "images/gear/00.jpg";

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static LocalProduct product;
    private static HttpEndpoint endpoint;
    private static String machine;

    @BeforeAll
    static void start() {
        Optional<String> address = ownAddress();
        if (address.isEmpty()) {
            System.err.println("*** SKIPPED: guests from the network. This machine has none ***");
        }
        assumeTrue(address.isPresent(), "no network");
        product = new LocalProduct(Optional.empty(), Backbones.ofUser().resolve(""), Map.of());
        endpoint = product.serveNetwork(0, TOKEN);
        machine = address.get();
        product.put(KEY, PHOTO);
        Served.until(product::idle);
    }

    /** Of this machine in a network; empty where it is in none. */
    static Optional<String> ownAddress() {
        try {
            return addresses();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> addresses() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(one -> one instanceof Inet4Address && !one.isLoopbackAddress())
                .filter(one -> !one.isLinkLocalAddress())
                .map(one -> one.getHostAddress())
                .findFirst();
    }

    @AfterAll
    static void stop() {
        if (product != null) {
            endpoint.close();
            product.close();
        }
    }

    private static HttpRequest.Builder request(String path) {
        int port = URI.create(endpoint.url()).getPort();
        return HttpRequest.newBuilder(URI.create("http://" + machine + ":" + port + path));
    }

    private static HttpRequest.Builder signedIn(String path) {
        return request(path).header("cookie", "other=1; graft-token=" + TOKEN);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        assertEquals(200, response.statusCode(), response.body());
        return new ObjectMapper().readTree(response.body());
    }

    private static JsonNode image() throws Exception {
        return json(send(signedIn("/images"))).path("images").get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /",
        "GET, /labels",
        "GET, /openapi.json",
        "GET, /phone",
        "GET, /s3/graft-images/images/gear/00.jpg",
        "GET, /?token=0123456789abcdef0123456789abcdef01234568",
        "GET, /?token=",
        "POST, /classify",
        "POST, /classify?token=0123456789abcdef0123456789abcdef01234567",
        "PUT, /s3/graft-images/images/gear/00.jpg?X-Amz-Signature=a"
    })
    void whoHasNoTokenGetsASentence(String method, String path) throws Exception {
        var request = request(path).method(method, HttpRequest.BodyPublishers.noBody());
        for (String cookie : List.of("a=b", "graft-token=", "graft-token=" + TOKEN.substring(1))) {
            HttpResponse<String> response = send(request.setHeader("cookie", cookie));
            assertEquals(401, response.statusCode());
            assertTrue(response.body().startsWith("Graft on this machine"), response.body());
            assertFalse(response.body().contains(TOKEN));
        }
        HttpResponse<String> program = send(request.setHeader("accept", "application/json"));
        assertEquals(401, new ObjectMapper().readTree(program.body()).path("status").asInt());
    }

    @ParameterizedTest
    @CsvSource({
        "/?token=TOKEN, /",
        "/?a=b&token=TOKEN&c=d, /?a=b&c=d",
        "//evil.example/?token=TOKEN, /"
    })
    void theTokenInTheAddressBecomesACookie(String path, String clean) throws Exception {
        HttpResponse<String> response = send(request(path.replace("TOKEN", TOKEN)));
        assertEquals(303, response.statusCode());
        assertEquals(clean, response.headers().firstValue("location").orElse(""));
        String cookie = response.headers().firstValue("set-cookie").orElse("");
        assertTrue(cookie.startsWith("graft-token=" + TOKEN + ";"), cookie);
        assertTrue(cookie.contains("; HttpOnly; SameSite=Strict"), cookie);
    }

    @Test
    void aPictureComesByTheAddressThatThePhoneUses() throws Exception {
        for (String link : List.of("url", "thumbnail")) {
            String path = image().path(link).asText();
            assertTrue(path.startsWith("/s3/"), path);
            HttpResponse<byte[]> picture =
                    CLIENT.send(signedIn(path).build(), BodyHandlers.ofByteArray());
            assertEquals(200, picture.statusCode());
            assertEquals(
                    Optional.of("default-src 'none'; sandbox"),
                    picture.headers().firstValue("content-security-policy"));
            assertTrue(picture.body().length > 500, "the whole picture");
            assertEquals(401, send(request(path)).statusCode(), "without the token");
            String other = path.replace("X-Amz-Signature=", "X-Amz-Signature=0");
            assertEquals(403, send(signedIn(other)).statusCode(), "S3 checks the signature");
        }
        HttpResponse<String> led = send(signedIn("/images/content?key=" + KEY));
        assertTrue(led.headers().firstValue("location").orElse("").startsWith("/s3/"));
    }

    @Test
    void aPictureIsAdded() throws Exception {
        String wanted = "{\"key\": \"images/gear/new.jpg\", \"label\": \"Zahnräder\"}";
        var asked = HttpRequest.BodyPublishers.ofString(wanted);
        JsonNode given = json(send(signedIn("/uploads").POST(asked)));
        String link = given.path("url").asText();
        String metadata = "x-amz-meta-label";
        String label = given.path("headers").path(metadata).asText();
        byte[] bytes = Files.readAllBytes(PHOTO);
        var body = HttpRequest.BodyPublishers.ofByteArray(bytes);
        assertEquals(403, send(signedIn(link).PUT(body)).statusCode(), "without the label");
        HttpRequest.Builder put = signedIn(link).header(metadata, label).PUT(body);
        assertEquals(200, send(put).statusCode());
        var ofAnyLength =
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
        assertEquals(
                411, send(signedIn(link).PUT(ofAnyLength)).statusCode(), "never an empty object");
        ApiDocument api = new ApiDocument(endpoint.url());
        Served.until(
                () -> SetCalls.label(api, "default", "images/gear/new.jpg").equals("Zahnräder"));
    }

    @Test
    void pagesOfOtherSitesAreRefusedEvenWithTheCookie() throws Exception {
        assertEquals(
                403,
                send(signedIn("/labels").header("origin", "http://evil.example")).statusCode());
        assertEquals(403, send(signedIn("/labels").header("origin", "null")).statusCode());
        URI url = URI.create(endpoint.url());
        try (Socket socket = new Socket(machine, url.getPort())) {
            String request =
                    "GET /labels HTTP/1.1\r\nHost: evil.example:%d\r\nCookie: graft-token=%s\r\n\r\n"
                            .formatted(url.getPort(), TOKEN);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String answer =
                    new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
            assertEquals("HTTP/1.1 403", answer, "a name that means this machine");
        }
    }

    @Test
    void nothingElseListensOnTheNetwork() {
        for (String service : List.of("S3", "DYNAMODB")) {
            URI inside = URI.create(product.environment().get("AWS_ENDPOINT_URL_" + service));
            assertEquals("127.0.0.1", inside.getHost());
            assertThrows(
                    ConnectException.class, () -> new Socket(machine, inside.getPort()).close());
        }
    }

    /** Without a token, and with links as ever. */
    @Test
    void onThisMachineAllIsAsBefore() throws Exception {
        HttpResponse<String> here =
                send(HttpRequest.newBuilder(URI.create(endpoint.url() + "/images")));
        String link = json(here).path("images").get(0).path("url").asText();
        assertTrue(link.startsWith(product.environment().get("AWS_ENDPOINT_URL_S3")), link);
        JsonNode phone = json(send(HttpRequest.newBuilder(URI.create(endpoint.url() + "/phone"))));
        String address = request("/?token=" + TOKEN).build().uri().toString();
        assertTrue(phone.path("addresses").toString().contains(address), phone::toString);
        assertEquals(404, send(signedIn("/phone")).statusCode(), "a guest lets nobody in");
    }
}
