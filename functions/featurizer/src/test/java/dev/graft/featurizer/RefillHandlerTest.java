package dev.graft.featurizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.S3BatchResponse;
import com.amazonaws.services.lambda.runtime.events.S3BatchResponse.Result;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.Backbone;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.ImageStore;
import dev.graft.feature.StoreException;
import dev.graft.ingest.ImageIngest;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.MeanBackbone;
import dev.graft.testing.MeanColourBackbone;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The events of S3 Batch Operations on stores in memory, which hold features of one network. */
class RefillHandlerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ODD = "images/red cat/a+b 猫.jpg";
    private static final String LARGE = "images/cat/large.jpg";
    private static final int MAX_BYTES = 5_000;

    private final InMemoryImageStore bucket = new InMemoryImageStore();
    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final Backbone after = new MeanColourBackbone();
    private final StringBuilder log = new StringBuilder();
    private int millisLeft = 900_000;

    @BeforeEach
    void imagesWereReadWithTheNetworkBefore() throws IOException {
        for (String key : List.of(ODD, LARGE)) {
            bucket.put(key, jpeg(key.equals(LARGE) ? 200 : 9));
            ImageIngest all = ingest(bucket, new MeanBackbone(), Integer.MAX_VALUE);
            assertEquals(ImageIngest.Outcome.FEATURIZED, all.created(key, "1"));
        }
    }

    private ImageIngest ingest(ImageStore store, Backbone backbone, long maxBytes) {
        return new ImageIngest(
                store, features, new FeatureExtractor(backbone), maxBytes, InstantSource.system());
    }

    private S3BatchResponse handle(ImageStore store, InputStream json) throws IOException {
        Map<String, Object> event = JSON.readValue(json, new TypeReference<>() {});
        return new RefillHandler(
                        TestWiring.of(store, features, after, MAX_BYTES, InstantSource.system()))
                .handleRequest(event, RecordedContext.of(log, millisLeft));
    }

    private S3BatchResponse handle(String event) throws IOException {
        try (InputStream json = Files.newInputStream(Path.of("../../events/" + event + ".json"))) {
            return handle(bucket, json);
        }
    }

    private static List<String> codes(S3BatchResponse response) {
        return response.getResults().stream().map(r -> r.getResultCode().name()).toList();
    }

    private static List<String> texts(S3BatchResponse response) {
        return response.getResults().stream().map(Result::getResultString).toList();
    }

    @Test
    void oneTaskOfTheFirstVersionOfTheSchema() throws IOException {
        S3BatchResponse response = handle("refill-version-1");
        assertEquals("1.0", response.getInvocationSchemaVersion());
        assertEquals("YXNkbGZqYWRmaiBhc2RmdW9hZHNmZGpm", response.getInvocationId());
        assertEquals(List.of("FEATURIZED"), texts(response));
        assertEquals("dGFza2lkZ29lc2hlcmUK", response.getResults().getFirst().getTaskId());
        assertTrue(features.find(ODD, after.id()).isPresent());
        assertTrue(log.toString().contains("\"ImagesRefilled\":1"), log.toString());
    }

    @Test
    void theOthersOfABatchAreDealtWithWhereOneCannotBeRead() throws IOException {
        S3BatchResponse response = handle("refill");
        assertEquals("2.0", response.getInvocationSchemaVersion());
        assertEquals(List.of("Succeeded", "PermanentFailure", "Succeeded"), codes(response));
        assertEquals("FEATURIZED", texts(response).get(0));
        assertTrue(
                texts(response).get(1).contains("expected at most 5000"), texts(response).get(1));
        assertEquals("UNCHANGED", texts(response).get(2), "nothing is known of it");
        assertEquals(
                List.of("0", "1", "2"),
                response.getResults().stream().map(Result::getTaskId).toList());
        assertTrue(log.toString().contains("\"level\":\"WARN\""), log.toString());
        assertTrue(log.toString().contains("\"ImagesRefilled\":1"), log.toString());
        assertEquals("UNCHANGED", texts(handle("refill")).get(0), "a second time");
    }

    @Test
    void aStoreThatDoesNotAnswerIsATemporaryFailure() throws IOException {
        ImageStore failing =
                new FailingImageStore(
                        bucket,
                        key -> {
                            throw new StoreException("S3 does not answer", null);
                        });
        try (InputStream json = Files.newInputStream(Path.of("../../events/refill.json"))) {
            S3BatchResponse response = handle(failing, json);
            assertEquals(
                    List.of("TemporaryFailure", "TemporaryFailure", "TemporaryFailure"),
                    codes(response));
            assertEquals("S3 does not answer", texts(response).getFirst());
        }
        assertTrue(log.toString().contains("\"level\":\"ERROR\""), log.toString());
    }

    @Test
    void keysThatAreNotEncodedAndKeysOfAnotherBucketAreRefusedByName() throws IOException {
        var response =
                handleText(
                        """
                        {"invocationSchemaVersion": "2.0", "tasks": [
                            {"taskId": "0", "s3Key": "images/100%.jpg", "s3Bucket": "graft-images"},
                            {"taskId": "1", "s3Key": "images/a.jpg", "s3Bucket": "photos"}]}
                        """);
        assertEquals(List.of("PermanentFailure", "PermanentFailure"), codes(response));
        assertTrue(texts(response).get(0).contains("images/100%.jpg is not percent-encoded"));
        assertTrue(texts(response).get(1).contains("bucket photos, expected the images bucket"));
    }

    /** What events did not tell is found once a week. */
    @Test
    void aScheduledEventReadsWhatDiffersFromWhatIsStored() throws IOException {
        bucket.put("images/new.jpg", jpeg(9));
        bucket.put("labels/all.csv", (ODD + ",lion\n").getBytes(StandardCharsets.UTF_8));
        bucket.delete(LARGE);
        assertEquals(List.of(), handle("sweep").getResults());
        assertTrue(features.find("images/new.jpg", after.id()).isPresent());
        assertEquals("lion", features.known(ODD).label().orElseThrow().name());
        assertTrue(features.known(LARGE).picture().isEmpty());
        assertTrue(log.toString().contains("\"ObjectsSwept\":4"), log.toString());
        assertTrue(log.toString().contains("\"ImagesRefilled\":2"), log.toString());
    }

    @Test
    void aSweepEndsBeforeItsTimeIsOverAndTheNextGoesOn() throws IOException {
        millisLeft = 59_000;
        handle("sweep");
        assertTrue(log.toString().contains("0 of 2 objects that differ"), log.toString());
        assertTrue(features.find(ODD, after.id()).isEmpty());
        millisLeft = 900_000;
        handle("sweep");
        assertTrue(features.find(ODD, after.id()).isPresent());
    }

    @Test
    void anEventOfAnotherKindIsRefused() {
        var refused = assertThrows(BadRequestException.class, () -> handleText("{}"));
        assertTrue(String.valueOf(refused.getMessage()).contains("events/refill.json"));
        assertThrows(BadRequestException.class, () -> handleText("{\"tasks\": \"all\"}"));
    }

    private S3BatchResponse handleText(String json) throws IOException {
        return handle(bucket, new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    /** Noise, which takes about a byte for two pixels. */
    private static byte[] jpeg(int side) throws IOException {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < side * side; i++) {
            image.setRGB(i % side, i / side, random.nextInt());
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", file);
        return file.toByteArray();
    }
}
