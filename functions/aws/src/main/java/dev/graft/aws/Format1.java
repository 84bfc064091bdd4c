package dev.graft.aws;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoreCalls;
import dev.graft.feature.UnreadableImage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Moves a table of format 1, one item an image key, into an {@link ImageTable}. How far it is
 * stands in the new table, so a move that was killed goes on; every item may be moved twice, and
 * what came into the new table meanwhile stands. Nothing is deleted from the old table. It is gone
 * through again, by a call of its own, until nothing new is found: functions of the old version may
 * still have been at work the first time.
 */
public final class Format1 {
    private final DynamoDbClient client;
    private final String from;
    private final int atOnce;
    private final String table;
    private final FeatureStore features;
    private final LabelStore labels;
    private final DynamoRecords records;
    private final InstantSource clock;

    /**
     * Moves a table into another.
     *
     * @param atOnce how many items to read at once, and to move again after a kill
     */
    public Format1(
            DynamoDbClient client, String from, String table, int atOnce, InstantSource clock) {
        this.client = client;
        this.from = from;
        this.atOnce = atOnce;
        this.table = table;
        this.features = new DynamoFeatureStore(client, table, clock);
        this.labels = new DynamoLabelStore(client, table, clock);
        this.records = new DynamoRecords(client, table);
        this.clock = clock;
    }

    /**
     * How far a move is.
     *
     * @param moved items so far, those of a second pass not counted
     * @param passes how often the old table was gone through to its end
     * @param complete whether the last pass found nothing new
     */
    public record Progress(long moved, int passes, boolean complete) {}

    /**
     * Where a move is.
     *
     * @param after key that the next part starts after; empty at the start of a pass
     * @param foundNew whether this pass moved anything
     */
    private record Mark(Progress progress, Optional<String> after, boolean foundNew) {}

    /**
     * Goes on with the move, to the end of the old table at most.
     *
     * @param end when to stop, to be called again
     * @param told is given the number of items moved, now and then
     */
    public Progress move(Instant end, LongConsumer told) {
        Mark mark = mark();
        boolean pass = !mark.progress().complete();
        while (pass && clock.instant().isBefore(end)) {
            Optional<ScanResponse> part = read(mark.after());
            if (part.isEmpty()) {
                return new Progress(0, 1, true);
            }
            mark = moved(mark, part.get());
            write(mark);
            told.accept(mark.progress().moved());
            pass = mark.after().isPresent();
        }
        return mark.progress();
    }

    private Mark moved(Mark mark, ScanResponse part) {
        long stored =
                StoreCalls.concurrently(
                                part.items().stream()
                                        .<Callable<Boolean>>map(item -> () -> move(item))
                                        .toList())
                        .stream()
                        .filter(yes -> yes)
                        .count();
        boolean foundNew = mark.foundNew() || stored > 0;
        long moved = mark.progress().moved() + stored;
        int passes = mark.progress().passes();
        return part.hasLastEvaluatedKey() && !part.lastEvaluatedKey().isEmpty()
                ? new Mark(
                        new Progress(moved, passes, false),
                        Optional.of(ImageTable.value(part.lastEvaluatedKey(), "key").s()),
                        foundNew)
                : new Mark(new Progress(moved, passes + 1, !foundNew), Optional.empty(), false);
    }

    /** Empty if there is no such table. */
    private Optional<ScanResponse> read(Optional<String> after) {
        ScanRequest.Builder scan = ScanRequest.builder().tableName(from).limit(atOnce);
        after.ifPresent(key -> scan.exclusiveStartKey(Map.of("key", ImageItems.text(key))));
        try {
            return Optional.of(client.scan(scan.build()));
        } catch (ResourceNotFoundException none) {
            return Optional.empty();
        } catch (SdkException e) {
            throw Failure.of("read table " + from, e);
        }
    }

