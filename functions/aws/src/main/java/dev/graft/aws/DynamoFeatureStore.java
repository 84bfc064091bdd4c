package dev.graft.aws;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.FeaturesInSet;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreCalls;
import dev.graft.feature.StoreException;
import dev.graft.feature.UnreadableImage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/** Features in DynamoDB, see {@link ImageTable}. */
public final class DynamoFeatureStore implements FeatureStore {
    private static final int MAX_SEGMENTS = 8;
    private static final int DELETED_AT_ONCE = 400;

    private final DynamoDbClient client;
    private final String table;
    private final DynamoRecords records;
    private final InstantSource clock;

    /** Keeps features in this table. */
    public DynamoFeatureStore(DynamoDbClient client, String table, InstantSource clock) {
        this.client = client;
        this.table = table;
        this.records = new DynamoRecords(client, table);
        this.clock = clock;
    }

    @Override
    public FeatureStore in(LabelSet set) {
        return new FeaturesInSet(this, set);
    }

    @Override
    public boolean put(ImageFeature feature) {
        return changed(
                feature.key(),
                Optional.of(feature),
                before -> before.featurized(feature, clock.instant()));
    }

    @Override
    public boolean putUnreadable(UnreadableImage image) {
        return changed(
                image.key(), Optional.empty(), before -> before.unreadable(image, clock.instant()));
    }

    @Override
    public boolean remove(String key, String sequencer) {
        return changed(key, Optional.empty(), before -> before.removed(sequencer, clock.instant()));
    }

    private boolean changed(
            String key,
            Optional<ImageFeature> feature,
            Function<ImageRecord, Optional<ImageRecord>> next) {
        var counts = new AtomicBoolean();
        records.change(
                key,
                feature,
                before -> {
                    Optional<ImageRecord> after = next.apply(before);
                    counts.set(after.isPresent());
                    return after.orElse(before);
                });
        return counts.get();
    }

    @Override
    public Optional<ImageFeature> find(String key, String backbone) {
        return feature(records.parts(key), backbone);
    }

    @Override
    public List<Vector> vectors(List<String> keys, String backbone) {
        List<Vector> found = new ArrayList<>();
        new BatchGet(client, table)
                .parts(keys, ImageItems.part(backbone), item -> found.add(ImageItems.vector(item)));
        return found;
    }

    @Override
    public ImageRecord known(String key) {
        return records.record(key);
    }

    @Override
    public boolean replace(ImageRecord before, ImageRecord after, Optional<ImageFeature> feature) {
        return records.replace(before.in(LabelSet.DEFAULT), after.in(LabelSet.DEFAULT), feature);
    }

    @Override
    public boolean purge(ImageRecord gone) {
        return gone.content() instanceof ImageRecord.Gone
                && gone.decisions().isEmpty()
                && records.delete(gone);
    }

    @Override
    public boolean deleteFeatures(String backbone, Instant end) {
        List<String> keys = new ArrayList<>();
        new DynamoImageIndex(client, table)
                .changes(
                        Instant.EPOCH,
                        image ->
                                image.picture()
                                        .filter(picture -> picture.backbones().contains(backbone))
                                        .ifPresent(picture -> keys.add(image.key())));
        for (int i = 0; i < keys.size(); i += DELETED_AT_ONCE) {
            if (!clock.instant().isBefore(end)) {
                return false;
            }
            StoreCalls.concurrently(
                    keys.subList(i, Math.min(i + DELETED_AT_ONCE, keys.size())).stream()
                            .<Callable<ImageRecord>>map(
                                    key ->
                                            () ->
                                                    records.change(
                                                            key,
                                                            Optional.empty(),
                                                            image -> image.without(backbone)))
                            .toList());
        }
        return true;
    }

    @Override
    public void scan(String backbone, Consumer<ImageFeature> consumer) {
        var filter =
                ScanRequest.builder()
                        .tableName(table)
                        .filterExpression(
                                "#part = :image OR #part = :feature OR (begins_with(#part, :labels) AND #part <> :default)")
                        .expressionAttributeNames(Map.of("#part", ImageTable.PART))
                        .expressionAttributeValues(
                                Map.of(
                                        ":image", ImageItems.text(ImageTable.IMAGE),
                                        ":feature", ImageItems.text(ImageItems.part(backbone)),
                                        ":labels", ImageItems.text(ImageTable.LABELS_OF),
                                        ":default", ImageItems.text(ImageTable.LABELS)))
                        .build();
        scan(filter, part -> scan(part, backbone, consumer));
    }

    @Override
    public void keys(Consumer<ImageIndex.Change> consumer) {
        var images =
                ScanRequest.builder()
                        .tableName(table)
                        .consistentRead(true)
                        .filterExpression("#part = :image")
                        .expressionAttributeNames(Map.of("#part", ImageTable.PART))
                        .expressionAttributeValues(
                                Map.of(":image", ImageItems.text(ImageTable.IMAGE)))
                        .build();
        scan(
                images,
                part ->
                        client.scanPaginator(part).items().stream()
                                .map(ImageItems::change)
                                .forEach(consumer));
    }

    /** Reads the table in segments side by side. */
    private void scan(ScanRequest whole, Consumer<ScanRequest> read) {
        int segments = Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 1, MAX_SEGMENTS);
        var threads = Executors.newFixedThreadPool(segments);
        try {
            var done = new ExecutorCompletionService<Void>(threads);
            for (int segment = 0; segment < segments; segment++) {
                ScanRequest part =
                        whole.toBuilder()
                                .segment(segment)
                                .totalSegments(segments)
                                .limit(ImageTable.AT_ONCE)
                                .build();
                done.submit(() -> read.accept(part), null);
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

    /** The items of a key lie side by side: few wait for the others of their image. */
    private void scan(ScanRequest segment, String backbone, Consumer<ImageFeature> consumer) {
        var waiting = new HashMap<String, Map<String, Map<String, AttributeValue>>>();
        for (var item : client.scanPaginator(segment).items()) {
            String key = ImageTable.text(item, ImageTable.KEY);
            var parts = waiting.computeIfAbsent(key, k -> new HashMap<>());
            parts.put(ImageTable.text(item, ImageTable.PART), item);
            var image = parts.get(ImageTable.IMAGE);
            if (image != null && parts.size() == expected(image, backbone)) {
                waiting.remove(key);
                feature(parts, backbone).ifPresent(consumer);
            }
        }
        // whose last label was taken back while the scan ran
        waiting.values().forEach(parts -> feature(parts, backbone).ifPresent(consumer));
    }

    private static Optional<ImageFeature> feature(
            Map<String, Map<String, AttributeValue>> parts, String backbone) {
        var image = parts.get(ImageTable.IMAGE);
        var feature = parts.get(ImageItems.part(backbone));
        return image == null || feature == null
                ? Optional.empty()
                : ImageItems.feature(backbone, image, feature, parts.values());
    }

    /** How many items of an image a scan gives: itself, its labels and its feature. */
    private static int expected(Map<String, AttributeValue> image, String backbone) {
        int feature = ImageItems.backbones(image).contains(backbone) ? 1 : 0;
        return 1 + ImageItems.otherSets(image) + feature;
    }
}
