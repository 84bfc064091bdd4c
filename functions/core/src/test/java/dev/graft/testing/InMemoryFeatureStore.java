package dev.graft.testing;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageRecord.Picture;
import dev.graft.feature.Label;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelStore;
import dev.graft.feature.SetLabels;
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

/** Features and labels in maps, which the views of all label sets share and lock. */
public final class InMemoryFeatureStore implements FeatureStore, LabelStore {
    private final TreeMap<String, ImageRecord> records;

    /** Features by backbone, by key. */
    private final Map<String, Map<String, ImageFeature>> features;

    private final InstantSource clock;
    private final LabelSet set;

    /** Empty. */
    public InMemoryFeatureStore() {
        this(InstantSource.system());
    }

    /** Empty, with a clock of its own. */
    public InMemoryFeatureStore(InstantSource clock) {
        this(new TreeMap<>(), new HashMap<>(), clock, LabelSet.DEFAULT);
    }

    private InMemoryFeatureStore(
            TreeMap<String, ImageRecord> records,
            Map<String, Map<String, ImageFeature>> features,
            InstantSource clock,
            LabelSet set) {
        this.records = records;
        this.features = features;
        this.clock = clock;
        this.set = set;
    }

    @Override
    public InMemoryFeatureStore in(LabelSet other) {
        return new InMemoryFeatureStore(records, features, clock, other);
    }

    /** What is known of every key, by key. */
    List<ImageRecord> records() {
        synchronized (records) {
            return records.values().stream().map(record -> record.in(set)).toList();
        }
    }

    /** Lets a tombstone go, as a store does a week after a deletion. */
    public void forget(String key) {
        synchronized (records) {
            records.remove(key);
        }
    }

    private boolean change(String key, Function<ImageRecord, Optional<ImageRecord>> next) {
        synchronized (records) {
            Optional<ImageRecord> after =
                    next.apply(records.getOrDefault(key, ImageRecord.unknown(key)));
            after.ifPresent(record -> records.put(key, record));
            return after.isPresent();
        }
    }

    private Instant now() {
        return clock.instant();
    }

    @Override
    public boolean put(ImageFeature feature) {
        synchronized (records) {
            boolean stored = change(feature.key(), before -> before.featurized(feature, now()));
            if (stored) {
                features.computeIfAbsent(feature.backbone(), id -> new HashMap<>())
                        .put(feature.key(), feature);
            }
            return stored;
        }
    }

    @Override
    public boolean replace(ImageRecord before, ImageRecord after, Optional<ImageFeature> feature) {
        synchronized (records) {
            if (known(before.key()).version() != before.version()) {
                return false;
            }
            records.put(after.key(), after.in(LabelSet.DEFAULT));
            feature.ifPresent(
                    f ->
                            features.computeIfAbsent(f.backbone(), id -> new HashMap<>())
                                    .put(f.key(), f));
            return true;
        }
    }

    @Override
    public boolean purge(ImageRecord gone) {
        synchronized (records) {
            return gone.content() instanceof ImageRecord.Gone
                    && gone.decisions().isEmpty()
                    && records.remove(gone.key(), gone.in(LabelSet.DEFAULT));
        }
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
    public Optional<ImageFeature> find(String key, String backbone) {
        synchronized (records) {
            return Optional.ofNullable(records.get(key))
                    .flatMap(record -> feature(record, backbone));
        }
    }

    private Optional<ImageFeature> feature(ImageRecord record, String backbone) {
        Picture picture = record.picture().orElse(null);
        if (picture == null || !picture.backbones().contains(backbone)) {
            return Optional.empty();
        }
        return Optional.of(
                new ImageFeature(
                        record.key(),
                        new SetLabels(set, labels(record)),
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

    private static Map<LabelSet, Label> labels(ImageRecord record) {
        Map<LabelSet, Label> labels = new HashMap<>();
        record.decisions()
                .keySet()
                .forEach(one -> record.in(one).label().ifPresent(l -> labels.put(one, l)));
        return labels;
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

    private Stream<ImageFeature> found(String backbone) {
        synchronized (records) {
            return records.values().stream()
                    .flatMap(r -> feature(r, backbone).stream())
                    .toList()
                    .stream();
        }
    }

    @Override
    public boolean deleteFeatures(String backbone, Instant end) {
        synchronized (records) {
            for (ImageRecord record : List.copyOf(records.values())) {
                ImageRecord without = record.without(backbone);
                if (without != record && !now().isBefore(end)) {
                    return false;
                }
                records.put(record.key(), without);
            }
            features.remove(backbone);
            return true;
        }
    }

    @Override
    public Answer decide(Decision decision) {
        var answer = new AtomicReference<Answer>();
        change(
                decision.key(),
                before -> {
                    ImageRecord there = before.in(set);
                    ImageRecord after = decision.applied(there, now());
                    answer.set(Answer.of(decision, there, after));
                    return Optional.of(after)
                            .filter(now -> now != there)
                            .map(now -> now.in(LabelSet.DEFAULT));
                });
        return answer.get();
    }

    @Override
    public ImageRecord known(String key) {
        synchronized (records) {
            return records.getOrDefault(key, ImageRecord.unknown(key)).in(set);
        }
    }

    @Override
    public List<LabelChange> history(String key) {
        return known(key).labels();
    }
}
