package dev.graft.aws;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.StoreException;
import dev.graft.feature.UnreadableImage;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Features in DynamoDB, see {@link FeatureTable}. */
public final class DynamoFeatureStore implements FeatureStore {
    /** S3 delivers nearly all events within minutes; Lambda retries them for at most six hours. */
    private static final Duration TOMBSTONE_KEPT = Duration.ofDays(7);

    private static final int MAX_SEGMENTS = 8;

    private final DynamoDbClient client;
    private final String table;

    /** Keeps features in this table. */
    public DynamoFeatureStore(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public boolean put(ImageFeature feature) {
        return putIfLater("store the feature of", FeatureItem.of(feature));
    }

    @Override
    public boolean putUnreadable(UnreadableImage image) {
        return putIfLater("record as unreadable", FeatureItem.of(image));
    }

    @Override
    public boolean remove(String key, String sequencer) {
        return putIfLater(
                "remove the feature of", FeatureItem.tombstone(key, sequencer, TOMBSTONE_KEPT));
    }

    private boolean putIfLater(String operation, Map<String, AttributeValue> item) {
        try {
            client.putItem(
                    b ->
                            b.tableName(table)
                                    .item(item)
                                    .conditionExpression("attribute_not_exists(#s) OR #s < :s")
                                    .expressionAttributeNames(Map.of("#s", FeatureTable.SEQUENCER))
                                    .expressionAttributeValues(
                                            Map.of(":s", item.get(FeatureTable.SEQUENCER))));
            return true;
        } catch (ConditionalCheckFailedException seen) {
            return false;
        } catch (SdkException e) {
            throw failure(operation, item.get(FeatureTable.KEY).s(), e);
        }
    }

    @Override
    public Optional<ImageFeature> find(String key) {
        return FeatureItem.feature(item(key));
    }

    private Map<String, AttributeValue> item(String key) {
        try {
            return client.getItem(
                            b ->
                                    b.tableName(table)
                                            .key(Map.of(FeatureTable.KEY, FeatureItem.text(key)))
                                            .consistentRead(true))
                    .item();
        } catch (SdkException e) {
            throw failure("find the feature of", key, e);
        }
    }

    @Override
    public boolean relabel(String key, Optional<Label> label) {
        var update =
                UpdateItemRequest.builder()
                        .tableName(table)
                        .key(Map.of(FeatureTable.KEY, FeatureItem.text(key)))
                        .conditionExpression("attribute_exists(#feature)")
                        .expressionAttributeNames(
                                Map.of(
                                        "#feature", FeatureTable.FEATURE,
                                        "#label", FeatureTable.LABEL,
                                        "#source", FeatureTable.SOURCE));
        if (label.isPresent()) {
            update.updateExpression("SET #label = :label, #source = :source")
                    .expressionAttributeValues(
                            Map.of(
                                    ":label", FeatureItem.text(label.get().name()),
                                    ":source", FeatureItem.text(label.get().source().name())));
        } else {
            update.updateExpression("REMOVE #label, #source");
        }
        return updated(key, update.build());
    }

    /** False if the condition of the update does not hold. */
    private boolean updated(String key, UpdateItemRequest update) {
        try {
            client.updateItem(update);
            return true;
        } catch (ConditionalCheckFailedException none) {
            return false;
        } catch (SdkException e) {
            throw failure("change the label of", key, e);
        }
    }

    @Override
    public LabelledByFile labelByFile(String key, String label) {
        var update =
                UpdateItemRequest.builder()
                        .tableName(table)
                        .key(Map.of(FeatureTable.KEY, FeatureItem.text(key)))
                        .conditionExpression(
                                "attribute_not_exists(#source) OR #source <> :correction")
                        .updateExpression("SET #label = :label, #source = :file REMOVE #expires")
                        .expressionAttributeNames(
                                Map.of(
                                        "#label", FeatureTable.LABEL,
                                        "#source", FeatureTable.SOURCE,
                                        "#expires", FeatureTable.EXPIRES))
                        .expressionAttributeValues(
                                Map.of(
                                        ":label", FeatureItem.text(label),
                                        ":file", FeatureItem.text(LabelSource.FILE.name()),
                                        ":correction",
                                                FeatureItem.text(LabelSource.CORRECTION.name())))
                        .returnValues(ReturnValue.ALL_OLD)
                        .build();
        try {
            boolean image =
                    client.updateItem(update).attributes().containsKey(FeatureTable.FEATURE);
            return image ? LabelledByFile.LABELLED : LabelledByFile.WAITING;
        } catch (ConditionalCheckFailedException corrected) {
            return LabelledByFile.CORRECTED;
        } catch (SdkException e) {
            throw failure("change the label of", key, e);
        }
    }

    @Override
    public Known known(String key) {
        return FeatureItem.known(item(key));
    }

    @Override
    public void scan(String backbone, Consumer<ImageFeature> consumer) {
        var filter =
                ScanRequest.builder()
                        .filterExpression("#backbone = :backbone")
                        .expressionAttributeNames(Map.of("#backbone", FeatureTable.BACKBONE))
                        .expressionAttributeValues(Map.of(":backbone", FeatureItem.text(backbone)))
                        .build();
        scan(filter, item -> FeatureItem.feature(item).ifPresent(consumer));
    }

    @Override
    public List<UnreadableImage> unreadable() {
        var filter =
                ScanRequest.builder()
                        .filterExpression("attribute_exists(#reason)")
                        .expressionAttributeNames(Map.of("#reason", FeatureTable.REASON))
                        .build();
        var found = new ConcurrentLinkedQueue<UnreadableImage>();
        scan(filter, item -> found.add(FeatureItem.unreadable(item)));
        return found.stream().sorted(Comparator.comparing(UnreadableImage::key)).toList();
    }

    /** Reads the table in segments, a thread each; the first failure ends all of them. */
    private void scan(ScanRequest filter, Consumer<Map<String, AttributeValue>> consumer) {
        int segments = Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 1, MAX_SEGMENTS);
        var threads = Executors.newFixedThreadPool(segments);
        try {
            var done = new ExecutorCompletionService<Void>(threads);
            for (int segment = 0; segment < segments; segment++) {
                ScanRequest part =
                        filter.toBuilder()
                                .tableName(table)
                                .segment(segment)
                                .totalSegments(segments)
                                .build();
                done.submit(() -> client.scanPaginator(part).items().forEach(consumer), null);
            }
            for (int segment = 0; segment < segments; segment++) {
                done.take().get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SdkException cause) {
                throw Failure.of("read table " + table, cause);
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new StoreException("could not read table " + table, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("reading table " + table + " was interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private StoreException failure(String operation, String key, SdkException cause) {
        return Failure.of(operation + " " + key + " in table " + table, cause);
    }
}
