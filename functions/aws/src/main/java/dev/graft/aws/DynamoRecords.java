package dev.graft.aws;

import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex.Change;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageRecord.Picture;
import dev.graft.feature.ImageRecord.Unreadable;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Changes what the {@link ImageTable} keeps of a key: reads the record, makes the next one, and
 * writes it in one transaction if the one read is still there, else begins again. The counters
 * follow each change; a process that ends between leaves them off by one, which the next training
 * mends. Safe for use by many threads.
 */
final class DynamoRecords {
    private static final int TRIES = 100;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    private final DynamoDbClient client;
    private final String table;

    DynamoRecords(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    /** All items of a key but the vectors, by their part; vectors where {@code attributes} says. */
    Map<String, Map<String, AttributeValue>> parts(String key, String... attributes) {
        var names = new HashMap<>(Map.of("#key", ImageTable.KEY));
        for (String attribute : attributes) {
            names.put("#" + attribute, attribute);
        }
        String wanted = attributes.length == 0 ? null : String.join(", ", names.keySet());
        try {
            var parts = new HashMap<String, Map<String, AttributeValue>>();
            client.queryPaginator(
                            b ->
                                    b.tableName(table)
                                            .consistentRead(true)
                                            .keyConditionExpression("#key = :key")
                                            .projectionExpression(wanted)
                                            .expressionAttributeNames(names)
                                            .expressionAttributeValues(
                                                    Map.of(":key", ImageItems.text(key))))
                    .items()
                    .forEach(item -> parts.put(ImageTable.text(item, ImageTable.PART), item));
            return parts;
        } catch (SdkException e) {
            throw Failure.of("read what is known of " + key + " in table " + table, e);
        }
    }

    /** The record of a key. */
    ImageRecord record(String key) {
        return ImageItems.record(
                key,
                parts(
                        key,
                        ImageTable.PART,
                        ImageTable.VERSION,
                        ImageTable.SEQUENCER,
                        ImageTable.CHANGED,
                        ImageTable.CHANGES,
                        ImageTable.REASON,
                        ImageTable.TIME,
                        ImageTable.HASH,
                        ImageTable.ETAG,
                        ImageTable.WIDTH,
                        ImageTable.HEIGHT,
                        ImageTable.BACKBONES));
    }

    /**
     * Changes a record.
     *
     * @param feature to be stored with it
     * @param next gives the record to write, or the same one to leave it
     * @return the record as it is now
     */
    ImageRecord change(
            String key, Optional<ImageFeature> feature, UnaryOperator<ImageRecord> next) {
        for (int i = 1; i <= TRIES; i++) {
            ImageRecord before = record(key);
            ImageRecord after = next.apply(before);
            if (after.equals(before)) {
                return before;
            }
            if (replace(before, after, feature)) {
                return after;
            }
            LockSupport.parkNanos(
                    ThreadLocalRandom.current()
                            .nextLong(Math.min(i * 1_000_000L, LONGEST_PAUSE_NANOS)));
        }
        throw new StoreException(
                "could not change %s in table %s: others changed it %d times meanwhile, try again"
                        .formatted(key, table, TRIES),
                null);
    }

    /** Replaces a record; false if another change came first. */
    boolean replace(ImageRecord before, ImageRecord after, Optional<ImageFeature> feature) {
        boolean written = written(before, after, feature);
        if (written) {
            count(before, after);
        }
        return written;
    }

    private boolean written(ImageRecord before, ImageRecord after, Optional<ImageFeature> feature) {
        List<TransactWriteItem> items = new ArrayList<>();
        items.add(put(before.version(), ImageItems.image(after)));
        var labels = ImageItems.labels(after);
        var labelsBefore = ImageItems.labels(before);
        labels.forEach(
                (part, item) -> {
                    if (!item.equals(labelsBefore.get(part))) {
                        items.add(put(item));
                    }
                });
        labelsBefore.keySet().stream()
                .filter(part -> !labels.containsKey(part))
                .forEach(part -> items.add(delete(after.key(), part)));
        feature.map(ImageItems::feature).map(this::put).ifPresent(items::add);
        var dropped = backbones(before);
        dropped.removeAll(backbones(after));
        dropped.forEach(id -> items.add(delete(after.key(), ImageItems.part(id))));
        try {
            client.transactWriteItems(b -> b.transactItems(items));
            return true;
        } catch (TransactionCanceledException e) {
            boolean conflict =
                    e.cancellationReasons().stream()
                            .anyMatch(
                                    reason ->
                                            "ConditionalCheckFailed".equals(reason.code())
                                                    || "TransactionConflict".equals(reason.code()));
            if (conflict) {
                return false;
            }
            throw Failure.of("change " + after.key() + " in table " + table, e);
        } catch (SdkException e) {
            throw Failure.of("change " + after.key() + " in table " + table, e);
        }
    }

    /** Deletes the item {@code image} of a record; false if it is another now, or not there. */
    boolean delete(ImageRecord image) {
        try {
            client.deleteItem(
                    b ->
                            b.tableName(table)
                                    .key(ImageTable.key(image.key(), ImageTable.IMAGE))
                                    .conditionExpression("#v = :v")
                                    .expressionAttributeNames(Map.of("#v", ImageTable.VERSION))
                                    .expressionAttributeValues(
                                            Map.of(":v", ImageItems.number(image.version()))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        } catch (SdkException e) {
            throw Failure.of("delete what is left of " + image.key() + " in table " + table, e);
        }
    }

    private static Set<String> backbones(ImageRecord image) {
        return new TreeSet<>(image.picture().map(Picture::backbones).orElseGet(TreeSet::new));
    }

    private TransactWriteItem put(long version, Map<String, AttributeValue> item) {
        Put.Builder put = Put.builder().tableName(table).item(item);
        put.expressionAttributeNames(Map.of("#v", ImageTable.VERSION));
        if (version == 0) {
            put.conditionExpression("attribute_not_exists(#v)");
        } else {
            put.conditionExpression("#v = :v")
                    .expressionAttributeValues(Map.of(":v", ImageItems.number(version)));
        }
        return TransactWriteItem.builder().put(put.build()).build();
    }

    private TransactWriteItem put(Map<String, AttributeValue> item) {
        return TransactWriteItem.builder()
                .put(Put.builder().tableName(table).item(item).build())
                .build();
    }

    private TransactWriteItem delete(String key, String part) {
        return TransactWriteItem.builder()
                .delete(Delete.builder().tableName(table).key(ImageTable.key(key, part)).build())
                .build();
    }

    private void count(ImageRecord before, ImageRecord after) {
        int counter = ImageItems.shard(after.key(), ImageTable.COUNTERS);
        Set<LabelSet> sets = new TreeSet<>(before.decisions().keySet());
        sets.addAll(after.decisions().keySet());
        sets.add(LabelSet.DEFAULT);
        for (LabelSet set : sets) {
            var change = counted(Change.of(after.in(set)), set);
            counted(Change.of(before.in(set)), set)
                    .forEach((name, count) -> change.merge(name, -count, Integer::sum));
            change.values().removeIf(count -> count == 0);
            if (!change.isEmpty()) {
                add(counter, set, change);
            }
        }
    }

    /** Adds to the counts of one counter. */
    void add(int counter, LabelSet set, Map<String, Integer> change) {
        List<String> terms = new ArrayList<>();
        var names = new HashMap<String, String>();
        var values = new HashMap<String, AttributeValue>();
        change.forEach(
                (name, count) -> {
                    int i = terms.size();
                    terms.add("#c" + i + " :n" + i);
                    names.put("#c" + i, name);
                    values.put(":n" + i, ImageItems.number(count));
                });
        try {
            client.updateItem(
                    b ->
                            b.tableName(table)
                                    .key(ImageTable.counter(counter, set))
                                    .updateExpression("ADD " + String.join(", ", terms))
                                    .expressionAttributeNames(names)
                                    .expressionAttributeValues(values));
        } catch (SdkException e) {
            throw Failure.of("count the images in table " + table, e);
        }
    }

    /**
     * What a key counts as, by the names of the counters' attributes: in another set than the
     * default one its label alone.
     *
     * @param image as it is looked at in the set
     */
    static Map<String, Integer> counted(Change image, LabelSet set) {
        var counts = new TreeMap<String, Integer>();
        Optional<String> label =
                image.picture().flatMap(p -> image.label()).map(one -> Counters.LABEL + one.name());
        label.ifPresent(name -> counts.put(name, 1));
        if (!set.isDefault()) {
            return counts;
        }
        if (image.content() instanceof Unreadable) {
            counts.put(Counters.UNREADABLE, 1);
        }
        image.picture()
                .ifPresent(
                        picture -> {
                            if (label.isEmpty()) {
                                counts.put(Counters.UNLABELLED, 1);
                            }
                            picture.backbones().forEach(id -> counts.put(Counters.FEATURE + id, 1));
                        });
        return counts;
    }

    /** Names of the attributes of a counter. */
    static final class Counters {
        static final String LABEL = "label#";
        static final String FEATURE = "feature#";
        static final String UNLABELLED = "unlabelled";
        static final String UNREADABLE = "unreadable";

        private Counters() {}
    }
}
