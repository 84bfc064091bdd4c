package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.aws.Aws;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** Object tags on the embedded S3 do as on Amazon's. */
class ObjectTagsTest {
    private static final String KEY = "images/red cat/a+b 猫.jpg";
    private static final RequestBody BODY = RequestBody.fromBytes(new byte[5]);
    private static final List<String> EVENTS = Collections.synchronizedList(new ArrayList<>());

    private static EmbeddedCloud cloud;
    private static Aws aws;
    private static S3Client s3;
    private static String images;

    @BeforeAll
    static void start() {
        cloud = EmbeddedCloud.inMemory(EVENTS::add);
        aws = new Aws(cloud.environment());
        s3 = aws.s3();
        images = cloud.environment().get("IMAGES_BUCKET");
    }

    @AfterAll
    static void stop() {
        aws.close();
        cloud.close();
    }

    @BeforeEach
    void uploadWithATag() {
        s3.putObject(b -> b.bucket(images).key(KEY).tagging("label=sea%2Bsky&who="), BODY);
        EVENTS.clear();
    }

    private static Map<String, String> tags(S3Client client, String key) {
        Map<String, String> tags = new TreeMap<>();
        client.getObjectTagging(b -> b.bucket(images).key(key))
                .tagSet()
                .forEach(tag -> tags.put(tag.key(), tag.value()));
        return tags;
    }

    private static void tag(S3Client client, String key, Map<String, String> values) {
        List<Tag> set =
                values.entrySet().stream()
                        .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                        .toList();
        client.putObjectTagging(b -> b.bucket(images).key(key).tagging(t -> t.tagSet(set)));
    }

    private static Optional<String> label(String key) {
        return aws.imageStore(images).read(key, 10).orElseThrow().tagLabel();
    }

    @Test
    void areSetWithTheUploadAndChangedAndTakenAwayLater() throws IOException {
        assertEquals(Map.of("label", "sea+sky", "who", ""), tags(s3, KEY));
        assertEquals(Optional.of("sea+sky"), label(KEY));
        assertEquals(2, s3.headObject(b -> b.bucket(images).key(KEY)).tagCount());
        tag(s3, KEY, Map.of("label", "chien été", "a:b/c=d@e", "x"));
        assertEquals(Map.of("label", "chien été", "a:b/c=d@e", "x"), tags(s3, KEY));
        assertEquals(Optional.of("chien été"), label(KEY));
        s3.deleteObjectTagging(b -> b.bucket(images).key(KEY));
        assertEquals(Map.of(), tags(s3, KEY));
        assertEquals(Optional.empty(), label(KEY));
        List<String> told = new ArrayList<>();
        for (String event : EVENTS) {
            var record = new ObjectMapper().readTree(event).at("/Records/0");
            told.add(record.path("eventName").asText());
            assertEquals(
                    "images/red+cat/a%2Bb+%E7%8C%AB.jpg", record.at("/s3/object/key").asText());
            assertTrue(record.at("/s3/object/sequencer").isMissingNode());
        }
        assertEquals(List.of("ObjectTagging:Put", "ObjectTagging:Delete"), told);
    }

    @Test
    void goWithTheObject() {
        s3.putObject(b -> b.bucket(images).key(KEY), BODY);
        assertEquals(Map.of(), tags(s3, KEY), "another object under the key");
        tag(s3, KEY, Map.of("label", "cat"));
        s3.deleteObject(b -> b.bucket(images).key(KEY));
        assertEquals(404, status(() -> tags(s3, KEY)));
        assertEquals(404, status(() -> tag(s3, KEY, Map.of("label", "cat"))));
        s3.putObject(b -> b.bucket(images).key(KEY), BODY);
        assertEquals(Map.of(), tags(s3, KEY));
    }

    @Test
    void areCopiedUnlessOthersAreGiven() {
        copy("images/copy.jpg", null, null);
        assertEquals("sea+sky", tags(s3, "images/copy.jpg").get("label"));
        copy("images/copy.jpg", TaggingDirective.REPLACE, "label=dog");
        assertEquals(Map.of("label", "dog"), tags(s3, "images/copy.jpg"));
        s3.copyObject(
                b ->
                        b.sourceBucket(images)
                                .sourceKey(KEY)
                                .destinationBucket(images)
                                .destinationKey("images/copy.jpg")
                                .metadata(Map.of("x", "y"))
                                .metadataDirective(MetadataDirective.REPLACE));
        assertEquals("sea+sky", tags(s3, "images/copy.jpg").get("label"));
    }

    private static void copy(String to, TaggingDirective directive, String tags) {
        s3.copyObject(
                b ->
                        b.sourceBucket(images)
                                .sourceKey(KEY)
                                .destinationBucket(images)
                                .destinationKey(to)
                                .taggingDirective(directive)
                                .tagging(tags));
    }

