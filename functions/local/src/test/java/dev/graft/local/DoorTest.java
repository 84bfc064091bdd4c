package dev.graft.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.aws.Aws;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody but this machine's own pages and programs comes in. */
class DoorTest {
    private static EmbeddedCloud cloud;
    private static Aws aws;
    private static String bucket;

    @BeforeAll
    static void start() {
        cloud = EmbeddedCloud.inMemory(event -> {});
        aws = new Aws(cloud.environment());
        bucket = cloud.environment().get("IMAGES_BUCKET");
    }

    @AfterAll
    static void stop() {
        aws.close();
        cloud.close();
    }

    /** The answer comes though the body does not. */
    @ParameterizedTest
    @CsvSource({
        "S3, evil.example, ",
        "S3, evil.example:80, ",
        "S3, 127.0.0.1.evil.example, ",
        "S3, localhost, http://evil.example",
        "S3, localhost, null",
        "S3, localhost, https://localhost",
        "S3, localhost, http://localhost.evil.example",
        "DYNAMODB, evil.example, ",
        "DYNAMODB, localhost, http://evil.example",
        "DYNAMODB, localhost, "
    })
    void refusesAPageOfAnotherSiteBeforeTheBody(String service, String host, String origin)
            throws IOException {
        String path = URI.create(aws.links(bucket).toWrite("images/a.jpg")).getRawPath();
        String request =
                "POST %s HTTP/1.1\nHost: %s\n%sContent-Type: multipart/form-data\nContent-Length: 99\n\n"
                        .formatted(path, host, origin == null ? "" : "Origin: " + origin + "\n");
        String answer = answer(service, request);
        assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
    }

    /** The page may be open under either name of this machine. */
    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8080", "http://localhost:8080", "http://localhost"})
    void aPageOfThisMachineMayUpload(String origin) throws IOException {
        URI link = URI.create(aws.links(bucket).toWrite("images/a.jpg"));
        String target = link.getRawPath() + "?" + link.getRawQuery();
        String asked =
                answer(
                        "S3",
                        """
                        OPTIONS %s HTTP/1.1
                        Host: %s
                        Origin: %s
                        Access-Control-Request-Method: PUT
                        Access-Control-Request-Headers: content-type,x-amz-meta-label-damage

                        """
                                .formatted(target, link.getAuthority(), origin));
        assertTrue(asked.startsWith("HTTP/1.1 200"), asked);
        assertTrue(asked.contains("Access-Control-Allow-Origin: " + origin), asked);
        assertTrue(
                asked.matches(
                        "(?is).*Access-Control-Allow-Headers: (\\*|.*x-amz-meta-label-damage).*"),
                asked);
        String put =
                answer(
                        "S3",
                        "PUT %s HTTP/1.1\nHost: %s\nOrigin: %s\nContent-Length: 3\n\nabc"
                                .formatted(target, link.getAuthority(), origin));
        assertTrue(put.startsWith("HTTP/1.1 200"), put);
    }

    /** DynamoDB Local itself takes every key and checks no signature. */
    @Test
    void theTableIsForThoseWhoKnowTheKey() {
        Map<String, String> stranger = new HashMap<>(cloud.environment());
        stranger.put("AWS_ACCESS_KEY_ID", "graft");
        try (Aws other = new Aws(stranger)) {
            var table = other.featureStore(stranger.get("TABLE"));
            assertThrows(RuntimeException.class, () -> table.known("images/a.jpg"));
        }
        aws.featureStore(cloud.environment().get("TABLE")).known("images/a.jpg");
    }

    @ParameterizedTest
    @ValueSource(strings = {"images/../labels/x", "images/%2e%2e/labels/x", "images/a/.."})
    void noKeyLeavesItsFolder(String key) throws IOException {
        for (String method : List.of("PUT", "GET", "DELETE")) {
            String answer =
                    answer(
                            "S3",
                            "%s /%s/%s HTTP/1.1\nHost: localhost\nContent-Length: 0\n\n"
                                    .formatted(method, bucket, key));
            assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
        }
    }

    @Test
    void eachFolderHasASecretOfItsOwn(@TempDir Path first, @TempDir Path second)
            throws IOException {
        String secret = secret(first);
        assertEquals(40, secret.length());
        assertEquals(secret, secret(first), "as long as the folder lives");
        assertNotEquals(secret, secret(second));
        assertNotEquals(secret, cloud.environment().get("AWS_SECRET_ACCESS_KEY"));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(first.resolve("secret"))));
    }

    /** So a phone stays signed in. */
    @Test
    void theTokenOfGuestsLivesAsLongAsTheFolder(@TempDir Path folder) throws IOException {
        String token = DataFolder.token(folder);
        assertEquals(40, token.length());
        assertEquals(token, DataFolder.token(folder));
        assertNotEquals(token, secret(folder));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("token"))));
    }

    private static String secret(Path folder) {
        try (DataFolder data = new DataFolder(folder)) {
            return data.secret();
        }
    }

    /** Two processes on one folder. */
    @Test
    void aFolderInUseIsRefusedWithTheProcessThatHasIt(@TempDir Path folder) {
        try (DataFolder _ = new DataFolder(folder)) {
            var refused =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> EmbeddedCloud.in(folder, event -> {}));
            assertEquals(
                    "the data folder %s is in use by process %d: end that one first, or choose another folder with --data (Maven: -Ddata)"
                            .formatted(folder, ProcessHandle.current().pid()),
                    refused.getMessage());
        }
        new DataFolder(folder).close();
    }

    /** A full disk. */
    @Test
    void aFullDiskIsToldInASentence(@TempDir Path folder) throws IOException {
        try (EmbeddedCloud kept = EmbeddedCloud.in(folder, event -> {})) {
            URI endpoint = URI.create(kept.environment().get("AWS_ENDPOINT_URL_S3"));
            String answer =
                    answer(
                            endpoint,
                            "PUT /%s/images/a.jpg HTTP/1.1\nHost: localhost\nContent-Length: 9007199254740991\n\n"
                                    .formatted(bucket));
            assertTrue(answer.startsWith("HTTP/1.1 507"), answer);
            assertTrue(answer.contains("the disk of the data folder " + folder), answer);
        }
    }

    private static String answer(String service, String request) throws IOException {
        return answer(URI.create(cloud.environment().get("AWS_ENDPOINT_URL_" + service)), request);
    }

    /** The status line, the headers and what of the body comes with them. */
    private static String answer(URI endpoint, String request) throws IOException {
        try (Socket sender = new Socket(endpoint.getHost(), endpoint.getPort())) {
            sender.setSoTimeout(5_000);
            sender.getOutputStream().write(request.replace("\n", "\r\n").getBytes(US_ASCII));
            StringBuilder read = new StringBuilder();
            byte[] some = new byte[8192];
            while (read.indexOf("\r\n\r\n") < 0
                    || read.indexOf("Content-Length: 0") < 0
                            && read.indexOf("\r\n\r\n") == read.length() - 4) {
                int count = sender.getInputStream().read(some);
                if (count < 0) {
                    break;
                }
                read.append(new String(some, 0, count, UTF_8));
            }
            return read.toString();
        }
    }
}
