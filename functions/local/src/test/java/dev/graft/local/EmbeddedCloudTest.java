package dev.graft.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.aws.Aws;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.SetLabels;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

class EmbeddedCloudTest {
    private static final String ODD_KEY = "images/red cat/a+b 猫.jpg";
    private static final String ODD_KEY_ENCODED = "images/red+cat/a%2Bb+%E7%8C%AB.jpg";

    private static final List<String> EVENTS = Collections.synchronizedList(new ArrayList<>());
    private static EmbeddedCloud cloud;
    private static Aws aws;
    private static String images;

    @BeforeAll
    static void start() {
        cloud = EmbeddedCloud.inMemory(EVENTS::add);
        aws = new Aws(cloud.environment());
        images = cloud.environment().get("IMAGES_BUCKET");
    }

    @AfterAll
    static void stop() {
        aws.close();
        cloud.close();
    }

    @BeforeEach
    void forget() {
        EVENTS.clear();
    }

    @Test
    void tellsEachUpload() {
        put(images, ODD_KEY, new byte[5]);
        JsonNode event = onlyEvent();
        assertEquals("ObjectCreated:Put", event.path("eventName").asText());
        assertEquals("aws:s3", event.path("eventSource").asText());
        assertEquals(images, event.at("/s3/bucket/name").asText());
        assertEquals(ODD_KEY_ENCODED, event.at("/s3/object/key").asText());
        assertEquals(5, event.at("/s3/object/size").asInt());
        assertEquals(
                aws.s3().headObject(b -> b.bucket(images).key(ODD_KEY)).eTag(),
                '"' + event.at("/s3/object/eTag").asText() + '"');
    }

    @Test
    void keysThatAreNoPathsOfFilesAreRefusedAndTheOthersAreKept(@TempDir Path folder) {
        try (var kept = EmbeddedCloud.in(folder, event -> {});
                Aws client = new Aws(kept.environment())) {
            S3Client s3 = client.s3();
            var body = RequestBody.fromBytes(new byte[5]);
            var taken =
                    List.of(
                            "images/",
                            "images/cat/",
                            "images/cat/a.jpg",
                            "images/a//b.jpg",
                            "images/x");
            for (String key : taken) {
                s3.putObject(b -> b.bucket(images).key(key), body);
                s3.headObject(b -> b.bucket(images).key(key));
            }
            for (String key :
                    List.of(
                            "images/cat/../a.jpg",
                            "images/../labels/a.csv",
                            "images/./a.jpg",
                            "images/..",
                            "images/x/a.jpg", // inside a file
                            "images/cat", // a folder
                            "images/\u0001.jpg",
                            "images/" + "x".repeat(256))) {
                var e =
                        assertThrows(
                                S3Exception.class,
                                () -> s3.putObject(b -> b.bucket(images).key(key), body),
                                key);
                assertEquals(400, e.statusCode(), key);
                assertTrue(
                        e.getMessage().matches("(?s).*(choose another key|S3 takes no key).*"),
                        e::getMessage);
            }
            var listed = s3.listObjectsV2(b -> b.bucket(images)).contents();
            assertTrue(
                    listed.stream()
                            .map(S3Object::key)
                            .toList()
                            .containsAll(List.of("images/cat/a.jpg", "images/x")),
                    listed::toString);
        }
    }

    @Test
    void tellsEachCopy() {
        put(images, "images/a.jpg", new byte[5]);
        EVENTS.clear();
        aws.s3()
                .copyObject(
                        b ->
                                b.sourceBucket(images)
                                        .sourceKey("images/a.jpg")
                                        .destinationBucket(images)
                                        .destinationKey(ODD_KEY));
        JsonNode event = onlyEvent();
        assertEquals("ObjectCreated:Copy", event.path("eventName").asText());
        assertEquals(ODD_KEY_ENCODED, event.at("/s3/object/key").asText());
    }

