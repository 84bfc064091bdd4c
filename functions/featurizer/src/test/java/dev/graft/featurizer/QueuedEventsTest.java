package dev.graft.featurizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.ImageStore;
import dev.graft.feature.StoreException;
import dev.graft.ingest.EventQueue;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.MeanBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code events/queue.json}: messages of both forms, one that came three times, and no event. */
class QueuedEventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FELIX = "images/cat/felix.jpg";
    private static final String ODD = "images/red cat/a+b 猫.jpg";
    private static final String REX = "images/dog/rex.jpg";
    private static final String ID = "059f36b4-87a3-44ab-83d2-66197572000";

    private final InMemoryImageStore bucket = new InMemoryImageStore();
    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final List<JsonNode> letters = new ArrayList<>();
    private final List<String> again = new ArrayList<>();
    private final StringBuilder log = new StringBuilder();
    private boolean queueFails;

    private final EventQueue queue =
            new EventQueue() {
                @Override
                public void comesAgain(String queue, String receipt, Duration after) {
                    answer();
                    again.add(queue + " " + receipt + " " + after);
                }

                @Override
                public void giveUp(String letter) {
                    answer();
                    letters.add(json(letter));
                }

                private void answer() {
                    if (queueFails) {
                        throw new StoreException("the queue does not answer", null);
                    }
                }
            };

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** Numbers of the messages that come again. */
    private List<String> handle(ImageStore store) throws IOException {
        Map<String, Object> event =
                JSON.readValue(
                        Files.readString(Path.of("../../events/queue.json")),
                        new TypeReference<>() {});
        Wiring wiring =
                TestWiring.of(store, features, new MeanBackbone(), 1 << 20, InstantSource.system());
        Object answer =
                new FeaturizerHandler(TestWiring.by(queue, wiring))
                        .handleRequest(event, RecordedContext.of(log));
        return JSON.valueToTree(answer)
                .path("batchItemFailures")
                .findValuesAsText("itemIdentifier");
    }

    private ImageStore failing(String... keys) {
        return new FailingImageStore(
                bucket,
                key -> {
                    if (List.of(keys).contains(key)) {
                        throw new StoreException("S3 does not answer for " + key, null);
                    }
                });
    }

    private boolean isRead(String key) {
        return features.find(key, new MeanBackbone().id()).isPresent();
    }

    @Test
    void everyMessageIsDealtWithAndWhatIsNoEventIsKeptWithTheReason() throws IOException {
        for (String key : List.of(FELIX, ODD, REX)) {
            bucket.put(key, TestWiring.jpeg(9));
        }
        assertEquals(List.of(), handle(bucket));
        assertTrue(isRead(FELIX) && isRead(ODD) && isRead(REX));
        assertTrue(log.toString().contains("\"ImagesFeaturized\":3"), log.toString());
        JsonNode letter = letters.getFirst();
        assertEquals(1, letters.size());
        assertEquals("no event", letter.path("requestPayload").asText());
        assertEquals(
                "arn:aws:sqs:eu-central-1:123456789012:graft-uploads",
                letter.at("/requestContext/queueArn").asText());
        assertTrue(letter.at("/responsePayload/errorMessage").asText().contains("no JSON"));
    }

    @Test
    void whatFailsComesAgainInAMinuteAndTheThirdTimeIsKept() throws IOException {
        bucket.put(ODD, TestWiring.jpeg(9));
        assertEquals(List.of(ID + 1), handle(failing(FELIX, REX)));
        assertTrue(isRead(ODD), "the others were dealt with");
        assertEquals(
                List.of(
                        "arn:aws:sqs:eu-central-1:123456789012:graft-uploads"
                                + " AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a1 PT1M"),
                again);
        assertEquals(
                "S3 does not answer for " + REX,
                letters.getFirst().at("/responsePayload/errorMessage").asText());
        JsonNode event = json(letters.getFirst().path("requestPayload").asText());
        assertEquals(REX, event.at("/detail/object/key").asText());
    }

    @Test
    void nothingIsLostWhereTheQueueDoesNotAnswer() throws IOException {
        queueFails = true;
        assertEquals(List.of(ID + 1, ID + 3, ID + 4), handle(failing(FELIX, REX)));
        assertTrue(log.toString().contains("the queue does not answer"), log.toString());
    }
}
