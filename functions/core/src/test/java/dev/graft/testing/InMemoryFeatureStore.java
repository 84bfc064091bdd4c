package dev.graft.testing;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.UnreadableImage;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Features in a map. */
public final class InMemoryFeatureStore implements FeatureStore {
    /** What is known of a key; neither feature nor unreadable is a tombstone. */
    private record Entry(String sequencer, ImageFeature feature, UnreadableImage unreadable) {}

    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();

    /** Labels that wait for an image. */
    private final ConcurrentHashMap<String, Label> waiting = new ConcurrentHashMap<>();

    @Override
    public boolean put(ImageFeature feature) {
        boolean stored = replace(feature.key(), new Entry(feature.sequencer(), feature, null));
        if (stored) {
            waiting.remove(feature.key());
        }
        return stored;
    }

    @Override
    public boolean putUnreadable(UnreadableImage image) {
        return replace(image.key(), new Entry(image.sequencer(), null, image));
    }

    @Override
    public boolean remove(String key, String sequencer) {
        return replace(key, new Entry(sequencer, null, null));
    }

    private boolean replace(String key, Entry entry) {
        return entries.merge(
                        key,
                        entry,
                        (old, young) ->
                                old.sequencer().compareTo(young.sequencer()) < 0 ? young : old)
                == entry;
    }

    @Override
    public Optional<ImageFeature> find(String key) {
        return Optional.ofNullable(entries.get(key)).map(Entry::feature);
    }

    @Override
    public boolean relabel(String key, Optional<Label> label) {
        Entry changed =
                entries.computeIfPresent(
                        key,
                        (k, old) ->
                                old.feature() == null
                                        ? old
                                        : new Entry(
                                                old.sequencer(),
                                                old.feature().withLabel(label),
                                                null));
        return changed != null && changed.feature() != null;
    }

    @Override
    public LabelledByFile labelByFile(String key, String label) {
        Label byFile = new Label(label, LabelSource.FILE);
        Optional<Label> before = known(key).label();
        if (before.filter(l -> l.source() == LabelSource.CORRECTION).isPresent()) {
            return LabelledByFile.CORRECTED;
        }
        if (relabel(key, Optional.of(byFile))) {
            return LabelledByFile.LABELLED;
        }
        waiting.put(key, byFile);
        return LabelledByFile.WAITING;
    }

    @Override
    public Known known(String key) {
        Optional<ImageFeature> feature = find(key);
        return new Known(
                feature.map(ImageFeature::imageHash),
                feature.flatMap(ImageFeature::label)
                        .or(() -> Optional.ofNullable(waiting.get(key))));
    }

    @Override
    public void scan(String backbone, Consumer<ImageFeature> consumer) {
        entries.values().parallelStream()
                .map(Entry::feature)
                .filter(feature -> feature != null && feature.backbone().equals(backbone))
                .forEach(consumer);
    }

    @Override
    public List<UnreadableImage> unreadable() {
        return entries.values().stream()
                .map(Entry::unreadable)
                .filter(image -> image != null)
                .sorted(Comparator.comparing(UnreadableImage::key))
                .toList();
    }
}
