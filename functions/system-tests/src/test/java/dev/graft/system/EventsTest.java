package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.Sequencer;
import dev.graft.featurizer.BatchEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in events/ arrive in the functions as what they are meant to be. */
class EventsTest {
    @ParameterizedTest
    @CsvSource({
        "put, 1, ObjectCreated:Put, images/cat/felix.jpg",
        "put-odd-key, 1, ObjectCreated:Put, images/red cat/a+b 猫.jpg",
        "multipart, 1, ObjectCreated:CompleteMultipartUpload, images/cat/large.jpg",
        "copy, 1, ObjectCreated:Copy, images/dog/rex.jpg",
        "removed, 1, ObjectRemoved:Delete, images/cat/felix.jpg",
        "labels, 1, ObjectCreated:Put, labels/felix.csv",
        "two-records-one-bad, 2, ObjectCreated:Put, images/cat/notes.txt",
        "duplicate, 2, ObjectCreated:Put, images/cat/felix.jpg",
        "out-of-order, 2, ObjectRemoved:Delete, images/cat/felix.jpg"
    })
    void s3Events(String file, int records, String name, String key) throws IOException {
        S3Event event = read(file, S3Event.class);
        assertEquals(records, event.getRecords().size());
        var first = event.getRecords().get(0);
        assertEquals(name, first.getEventName());
        assertEquals(key, first.getS3().getObject().getUrlDecodedKey());
        for (var record : event.getRecords()) {
            String sequencer = record.getS3().getObject().getSequencer();
            assertEquals(Sequencer.LENGTH, Sequencer.padded(sequencer).length());
        }
    }

    /** As EventBridge tells them: keys are not encoded. */
    @ParameterizedTest
    @CsvSource({
        "bridge-odd-key, Object Created, PutObject, images/red cat/a+b 猫.jpg",
        "bridge-followed, Object Created, PutObject, red cat/a+b 猫.jpg",
        "bridge-expired, Object Deleted, Lifecycle Expiration, images/cat/felix.jpg",
        "bridge-tagged, Object Tags Added, , images/dog/rex.jpg"
    })
    void eventsOfEventBridge(String file, String type, String reason, String key)
            throws IOException {
        JsonNode event = ApiDocument.JSON.valueToTree(read(file, Object.class));
        assertEquals("aws.s3", event.path("source").asText());
        assertEquals(type, event.path("detail-type").asText());
        assertEquals(reason == null ? "" : reason, event.at("/detail/reason").asText());
        assertEquals(key, event.at("/detail/object/key").asText());
        String sequencer = event.at("/detail/object/sequencer").asText();
        assertEquals(Sequencer.LENGTH, Sequencer.padded(sequencer).length());
    }

    @Test
    void aQueueBringsEventsOfBothForms() throws IOException {
        var messages = read("queue", SQSEvent.class).getRecords();
        assertEquals(4, messages.size());
        JsonNode bridged = ApiDocument.JSON.readTree(messages.get(0).getBody());
        assertEquals("images/cat/felix.jpg", bridged.at("/detail/object/key").asText());
        JsonNode direct = ApiDocument.JSON.readTree(messages.get(1).getBody());
        assertEquals(ApiDocument.JSON.valueToTree(read("put-odd-key", Object.class)), direct);
        assertEquals("3", messages.get(2).getAttributes().get("ApproximateReceiveCount"));
        assertEquals("no event", messages.get(3).getBody());
    }

    @Test
    void theSecondOfTheEventsOutOfOrderIsTheEarlier() throws IOException {
        var records = read("out-of-order", S3Event.class).getRecords();
        String first = records.get(0).getS3().getObject().getSequencer();
        String second = records.get(1).getS3().getObject().getSequencer();
        assertTrue(Sequencer.padded(second).compareTo(Sequencer.padded(first)) < 0);
    }

    @Test
    void theTestEventOfANewNotificationHasNoRecords() throws IOException {
        assertEquals(List.of(), read("s3-test", S3Event.class).getRecords());
    }

    @Test
    void anEventOfTagsHasNoSequencer() throws IOException {
        var record = read("tagged", S3Event.class).getRecords().getFirst();
        assertEquals("ObjectTagging:Put", record.getEventName());
        assertEquals("images/dog/rex.jpg", record.getS3().getObject().getUrlDecodedKey());
        assertEquals("", record.getS3().getObject().getSequencer());
    }

