package dev.graft.testing;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageRecord.Picture;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelStore;
import dev.graft.feature.UnreadableImage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Features and labels in maps. */
public final class InMemoryFeatureStore implements FeatureStore, LabelStore {
    private final TreeMap<String, ImageRecord> records = new TreeMap<>();

    /** Features by backbone, by key. */
    private final Map<String, Map<String, ImageFeature>> features = new HashMap<>();

    private final InstantSource clock;

    /** Empty. */
    public InMemoryFeatureStore() {
        this(InstantSource.system());
    }

    /** Empty, with a clock of its own. */
    public InMemoryFeatureStore(InstantSource clock) {
        this.clock = clock;
    }

    /** What is known of every key, by key. */
    synchronized List<ImageRecord> records() {
        return List.copyOf(records.values());
    }

    /** Lets a tombstone go, as a store does a week after a deletion. */
    public synchronized void forget(String key) {
        records.remove(key);
    }

    private synchronized boolean change(
            String key, Function<ImageRecord, Optional<ImageRecord>> next) {
        Optional<ImageRecord> after =
                next.apply(records.getOrDefault(key, ImageRecord.unknown(key)));
        after.ifPresent(record -> records.put(key, record));
        return after.isPresent();
    }

    private Instant now() {
        return clock.instant();
    }

    @Override
    public synchronized boolean put(ImageFeature feature) {
        boolean stored = change(feature.key(), before -> before.featurized(feature, now()));
        if (stored) {
            features.computeIfAbsent(feature.backbone(), id -> new HashMap<>())
                    .put(feature.key(), feature);
        }
        return stored;
    }

    @Override
    public synchronized boolean replace(
            ImageRecord before, ImageRecord after, Optional<ImageFeature> feature) {
        if (known(before.key()).version() != before.version()) {
            return false;
        }
        records.put(after.key(), after);
        feature.ifPresent(
                f -> features.computeIfAbsent(f.backbone(), id -> new HashMap<>()).put(f.key(), f));
        return true;
    }

    @Override
    public synchronized boolean purge(ImageRecord gone) {
        return gone.content() instanceof ImageRecord.Gone
                && gone.labels().isEmpty()
                && records.remove(gone.key(), gone);
    }

    @Override
    public void keys(Consumer<ImageIndex.Change> consumer) {
        records().parallelStream().map(ImageIndex.Change::of).forEach(consumer);
    }

    @Override
    public boolean putUnreadable(UnreadableImage image) {
        return change(image.key(), before -> before.unreadable(image, now()));
    }

    @Override
    public boolean remove(String key, String sequencer) {
        return change(key, before -> before.removed(sequencer, now()));
    }

    @Override
    public synchronized Optional<ImageFeature> find(String key, String backbone) {
        return Optional.ofNullable(records.get(key)).flatMap(record -> feature(record, backbone));
    }

    private Optional<ImageFeature> feature(ImageRecord record, String backbone) {
        Picture picture = record.picture().orElse(null);
        if (picture == null || !picture.backbones().contains(backbone)) {
            return Optional.empty();
        }
        return Optional.of(
                new ImageFeature(
                        record.key(),
                        record.label(),
                        backbone,
                        features.get(backbone).get(record.key()).feature(),
                        picture.imageHash(),
                        picture.width(),
                        picture.height(),
                        record.sequencer(),
                        picture.time(),
                        "",
                        features.get(backbone).get(record.key()).thumbnail()));
    }

    @Override
    public List<Vector> vectors(List<String> keys, String backbone) {
        return keys.stream()
                .distinct()
                .flatMap(key -> find(key, backbone).stream())
                .map(i -> new Vector(i.key(), i.imageHash(), i.feature(), i.thumbnail()))
                .toList();
    }

    @Override
    public void scan(String backbone, Consumer<ImageFeature> consumer) {
        found(backbone).parallel().forEach(consumer);
    }

    private synchronized Stream<ImageFeature> found(String backbone) {
        return records.values().stream()
                .flatMap(r -> feature(r, backbone).stream())
                .toList()
                .stream();
    }

    @Override
    public synchronized boolean deleteFeatures(String backbone, Instant end) {
        for (ImageRecord record : records()) {
            ImageRecord without = record.without(backbone);
            if (without != record && !now().isBefore(end)) {
                return false;
            }
            records.put(record.key(), without);
        }
        features.remove(backbone);
        return true;
    }

    @Override
    public Answer decide(Decision decision) {
        var answer = new AtomicReference<Answer>();
        change(
                decision.key(),
                before -> {
                    ImageRecord after = decision.applied(before, now());
                    answer.set(Answer.of(decision, before, after));
                    return Optional.of(after).filter(now -> now != before);
                });
        return answer.get();
    }

    @Override
    public synchronized ImageRecord known(String key) {
        return records.getOrDefault(key, ImageRecord.unknown(key));
    }

    @Override
    public List<LabelChange> history(String key) {
        return known(key).labels();
    }
}
