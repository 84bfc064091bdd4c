package dev.graft.featurizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageStore;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelsPerImage;
import dev.graft.feature.StoreException;
import dev.graft.ingest.ImageIngest;
import dev.graft.ingest.LabelIngest;
import dev.graft.ingest.ObjectIngest;
import dev.graft.ingest.Reconcile;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.MeanBackbone;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The events of {@code events/} on stores in memory. */
class FeaturizerHandlerTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z"));
    private static final String FELIX = "images/cat/felix.jpg";

    private final InMemoryImageStore bucket = new InMemoryImageStore();
    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final StringBuilder log = new StringBuilder();

    private List<String> handle(String event) throws IOException {
        return handle(bucket, read(event));
    }

    private List<String> handle(ImageStore store, String event) {
        var extractor = new FeatureExtractor(new MeanBackbone());
        var handler =
                new FeaturizerHandler(
                        new Wiring(
                                "graft-images",
                                new ObjectIngest(
                                        new ImageIngest(store, features, extractor, 1 << 20, CLOCK),
                                        new LabelIngest(
                                                new LabelIngest.Stores(store, features, features),
                                                1 << 20,
                                                LabelsPerImage.ONE,
                                                CLOCK)),
                                new Reconcile(store, features, extractor.backbone().id())));
        S3Event read =
                LambdaEventSerializers.<S3Event>serializerFor(
                                S3Event.class, S3Event.class.getClassLoader())
                        .fromJson(new ByteArrayInputStream(event.getBytes(UTF_8)));
        return handler.handleRequest(read, RecordedContext.of(log));
    }

    private static String read(String event) throws IOException {
        return Files.readString(Path.of("../../events/" + event + ".json"));
    }

    private Optional<ImageFeature> find(String key) {
        return features.find(key, new MeanBackbone().id());
    }

    @Test
    void anImageBecomesAFeature() throws IOException {
        bucket.put(FELIX, jpeg());
        assertEquals(List.of("FEATURIZED"), handle("put"));
        assertEquals(
                Optional.of(new Label("cat", LabelSource.FOLDER)),
                find(FELIX).orElseThrow().label());
        assertTrue(log.toString().contains("\"ImagesFeaturized\":1"), log.toString());
    }

    @Test
    void aKeyIsDecoded() throws IOException {
        String key = "images/red cat/a+b 猫.jpg";
        bucket.put(key, jpeg());
        assertEquals(List.of("FEATURIZED"), handle("put-odd-key"));
        assertTrue(find(key).isPresent());
    }

    @Test
    void copiesAndLargeUploadsAreImagesToo() throws IOException {
        bucket.put("images/cat/large.jpg", jpeg());
        bucket.put("images/dog/rex.jpg", jpeg());
        assertEquals(List.of("FEATURIZED"), handle("multipart"));
        assertEquals(List.of("FEATURIZED"), handle("copy"));
    }

    @Test
    void anEventThatComesTwiceChangesNothing() throws IOException {
        bucket.put(FELIX, jpeg());
        assertEquals(List.of("FEATURIZED", "STALE"), handle("duplicate"));
    }

    @Test
    void ofEventsOutOfOrderTheLaterCounts() throws IOException {
        assertEquals(List.of("REMOVED", "GONE"), handle("out-of-order"));
        assertEquals(Optional.empty(), find(FELIX));
        bucket.put(FELIX, jpeg());
        assertEquals(List.of("FEATURIZED", "STALE"), handle("out-of-order"));
        assertTrue(find(FELIX).isPresent(), "it is there, whatever they say");
    }

    @Test
    void aFileThatIsNoImageDoesNotStopTheNext() throws IOException {
        bucket.put("images/cat/notes.txt", "notes".getBytes(UTF_8));
        bucket.put(FELIX, jpeg());
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
        bucket.put(FELIX, jpeg());
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
    void aMalformedRecordFailsTheCallAfterTheOthers(String object) {
        bucket.put(FELIX, jpeg());
        bucket.put("images/cat/a.jpg", jpeg());
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
        bucket.put(FELIX, jpeg());
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

    private static byte[] jpeg() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), "jpg", file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return file.toByteArray();
    }
}