    @Test
    void tellsEachMultipartUploadWhenItIsComplete() {
        S3Client s3 = aws.s3();
        String id = s3.createMultipartUpload(b -> b.bucket(images).key(ODD_KEY)).uploadId();
        var etag =
                s3.uploadPart(
                                b -> b.bucket(images).key(ODD_KEY).uploadId(id).partNumber(1),
                                RequestBody.fromBytes(new byte[77]))
                        .eTag();
        assertEquals(List.of(), EVENTS);
        var part = CompletedPart.builder().partNumber(1).eTag(etag).build();
        s3.completeMultipartUpload(
                b ->
                        b.bucket(images)
                                .key(ODD_KEY)
                                .uploadId(id)
                                .multipartUpload(m -> m.parts(part)));
        JsonNode event = onlyEvent();
        assertEquals("ObjectCreated:CompleteMultipartUpload", event.path("eventName").asText());
        assertEquals(77, event.at("/s3/object/size").asInt());
    }

    @Test
    void tellsEachRemovalAlsoOfManyAtOnce() {
        put(images, ODD_KEY, new byte[5]);
        put(images, "images/b.jpg", new byte[5]);
        put(images, "images/c.jpg", new byte[5]);
        EVENTS.clear();
        aws.s3().deleteObject(b -> b.bucket(images).key(ODD_KEY));
        JsonNode event = onlyEvent();
        assertEquals("ObjectRemoved:Delete", event.path("eventName").asText());
        assertEquals(ODD_KEY_ENCODED, event.at("/s3/object/key").asText());
        EVENTS.clear();
        var both =
                List.of(
                        ObjectIdentifier.builder().key("images/b.jpg").build(),
                        ObjectIdentifier.builder().key("images/c.jpg").build());
        aws.s3().deleteObjects(b -> b.bucket(images).delete(d -> d.objects(both)));
        assertEquals(2, changes().size(), EVENTS::toString);
    }

    @Test
    void sequencersRise() {
        put(images, "images/a.jpg", new byte[1]);
        put(images, "images/a.jpg", new byte[2]);
        String first = event(EVENTS.get(0)).at("/s3/object/sequencer").asText();
        String second = event(EVENTS.get(1)).at("/s3/object/sequencer").asText();
        assertEquals(16, first.length());
        assertTrue(first.compareTo(second) < 0, first + " " + second);
    }

    @Test
    void keepsQuietAboutOtherBucketsAndRefusedWrites() {
        put(cloud.environment().get("HEADS_BUCKET"), "heads/1/head.json", new byte[2]);
        put(images, "images/once.jpg", new byte[1]);
        EVENTS.clear();
        assertThrows(
                S3Exception.class,
                () ->
                        aws.s3()
                                .putObject(
                                        b ->
                                                b.bucket(images)
                                                        .key("images/once.jpg")
                                                        .ifNoneMatch("*"),
                                        RequestBody.fromBytes(new byte[2])));
        assertEquals(List.of(), EVENTS);
    }

    /** The last chunk of a signed upload came late and met a closed connection. */
    @Test
    void answersNoUploadBeforeItsEnd() throws IOException {
        URI link = URI.create(aws.links(images).toWrite("images/late.jpg"));
        try (Socket sender = new Socket(link.getHost(), link.getPort())) {
            send(
                    sender,
                    """
                    PUT %s?%s HTTP/1.1
                    Host: %s
                    Content-Length: 5
                    x-amz-decoded-content-length: 3

                    abc"""
                            .formatted(link.getRawPath(), link.getRawQuery(), link.getAuthority()));
            sender.setSoTimeout(200);
            assertThrows(SocketTimeoutException.class, () -> sender.getInputStream().read());
            sender.setSoTimeout(5_000);
            send(sender, "de");
            await("HTTP/1.1 200", sender);
            send(sender, "GET /healthz HTTP/1.1\nHost: localhost\n\n");
            await("HTTP/1.1 200", sender);
        }
    }

    @Test
    void refusesAnUploadWithoutBreakingItOff() throws IOException {
        URI link = URI.create(aws.links(images).toWrite("images/refused.jpg"));
        try (Socket sender = new Socket(link.getHost(), link.getPort())) {
            sender.setSoTimeout(5_000);
            send(
                    sender,
                    "PUT %s HTTP/1.1\nHost: localhost\nContent-Length: 5\n\nabc"
                            .formatted(link.getRawPath()));
            await("HTTP/1.1 403", sender);
            send(sender, "deGET /healthz HTTP/1.1\nHost: localhost\n\n");
            await("HTTP/1.1 200", sender);
        }
    }

