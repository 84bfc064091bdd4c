package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.aws.Format1;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageIndex.Counts;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** What lies in a table of format 1 comes over whole, also if the move is killed. */
@EnabledIf(
        value = "dev.graft.local.LocalStack#notAskedOrThere",
        disabledReason = "profile localstack is on, but no Docker answers")
class Format1Test {
    private static final int IMAGES = 23;
    private static final Instant TIME = Instant.parse("2026-11-23T10:15:30Z");
    private static final DynamoDbClient CLIENT = TestCloud.AWS.dynamoDb();

    private final String from = "graft-format-1-" + UUID.randomUUID();
    private final String table = TestCloud.newTable();
    private final FeatureStore features = TestCloud.AWS.featureStore(table);
    private final LabelStore labels = TestCloud.AWS.labelStore(table);
    private final ImageIndex index = TestCloud.AWS.imageIndex(table);

    /** Pictures labelled in every way, and one of each other kind. */
    @BeforeEach
    void fill() {
        CLIENT.createTable(
                b ->
                        b.tableName(from)
                                .billingMode(BillingMode.PAY_PER_REQUEST)
                                .attributeDefinitions(
                                        AttributeDefinition.builder()
                                                .attributeName("key")
                                                .attributeType(ScalarAttributeType.S)
                                                .build())
                                .keySchema(
                                        KeySchemaElement.builder()
                                                .attributeName("key")
                                                .keyType(KeyType.HASH)
                                                .build()));
        for (int i = 0; i < IMAGES; i++) {
            var item = picture(i);
            if (i > 0) {
                label(item, "class " + i % 3, LabelSource.values()[i % 5]);
            }
            put(item);
        }
        var unreadable = item("images/bad.jpg", 1);
        unreadable.put("reason", text("half a JPEG"));
        unreadable.put("time", text(TIME.toString()));
        put(label(unreadable, "mended later", LabelSource.FILE));
        put(
                label(
                        new HashMap<>(Map.of("key", text("images/later.jpg"))),
                        "later",
                        LabelSource.FILE));
        var tombstone = item("images/gone.jpg", 7);
        tombstone.put("expires", AttributeValue.fromN("1999999999"));
        put(tombstone);
    }