    @Test
    void theScheduleIsTheOneOfTheSchedulerWithItsDetailAsText() throws IOException {
        var event = (Map<?, ?>) read("scheduled", Object.class);
        assertEquals("aws.scheduler", event.get("source"));
        assertEquals("{}", event.get("detail"));
    }

    @Test
    void theSweepIsScheduledToo() throws IOException {
        var event = (Map<?, ?>) read("sweep", Object.class);
        assertEquals("Scheduled Event", event.get("detail-type"));
    }

    @Test
    void aHeadIsVerifiedByName() throws IOException {
        assertEquals(Map.of("verify", "latest"), read("verify", Object.class));
    }

    @Test
    void featuresOfANetworkAreDeletedByItsIdentity() throws IOException {
        var event = (Map<?, ?>) read("delete-features", Object.class);
        assertEquals(Set.of("deleteFeatures"), event.keySet());
    }

    /** As infra/large-training.yaml sends them, see LargeTrainingTemplateTest. */
    @Test
    void whatTakesOverSaysSoAndAFitIsFinishedByItsFolder() throws IOException {
        assertEquals(Map.of("takesOver", "yes"), read("take-over", Object.class));
        var event = (Map<?, ?>) read("finish", Object.class);
        assertEquals(Set.of("finish"), event.keySet());
    }

    @ParameterizedTest
    @CsvSource({"refill, 2.0, 3", "refill-version-1, 1.0, 1"})
    void batchOperationsNameTheirKeysPercentEncoded(String file, String version, int tasks)
            throws IOException {
        @SuppressWarnings("unchecked")
        BatchEvent event = BatchEvent.of(read(file, Map.class));
        assertEquals(version, event.invocationSchemaVersion());
        assertEquals(tasks, event.tasks().size());
        for (BatchEvent.Task task : event.tasks()) {
            assertTrue(task.s3Key().startsWith("images/"));
            boolean ours =
                    "graft-images".equals(task.s3Bucket())
                            || "arn:aws:s3:::graft-images".equals(task.s3BucketArn());
            assertTrue(ours, task.toString());
        }
        assertEquals("images/red%20cat/a%2Bb%20%E7%8C%AB.jpg", event.tasks().getFirst().s3Key());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "classify-raw",
                "classify-base64-form",
                "classify-json",
                "classify-text",
                "unknown-route",
                "bad-token"
            })
    void apiRequests(String file) throws IOException {
        var event = read(file, APIGatewayV2HTTPEvent.class);
        assertEquals("2.0", event.getVersion());
        assertEquals(event.getRawPath(), event.getRequestContext().getHttp().getPath());
        if (event.getIsBase64Encoded()) {
            byte[] png = Base64.getDecoder().decode(event.getBody());
            assertArrayEquals(
                    new byte[] {(byte) 0x89, 'P', 'N', 'G'}, java.util.Arrays.copyOf(png, 4));
        }
    }

    /** So that versions with SnapStart stay active. */
    @ParameterizedTest
    @CsvSource({"ping-featurizer, FeaturizerFunction", "ping-classifier, ClassifierFunction"})
    void theDailyPingIsTheInputOfTheTemplate(String file, String function) throws IOException {
        String input =
                Template.read().properties(function).at("/Events/Daily/Properties/Input").asText();
        assertEquals(
                ApiDocument.JSON.readTree(Repository.file("events/" + file + ".json").toFile()),
                ApiDocument.JSON.readTree(input));
        if (function.equals("FeaturizerFunction")) {
            assertEquals(List.of(), read(file, S3Event.class).getRecords());
        } else {
            var event = read(file, APIGatewayV2HTTPEvent.class);
            assertEquals("/openapi.json", event.getRawPath());
            assertEquals("GET", event.getRequestContext().getHttp().getMethod());
        }
    }

    @Test
    void everyFileIsUsedHere() throws IOException {
        String source =
                Files.readString(
                        Repository.file(
                                "functions/system-tests/src/test/java/dev/graft/system/EventsTest.java"));
        try (var files = Files.list(Repository.file("events"))) {
            files.map(f -> f.getFileName().toString().replace(".json", ""))
                    .forEach(name -> assertTrue(source.contains('"' + name), name));
        }
    }

    private static <T> T read(String name, Class<T> type) throws IOException {
        try (InputStream json = Files.newInputStream(Repository.file("events/" + name + ".json"))) {
            return LambdaEventSerializers.serializerFor(type, EventsTest.class.getClassLoader())
                    .fromJson(json);
        }
    }
}