    @Test
    void waitsForNoBodyThatItRefusedBeforehand() throws IOException {
        URI link = URI.create(aws.links(images).toWrite("images/refused.jpg"));
        try (Socket sender = new Socket(link.getHost(), link.getPort())) {
            sender.setSoTimeout(5_000);
            send(
                    sender,
                    "PUT %s HTTP/1.1\nHost: localhost\nContent-Length: 5\nExpect: 100-continue\n\n"
                            .formatted(link.getRawPath()));
            await("HTTP/1.1 403", sender);
            sender.getInputStream().readAllBytes();
        }
    }

    @Test
    void readsRanges() {
        put(images, "images/r.jpg", new byte[] {0, 1, 2, 3, 4});
        assertArrayEquals(
                new byte[] {1, 2},
                aws.s3()
                        .getObjectAsBytes(
                                b -> b.bucket(images).key("images/r.jpg").range("bytes=1-2"))
                        .asByteArray());
    }

    @Test
    void goesOnWithWhatAnEarlierRunLeft(@TempDir Path folder) {
        ImageFeature feature =
                new ImageFeature(
                        ODD_KEY,
                        SetLabels.of(Optional.empty()),
                        "b",
                        new byte[] {1, 2},
                        "00",
                        1,
                        1,
                        "1",
                        Instant.EPOCH,
                        "",
                        new byte[0]);
        String sequencer = "";
        for (int run = 0; run < 2; run++) {
            List<String> events = Collections.synchronizedList(new ArrayList<>());
            try (EmbeddedCloud kept = EmbeddedCloud.in(folder, events::add);
                    Aws client = new Aws(kept.environment())) {
                var table = client.featureStore(kept.environment().get("TABLE"));
                var store = client.imageStore(images);
                if (run == 0) {
                    table.put(feature);
                } else {
                    var image = store.read(ODD_KEY, 10).orElseThrow();
                    assertArrayEquals(new byte[5], image.bytes());
                    assertEquals(Optional.of("cat"), image.metadataLabel());
                    assertTrue(table.find(ODD_KEY, "b").isPresent());
                }
                client.s3()
                        .putObject(
                                b -> b.bucket(images).key(ODD_KEY).metadata(Map.of("label", "cat")),
                                RequestBody.fromBytes(new byte[5]));
                String next = event(events.get(0)).at("/s3/object/sequencer").asText();
                assertTrue(next.compareTo(sequencer) > 0, next + " after " + sequencer);
                sequencer = next;
            }
        }
    }

    @Test
    void startsInSeconds() {
        long start = System.nanoTime();
        EmbeddedCloud.inMemory(event -> {}).close();
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis < 10_000, "a second cloud took " + millis + " ms");
    }

    private static void put(String bucket, String key, byte[] bytes) {
        aws.s3().putObject(b -> b.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
    }

    private static void send(Socket sender, String text) throws IOException {
        sender.getOutputStream().write(text.replace("\n", "\r\n").getBytes(US_ASCII));
    }

    /** Reads until this was answered. */
    private static void await(String answer, Socket sender) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(answer) < 0) {
            int next = sender.getInputStream().read();
            assertTrue(next >= 0, () -> "closed after '" + read + "'");
            read.append((char) next);
        }
    }

    /** A client that lost an answer sends again, so one change may be told twice, as by S3. */
    private static JsonNode onlyEvent() {
        assertEquals(1, changes().size(), EVENTS::toString);
        return event(EVENTS.get(0));
    }

    private static Set<String> changes() {
        return EVENTS.stream()
                .map(EmbeddedCloudTest::event)
                .map(e -> e.path("eventName").asText() + " " + e.at("/s3/object/key").asText())
                .collect(Collectors.toSet());
    }

    private static JsonNode event(String json) {
        try {
            JsonNode records = new ObjectMapper().readTree(json).path("Records");
            assertEquals(1, records.size());
            return records.get(0);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }
}
