package dev.graft.featurizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageStore;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.StoreException;
import dev.graft.ingest.FollowedBucket;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.MeanBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The events of {@code events/} on stores in memory. */
class FeaturizerHandlerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z"));
    private static final String FELIX = "images/cat/felix.jpg";

    private final InMemoryImageStore bucket = new InMemoryImageStore();
    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final StringBuilder log = new StringBuilder();

    private List<String> handle(String event) throws IOException {
        return handle(bucket, read(event));
    }

    @SuppressWarnings("unchecked") // none of these events comes by a queue
    private List<String> handle(ImageStore store, String event) throws IOException {
        var handler =
                new FeaturizerHandler(
                        TestWiring.of(store, features, new MeanBackbone(), 1 << 20, CLOCK));
        return (List<String>)
                handler.handleRequest(
                        JSON.readValue(event, new TypeReference<>() {}), RecordedContext.of(log));
    }

    private static String read(String event) throws IOException {
        return Files.readString(Path.of("../../events/" + event + ".json"));
    }

    private Optional<ImageFeature> find(String key) {
        return features.find(key, new MeanBackbone().id());
    }

    @Test
    void anImageBecomesAFeature() throws IOException {
        bucket.put(FELIX, TestWiring.jpeg(9));
        assertEquals(List.of("FEATURIZED"), handle("put"));
        assertEquals(
                Optional.of(new Label("cat", LabelSource.FOLDER)),
                find(FELIX).orElseThrow().label());
        assertTrue(log.toString().contains("\"ImagesFeaturized\":1"), log.toString());
    }

    @Test
    void aKeyIsDecoded() throws IOException {
        String key = "images/red cat/a+b 猫.jpg";
        bucket.put(key, TestWiring.jpeg(9));
        assertEquals(List.of("FEATURIZED"), handle("put-odd-key"));
        assertTrue(find(key).isPresent());
    }

    /** EventBridge does not encode keys, and tells of expirations as of deletions. */
    @Test
    void eventsOfEventBridgeAreTheSame() throws IOException {
        String key = "images/red cat/a+b 猫.jpg";
        bucket.put(key, TestWiring.jpeg(9));
        assertEquals(List.of("FEATURIZED"), handle("bridge-odd-key"));
        assertEquals(List.of("STALE"), handle("put-odd-key"));
        assertTrue(find(key).isPresent());
        bucket.put(FELIX, TestWiring.jpeg(9));
        handle("put");
        bucket.delete(FELIX);
        assertEquals(List.of("REMOVED"), handle("bridge-expired"));
        assertEquals(Optional.empty(), find(FELIX));
        bucket.put("images/dog/rex.jpg", TestWiring.jpeg(9));
        handle("copy");
        bucket.put(
                "images/dog/rex.jpg", TestWiring.jpeg(9), Optional.of("hound"), Optional.empty());
        assertEquals(List.of("LABELLED"), handle("bridge-tagged"));
    }

    @Test
    void objectsOfAFollowedBucketAreCopiedAndNotRead() throws IOException {
        List<String> copied = new ArrayList<>();
        var followed =
                new FollowedBucket() {
                    @Override
                    public String name() {
                        return "shop-photos";
                    }

                    @Override
                    public void copy(String key) {
                        copied.add(key);
                    }
                };
        Wiring wiring = TestWiring.of(bucket, features, new MeanBackbone(), 1 << 20, CLOCK);
        var handler = new FeaturizerHandler(TestWiring.following(followed, wiring));
        bucket.put(FELIX, TestWiring.jpeg(9));
        for (String event : List.of("bridge-followed", "put")) {
            handler.handleRequest(
                    JSON.readValue(read(event), new TypeReference<>() {}), RecordedContext.of(log));
        }
        assertEquals(List.of("red cat/a+b 猫.jpg"), copied);
        assertTrue(find(FELIX).isPresent(), "events of the images bucket are dealt with as ever");
    }

    @Test
    void copiesAndLargeUploadsAreImagesToo() throws IOException {
        bucket.put("images/cat/large.jpg", TestWiring.jpeg(9));
        bucket.put("images/dog/rex.jpg", TestWiring.jpeg(9));
        assertEquals(List.of("FEATURIZED"), handle("multipart"));
        assertEquals(List.of("FEATURIZED"), handle("copy"));
    }

    @Test
    void anEventThatComesTwiceChangesNothing() throws IOException {
        bucket.put(FELIX, TestWiring.jpeg(9));
        assertEquals(List.of("FEATURIZED", "STALE"), handle("duplicate"));
    }

    @Test
    void ofEventsOutOfOrderTheLaterCounts() throws IOException {
        assertEquals(List.of("REMOVED", "GONE"), handle("out-of-order"));
        assertEquals(Optional.empty(), find(FELIX));
        bucket.put(FELIX, TestWiring.jpeg(9));
        assertEquals(List.of("FEATURIZED", "STALE"), handle("out-of-order"));
        assertTrue(find(FELIX).isPresent(), "it is there, whatever they say");
    }

    @Test
    void aFileThatIsNoImageDoesNotStopTheNext() throws IOException {
        bucket.put("images/cat/notes.txt", "notes".getBytes(UTF_8));
        bucket.put(FELIX, TestWiring.jpeg(9));
        List<String> outcomes = handle("two-records-one-bad");
        assertEquals("UNREADABLE", outcomes.getFirst());
        assertEquals(2, outcomes.size());
        assertEquals(
                "images/cat/notes.txt",
                new InMemoryImageIndex(features)
                        .unreadable(9, Optional.empty())
                        .images()
                        .getFirst()
                        .key());
        assertTrue(log.toString().contains("\"ImagesUnreadable\":1"), log.toString());
    }

    @Test
    void aStoreThatFailsForOneRecordFailsTheCallAfterTheOthers() throws IOException {
        bucket.put(FELIX, TestWiring.jpeg(9));
        ImageStore failing =
                new FailingImageStore(
                        bucket,
                        key -> {
                            if (key.endsWith(".txt")) {
                                throw new StoreException("S3 does not answer", null);
                            }
                        });
        String event = read("two-records-one-bad");
        assertThrows(StoreException.class, () -> handle(failing, event));
        assertTrue(find("images/cat/felix.jpg").isPresent(), "the other was dealt with");
        assertTrue(log.toString().contains("\"about\":\"images/cat/notes.txt\""), log.toString());
    }

    /** The records after it were never looked at. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"key\": \"images/cat/100%.jpg\", \"sequencer\": \"01\"",
                "\"key\": \"images/cat/a.jpg\", \"sequencer\": \"no hex\"",
                "\"key\": \"images/cat/a.jpg\"",
                "\"sequencer\": \"01\"",
                ""
            })
    void aMalformedRecordFailsTheCallAfterTheOthers(String object) throws IOException {
        bucket.put(FELIX, TestWiring.jpeg(9));
        bucket.put("images/cat/a.jpg", TestWiring.jpeg(9));
        String record =
                """
                {"eventName": "ObjectCreated:Put", "eventTime": "2026-11-23T10:15:30.123Z",
                  "awsRegion": "r", "eventSource": "aws:s3", "eventVersion": "2.1",
                  "userIdentity": {"principalId": "p"},
                  "requestParameters": {"sourceIPAddress": "192.0.2.1"},
                  "responseElements": {"x-amz-request-id": "r", "x-amz-id-2": "i"},
                  "s3": {"configurationId": "c", "s3SchemaVersion": "1.0",
                    "bucket": {"name": "b", "arn": "a", "ownerIdentity": {"principalId": "p"}},
                    "object": {%s}}}
                """;
        String good = "\"key\": \"%s\", \"sequencer\": \"01\"".formatted(FELIX);
        String records =
                "{\"Records\": [%s, %s]}"
                        .formatted(record.formatted(object), record.formatted(good));
        assertThrows(RuntimeException.class, () -> handle(bucket, records));
        assertTrue(find(FELIX).isPresent(), "the other was dealt with");
        assertTrue(log.toString().contains("\"level\":\"ERROR\""), log.toString());
        assertTrue(log.toString().contains("\"ImagesFeaturized\":1"), log.toString());
    }

    @Test
    void aLabelFileLabels() throws IOException {
        bucket.put(FELIX, TestWiring.jpeg(9));
        handle("put");
        bucket.put("labels/felix.csv", (FELIX + ",lion\n").getBytes(UTF_8));
        assertEquals(List.of("LABELLED"), handle("labels"));
        assertEquals("lion", find(FELIX).orElseThrow().label().orElseThrow().name());
    }

    @Test
    void theTestEventOfANewNotificationDoesNothing() throws IOException {
        assertEquals(List.of(), handle("s3-test"));
    }

    @Test
    void anImageThatIsGoneIsNoFailure() throws IOException {
        assertEquals(List.of("GONE"), handle("put"));
        assertEquals(List.of("REMOVED"), handle("removed"));
    }
}
