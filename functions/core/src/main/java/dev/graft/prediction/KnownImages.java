package dev.graft.prediction;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The images of the store in memory, for questions about neighbours. Read again when a newer image
 * is there, and once a minute for what was removed or labelled elsewhere. At most 48 million values
 * (200 MB) are kept, such as 23,000 images of 2,048: of more images, those whose content hashes
 * first. Safe for use by many threads.
 */
public final class KnownImages {
    private static final long MAX_VALUES = 48_000_000;
    private static final int FOLDS = 5;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);
    private static final Duration READ_EVERY = Duration.ofMinutes(1);

    private final FeatureStore features;
    private final ImageIndex index;
    private final InstantSource clock;

    private Optional<Snapshot> current = Optional.empty();
    private Instant nextLook = Instant.MIN;
    private Instant nextRead = Instant.MIN;
    private List<ImageIndex.Entry> newest = List.of();

    /**
     * The images at one time.
     *
     * @param backbone id of the backbone of the features
     * @param images their features
     * @param novelty what is known among them
     */
    public record Snapshot(String backbone, Neighbours images, Novelty novelty) {}

    /** Of the features that are stored of the images that {@code index} lists. */
    public KnownImages(FeatureStore features, ImageIndex index, InstantSource clock) {
        this.features = features;
        this.index = index;
        this.clock = clock;
    }

    /**
     * The images now, give or take some seconds.
     *
     * @param backbone id of the backbone whose features are asked for
     * @throws dev.graft.feature.StoreException if the store does not answer
     */
    public synchronized Snapshot get(String backbone) {
        Instant now = clock.instant();
        current = current.filter(known -> known.backbone().equals(backbone));
        if (current.isEmpty() || !now.isBefore(nextLook)) {
            nextLook = now.plus(LOOK_EVERY);
            var first = index.list(new ImageIndex.All(), 1, Optional.empty()).images();
            boolean arrived = !keys(first).equals(keys(newest));
            if (current.isEmpty() || arrived || !now.isBefore(nextRead)) {
                newest = first;
                nextRead = now.plus(READ_EVERY);
                Neighbours images = read(backbone);
                current = Optional.of(new Snapshot(backbone, images, Novelty.of(images)));
            }
        }
        return current.orElseThrow();
    }

    private static List<String> keys(List<ImageIndex.Entry> images) {
        return images.stream().map(image -> image.key() + " " + image.time()).toList();
    }

    /** Notes labels that were just changed through this function. */
    public synchronized void relabelled(List<String> keys, Optional<String> label) {
        current.ifPresent(known -> keys.forEach(key -> known.images().relabel(key, label)));
    }

    /** Reads everything again before the next answer. */
    public synchronized void forget() {
        current = Optional.empty();
    }

    private Neighbours read(String backbone) {
        List<ImageFeature> found = Collections.synchronizedList(new ArrayList<>());
        features.scan(backbone, found::add);
        return new Neighbours(
                found.stream()
                        .sorted(
                                Comparator.comparing(ImageFeature::imageHash)
                                        .thenComparing(ImageFeature::key))
                        .limit(
                                found.isEmpty()
                                        ? 0
                                        : MAX_VALUES / (found.getFirst().feature().length / 2))
                        .map(KnownImages::row)
                        .toList());
    }

    private static Neighbours.Row row(ImageFeature image) {
        return new Neighbours.Row(
                image.key(),
                image.label().map(label -> label.name()).orElse(null),
                image.fold(FOLDS),
                Float16.decode(image.feature()));
    }
}
