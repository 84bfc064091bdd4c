package dev.graft.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.feature.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The lines for signed requests that the README of the API has, as written, with the curl of this
 * machine: each is sent to a server that checks signatures as API Gateway does, and what it
 * redirects to is a server that refuses headers as S3 does. Source: AWS General Reference, "Create
 * a signed AWS API request".
 */
class SignedRequestsTest {
    private static final String ID = "AKIDEXAMPLE";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE//token==";
    private static final Pattern AUTHORIZATION =
            Pattern.compile(
                    "AWS4-HMAC-SHA256 Credential=(\\S+), *SignedHeaders=(\\S+), *Signature=(\\w{64})");

    private final List<String> api = new java.util.ArrayList<>();
    private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
    private HttpServer gateway;
    private HttpServer s3;

    @TempDir private Path folder;

    @BeforeEach
    void start() throws IOException {
        s3 = server(this::object);
        gateway = server(this::route);
    }

    @AfterEach
    void stop() {
        gateway.stop(0);
        s3.stop(0);
    }

    private static HttpServer server(com.sun.net.httpserver.HttpHandler handler)
            throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", handler);
        server.start();
        return server;
    }

    @Test
    void theLinesOfTheReadmeAreSignedAsAFunctionUrlWantsThem() throws Exception {
        run(Map.of());
    }

    @Test
    void theyAreWithTemporaryCredentialsToo() throws Exception {
        run(Map.of("AWS_SESSION_TOKEN", TOKEN));
    }

    /** So that a test of a test does not pass whatever it is sent. */
    @Test
    void aLineWithASlashInTheQueryIsRefused() throws Exception {
        bash(
                readme().getFirst() + "\ngraft \"$URL/images/content?key=images/cat/1.jpg\"",
                Map.of());
        assertEquals(List.of("GET /images/content: another signature"), List.copyOf(refused));
    }

    private void run(Map<String, String> session) throws Exception {
        List<String> lines = readme();
        bash(String.join("\n", lines), session);
        assertEquals(List.of(), List.copyOf(refused));
        assertEquals(
                List.of(
                        "POST /classify",
                        "GET /images",
                        "PUT /images/label",
                        "GET /images/content",
                        "GET 1.jpg of S3"),
                api);
        assertEquals("a picture", Files.readString(folder.resolve("1.jpg")));
    }

    /** The lines of the section about signed requests. */
    private static List<String> readme() throws IOException {
        String text = Files.readString(Repository.file("functions/classifier/README.md"));
        int start = text.indexOf("## Signed requests");
        String section = text.substring(start, text.indexOf("\n## ", start));
        List<String> lines =
                section.lines().filter(line -> line.startsWith("    ")).map(String::strip).toList();
        assertTrue(lines.getFirst().startsWith("graft() {"), lines::toString);
        return lines;
    }

    private void bash(String lines, Map<String, String> session) throws Exception {
        Files.writeString(folder.resolve("photo.jpg"), "not looked at");
        var command = new ProcessBuilder("bash", "-ec", lines).directory(folder.toFile());
        command.environment().keySet().removeIf(name -> name.matches("AWS_.*|.*_proxy|.*_PROXY"));
        command.environment()
                .putAll(
                        Map.of(
                                "AWS_ACCESS_KEY_ID",
                                ID,
                                "AWS_SECRET_ACCESS_KEY",
                                SECRET,
                                "AWS_REGION",
                                "eu-west-1",
                                "URL",
                                url(gateway)));
        command.environment().putAll(session);
        Process process = command.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), said);
        assertEquals(0, process.exitValue(), said);
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void route(HttpExchange call) throws IOException {
        byte[] body = call.getRequestBody().readAllBytes();
        String route = call.getRequestMethod() + " " + call.getRequestURI().getPath();
        String wrong = wrong(call, body);
        if (!wrong.isEmpty()) {
            refused.add(route + ": " + wrong);
            respond(call, 403, wrong);
            return;
        }
        api.add(route);
        if (route.equals("GET /images/content")) {
            call.getResponseHeaders().add("location", url(s3) + "/1.jpg?X-Amz-Signature=0");
            respond(call, 302, "");
            return;
        }
        respond(call, 200, "{}");
    }

    /** S3 refuses a signed link with another login, and with headers that were not signed. */
    private void object(HttpExchange call) throws IOException {
        List<String> unsigned =
                call.getRequestHeaders().keySet().stream()
                        .filter(name -> name.matches("(?i)authorization|x-amz-.*"))
                        .toList();
        if (!unsigned.isEmpty()) {
            refused.add("S3: " + unsigned);
            respond(call, 403, "");
            return;
        }
        api.add(call.getRequestMethod() + " 1.jpg of S3");
        respond(call, 200, "a picture");
    }

    private static void respond(HttpExchange call, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        call.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }

    /** What is wrong with the signature of a request; empty text if nothing is. */
    private static String wrong(HttpExchange call, byte[] body) {
        var headers = call.getRequestHeaders();
        Matcher found = AUTHORIZATION.matcher(String.valueOf(headers.getFirst("authorization")));
        if (!found.matches()) {
            return "no signature in " + headers.get("authorization");
        }
        List<String> signed = List.of(found.group(2).split(";"));
        for (String name : headers.keySet()) {
            if (name.toLowerCase(Locale.ROOT).startsWith("x-amz-")
                    && !signed.contains(name.toLowerCase(Locale.ROOT))) {
                return name + " is not signed";
            }
        }
        String time = String.valueOf(headers.getFirst("x-amz-date"));
        String scope = time.substring(0, 8) + "/eu-west-1/lambda/aws4_request";
        if (!found.group(1).equals(ID + "/" + scope)) {
            return "credential " + found.group(1) + ", expected " + scope;
        }
        String canonical =
                Stream.concat(
                                Stream.of(
                                        call.getRequestMethod(),
                                        call.getRequestURI().getRawPath(),
                                        query(call.getRequestURI().getRawQuery())),
                                Stream.concat(
                                        signed.stream().map(name -> name + ":" + value(call, name)),
                                        Stream.of("", found.group(2), Sha256.of(body))))
                        .collect(Collectors.joining("\n"));
        String toSign =
                String.join(
                        "\n",
                        "AWS4-HMAC-SHA256",
                        time,
                        scope,
                        Sha256.of(canonical.getBytes(UTF_8)));
        byte[] key = ("AWS4" + SECRET).getBytes(UTF_8);
        for (String part : scope.split("/")) {
            key = hmac(key, part);
        }
        boolean same = HexFormat.of().formatHex(hmac(key, toSign)).equals(found.group(3));
        return same ? "" : "another signature";
    }

    private static String value(HttpExchange call, String name) {
        return String.join(",", call.getRequestHeaders().get(name)).strip();
    }

    /** Sorted, every value encoded but for letters, digits and the marks of RFC 3986. */
    private static String query(String raw) {
        return raw == null
                ? ""
                : Arrays.stream(raw.split("&"))
                        .map(
                                pair ->
                                        Arrays.stream((pair + "= ").split("=", -1))
                                                .limit(2)
                                                .map(String::strip)
                                                .map(part -> URLDecoder.decode(part, UTF_8))
                                                .map(part -> URLEncoder.encode(part, UTF_8))
                                                .map(
                                                        part ->
                                                                part.replace("+", "%20")
                                                                        .replace("*", "%2A")
                                                                        .replace("%7E", "~"))
                                                .collect(Collectors.joining("=")))
                        .sorted()
                        .collect(Collectors.joining("&"));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