    @Test
    void movesEverything() {
        Format1 move = move(CLIENT);
        assertFalse(move.move(Instant.MAX, moved -> {}).complete(), "somebody may still write");
        assertEverythingThere();
        var progress = move.move(Instant.MAX, moved -> {});
        assertTrue(progress.complete());
        assertEquals(IMAGES + 3, progress.moved());
        assertEverythingThere();
        assertEquals(progress, move.move(Instant.MAX, moved -> {}), "nothing to do any more");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 20, 33, 60, 90})
    void isKilledAndGoesOn(int calls) {
        assertThrows(IllegalStateException.class, () -> untilDone(move(killedAfter(calls))));
        untilDone(move(CLIENT));
        index.recount(Duration.ZERO);
        assertEverythingThere();
    }

    @Test
    void stopsInTimeAndGoesOn() {
        AtomicInteger parts = new AtomicInteger();
        Format1 move =
                new Format1(
                        CLIENT, from, table, 4, () -> TIME.plusSeconds(parts.getAndIncrement()));
        int calls = 0;
        while (!move.move(TIME.plusSeconds(parts.get() + 30), moved -> {}).complete()) {
            assertTrue(calls++ < 20);
        }
        assertEverythingThere();
    }

    @Test
    void whatCameMeanwhileStands() {
        ImageFeature newer =
                new ImageFeature(
                        key(1),
                        SetLabels.of(Optional.of(new Label("folder", LabelSource.FOLDER))),
                        "net",
                        new byte[] {9, 9},
                        "%064x".formatted(99),
                        1,
                        1,
                        Sequencer.padded("0F"),
                        TIME,
                        "",
                        new byte[0]);
        features.put(newer); // another picture
        ImageFeature same = feature(5);
        features.put(same); // the same picture, as if uploaded again; 5 % 5 is a correction
        ImageFeature decided = feature(10);
        features.put(decided);
        labels.decide(Decision.of(key(10), Optional.empty(), "ann"));
        untilDone(move(CLIENT));
        assertEquals(Optional.of(new Label("class 1", LabelSource.FILE)), found(1), "a line stays");
        assertArrayEquals(new byte[] {9, 9}, features.find(key(1), "net").orElseThrow().feature());
        assertEquals(Optional.of(new Label("class 2", LabelSource.CORRECTION)), found(5));
        assertEquals(Optional.empty(), found(10), "a person decided since");
    }

    @Test
    void aTableThatIsNotThereIsMovedAtOnce() {
        Format1 none = new Format1(CLIENT, from + "-none", table, 5, InstantSource.system());
        assertTrue(none.move(Instant.MAX, moved -> {}).complete());
    }

    private void assertEverythingThere() {
        var counts = new TreeMap<String, Integer>();
        for (int i = 1; i < IMAGES; i++) {
            counts.merge("class " + i % 3, 1, Integer::sum);
        }
        assertEquals(new Counts(counts, 1, 1, Map.of("net", IMAGES)), index.counts());
        for (int i = 0; i < IMAGES; i++) {
            ImageFeature found = features.find(key(i), "net").orElseThrow();
            ImageFeature expected = feature(i);
            assertArrayEquals(expected.feature(), found.feature());
            assertEquals(expected.imageHash(), found.imageHash());
            assertEquals(expected.sequencer(), found.sequencer());
            assertEquals(expected.time(), found.time());
            assertEquals(
                    i == 0
                            ? Optional.empty()
                            : Optional.of(new Label("class " + i % 3, LabelSource.values()[i % 5])),
                    found.label());
        }
        var bad = index.unreadable(9, Optional.empty()).images();
        assertEquals(List.of("images/bad.jpg"), bad.stream().map(image -> image.key()).toList());
        assertEquals("half a JPEG", bad.getFirst().reason());
        assertEquals(
                Optional.of("mended later"), labels.history("images/bad.jpg").getFirst().name());
        assertEquals(Optional.of("later"), labels.history("images/later.jpg").getFirst().name());
        assertFalse(features.remove("images/gone.jpg", Sequencer.padded("07")), "as before");
    }

    private static void untilDone(Format1 move) {
        while (!move.move(Instant.MAX, moved -> {}).complete()) {
            // the next pass
        }
    }

    private Format1 move(DynamoDbClient client) {
        return new Format1(client, from, table, 5, InstantSource.system());
    }

    /** A client whose process ends after so many calls. */
    private static DynamoDbClient killedAfter(int calls) {
        AtomicInteger left = new AtomicInteger(calls);
        return (DynamoDbClient)
                Proxy.newProxyInstance(
                        Format1Test.class.getClassLoader(),
                        new Class<?>[] {DynamoDbClient.class},
                        (proxy, method, arguments) -> {
                            if (method.isDefault() && method.getName().endsWith("Paginator")) {
                                return InvocationHandler.invokeDefault(proxy, method, arguments);
                            }
                            if (left.decrementAndGet() < 0) {
                                throw new IllegalStateException("killed");
                            }
                            try {
                                return method.invoke(CLIENT, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private Optional<Label> found(int number) {
        return features.find(key(number), "net").orElseThrow().label();
    }

    private static String key(int number) {
        return "images/" + number + ".jpg";
    }

    private static ImageFeature feature(int number) {
        return new ImageFeature(
                key(number),
                SetLabels.of(Optional.empty()),
                "net",
                new byte[] {(byte) number, 1},
                "%064x".formatted(number),
                640,
                480,
                Sequencer.padded("0" + number % 10),
                TIME.plusSeconds(number),
                "",
                new byte[0]);
    }

    private static Map<String, AttributeValue> picture(int number) {
        ImageFeature image = feature(number);
        var item = item(image.key(), number % 10);
        item.put("backbone", text(image.backbone()));
        item.put("feature", AttributeValue.fromB(SdkBytes.fromByteArray(image.feature())));
        item.put("hash", text(image.imageHash()));
        item.put("width", AttributeValue.fromN("640"));
        item.put("height", AttributeValue.fromN("480"));
        item.put("time", text(image.time().toString()));
        return item;
    }

    private static Map<String, AttributeValue> item(String key, int event) {
        return new HashMap<>(
                Map.of("key", text(key), "sequencer", text(Sequencer.padded("0" + event))));
    }

    private static Map<String, AttributeValue> label(
            Map<String, AttributeValue> item, String name, LabelSource source) {
        item.put("label", text(name));
        item.put("source", text(source.name()));
        return item;
    }

    private void put(Map<String, AttributeValue> item) {
        CLIENT.putItem(b -> b.tableName(from).item(item));
    }

    private static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }
}