    /** Whether the new table knew less than this item. */
    private boolean move(Map<String, AttributeValue> item) {
        String key = ImageTable.value(item, "key").s();
        boolean stored =
                item.containsKey("feature")
                        ? features.put(feature(key, item))
                        : item.containsKey("reason")
                                ? features.putUnreadable(unreadable(key, item))
                                : item.containsKey("sequencer")
                                        && features.remove(
                                                key, ImageTable.value(item, "sequencer").s());
        return label(item).filter(label -> carry(key, label, item)).isPresent() || stored;
    }

    /** A decision about the label, unless one of the same rank was made in the new table. */
    private boolean carry(String key, Label label, Map<String, AttributeValue> item) {
        ImageRecord now = records.record(key);
        boolean decided =
                now.labels().stream()
                        .anyMatch(
                                change ->
                                        change.source() == LabelSource.CORRECTION
                                                || change.source() == label.source());
        boolean byPerson = label.source() == LabelSource.CORRECTION;
        boolean picture =
                now.picture()
                        .filter(there -> there.imageHash().equals(text(item, "hash")))
                        .isPresent();
        if (decided || (byPerson ? !picture : label.source() != LabelSource.FILE)) {
            return false;
        }
        var decision =
                new LabelStore.Decision(
                        key,
                        Optional.of(label.name()),
                        label.source(),
                        "",
                        Optional.of(now.label().map(Label::name)));
        return labels.decide(decision).outcome() == LabelStore.Outcome.LABELLED;
    }

    private static ImageFeature feature(String key, Map<String, AttributeValue> item) {
        return new ImageFeature(
                key,
                SetLabels.of(label(item)),
                text(item, "backbone"),
                ImageTable.value(item, "feature").b().asByteArrayUnsafe(),
                text(item, "hash"),
                Integer.parseInt(ImageTable.value(item, "width").n()),
                Integer.parseInt(ImageTable.value(item, "height").n()),
                text(item, "sequencer"),
                Instant.parse(text(item, "time")),
                "",
                new byte[0]);
    }

    private static UnreadableImage unreadable(String key, Map<String, AttributeValue> item) {
        return new UnreadableImage(
                key,
                text(item, "reason"),
                text(item, "sequencer"),
                Instant.parse(text(item, "time")));
    }

    private static Optional<Label> label(Map<String, AttributeValue> item) {
        return Optional.ofNullable(item.get("label"))
                .map(name -> new Label(name.s(), LabelSource.valueOf(text(item, "source"))));
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? "" : value.s();
    }

    private Map<String, AttributeValue> place() {
        return ImageTable.key("#moved", from);
    }

    private Mark mark() {
        try {
            var item =
                    client.getItem(b -> b.tableName(table).key(place()).consistentRead(true))
                            .item();
            if (item.isEmpty()) {
                return new Mark(new Progress(0, 0, false), Optional.empty(), false);
            }
            return new Mark(
                    new Progress(
                            Long.parseLong(ImageTable.value(item, "moved").n()),
                            Integer.parseInt(ImageTable.value(item, "passes").n()),
                            ImageTable.value(item, "complete").bool()),
                    Optional.ofNullable(item.get("after")).map(AttributeValue::s),
                    ImageTable.value(item, "foundNew").bool());
        } catch (SdkException e) {
            throw Failure.of("read how far the move of " + from + " is", e);
        }
    }

    private void write(Mark mark) {
        var item = new HashMap<>(place());
        item.put("moved", ImageItems.number(mark.progress().moved()));
        item.put("passes", ImageItems.number(mark.progress().passes()));
        item.put("complete", AttributeValue.fromBool(mark.progress().complete()));
        item.put("foundNew", AttributeValue.fromBool(mark.foundNew()));
        mark.after().ifPresent(key -> item.put("after", ImageItems.text(key)));
        try {
            client.putItem(b -> b.tableName(table).item(item));
        } catch (SdkException e) {
            throw Failure.of("note how far the move of " + from + " is", e);
        }
    }
}