    @Test
    void areRefusedBeyondTheLimitsOfS3() {
        Map<String, String> most = new HashMap<>();
        IntStream.range(0, 9).forEach(i -> most.put("k" + i, "v"));
        most.put("k".repeat(128), "v".repeat(256));
        tag(s3, KEY, most);
        List<Map<String, String>> wrong = new ArrayList<>();
        wrong.add(new HashMap<>(most));
        wrong.getFirst().put("eleventh", "");
        wrong.add(Map.of("k".repeat(129), ""));
        wrong.add(Map.of("k", "v".repeat(257)));
        wrong.add(Map.of("", "v"));
        wrong.add(Map.of("aws:label", "v"));
        wrong.add(Map.of("label", "<b>"));
        for (Map<String, String> tags : wrong) {
            S3Exception refused = assertThrows(S3Exception.class, () -> tag(s3, KEY, tags));
            assertEquals(400, refused.statusCode());
            assertEquals("InvalidTag", refused.awsErrorDetails().errorCode());
        }
        for (String header : List.of("a=1&a=2", "a=%3Cb%3E", "a=%zz")) {
            assertEquals(
                    400,
                    status(
                            () ->
                                    s3.putObject(
                                            b -> b.bucket(images).key(KEY).tagging(header), BODY)));
        }
        assertEquals(most, tags(s3, KEY), "nothing was changed");
        assertEquals(
                501,
                status(
                        () ->
                                s3.createMultipartUpload(
                                        b -> b.bucket(images).key(KEY).tagging("a=b"))));
    }

    @Test
    void areForWhoeverHasTheSecret() throws Exception {
        Map<String, String> environment = new HashMap<>(cloud.environment());
        environment.put("AWS_SECRET_ACCESS_KEY", "another");
        try (Aws other = new Aws(environment)) {
            S3Client stranger = other.s3();
            List<Executable> calls =
                    List.of(
                            () -> tags(stranger, KEY),
                            () -> tag(stranger, KEY, Map.of("label", "cat")),
                            () -> stranger.deleteObjectTagging(b -> b.bucket(images).key(KEY)),
                            () ->
                                    stranger.putObject(
                                            b -> b.bucket(images).key(KEY).tagging("label=cat"),
                                            BODY));
            for (Executable call : calls) {
                assertEquals(403, status(call));
            }
        }
        Instant now = Instant.now();
        for (String method : List.of("GET", "PUT", "DELETE")) {
            assertEquals(403, send(unsigned(method)), method);
            assertEquals(403, send(signed(method, now.minus(Duration.ofMinutes(20)))), method);
        }
        assertEquals(200, send(signed("GET", now)));
        assertEquals(400, send(signed("PUT", now)), "no Tagging in the body");
        assertEquals(501, send(signed("POST", now)));
        SdkHttpRequest tampered =
                signed("DELETE", now).toBuilder().method(SdkHttpMethod.GET).build();
        assertEquals(403, send(tampered));
        SdkHttpRequest added =
                SdkHttpRequest.builder()
                        .uri(URI.create(aws.links(images).toWrite(KEY)))
                        .method(SdkHttpMethod.PUT)
                        .appendHeader("x-amz-tagging", "label=cat")
                        .build();
        assertEquals(403, send(added), "tags that nobody signed");
        assertEquals(Map.of("label", "sea+sky", "who", ""), tags(s3, KEY));
        assertEquals(List.of(), EVENTS);
    }

    private static SdkHttpRequest unsigned(String method) {
        return SdkHttpRequest.builder()
                .uri(URI.create(cloud.environment().get("AWS_ENDPOINT_URL_S3")))
                .encodedPath("/" + images + "/images/red%20cat/a%2Bb%20%E7%8C%AB.jpg")
                .appendRawQueryParameter("tagging", "")
                .method(SdkHttpMethod.fromValue(method))
                .build();
    }

    private static SdkHttpRequest signed(String method, Instant time) {
        var who =
                AwsCredentialsIdentity.create(
                        cloud.environment().get("AWS_ACCESS_KEY_ID"),
                        cloud.environment().get("AWS_SECRET_ACCESS_KEY"));
        return AwsV4HttpSigner.create()
                .sign(
                        r ->
                                r.identity(who)
                                        .request(unsigned(method))
                                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                                        .putProperty(
                                                HttpSigner.SIGNING_CLOCK,
                                                Clock.fixed(time, ZoneOffset.UTC)))
                .request();
    }

    private static int send(SdkHttpRequest request) throws IOException, InterruptedException {
        var http =
                HttpRequest.newBuilder(request.getUri())
                        .method(request.method().name(), BodyPublishers.noBody());
        request.forEachHeader(
                (name, values) -> {
                    if (!name.equalsIgnoreCase("Host")) {
                        values.forEach(value -> http.header(name, value));
                    }
                });
        return HttpClient.newHttpClient()
                .send(http.build(), BodyHandlers.discarding())
                .statusCode();
    }

    private static int status(Executable call) {
        return assertThrows(S3Exception.class, call).statusCode();
    }

    @Test
    void areThereInALaterRun(@TempDir Path folder) {
        for (int run = 0; run < 2; run++) {
            try (EmbeddedCloud kept = EmbeddedCloud.in(folder, event -> {});
                    Aws client = new Aws(kept.environment())) {
                if (run == 0) {
                    client.s3()
                            .putObject(b -> b.bucket(images).key(KEY).tagging("label=cat"), BODY);
                } else {
                    assertEquals(Map.of("label", "cat"), tags(client.s3(), KEY));
                }
            }
        }
    }
}
