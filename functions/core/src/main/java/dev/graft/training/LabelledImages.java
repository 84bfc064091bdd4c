package dev.graft.training;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.fit.FeatureMatrix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The images of a network that have a label in any label set, with their features, which are read
 * from the store once, when the first set needs them. For one training of all sets, on one thread.
 */
public final class LabelledImages implements AutoCloseable {
    private final FeatureStore features;
    private final String backbone;
    private final FeatureMatrix matrix = new FeatureMatrix();
    private Optional<List<Labelled>> read = Optional.empty();

    private record Labelled(TrainingImage image, Map<LabelSet, Label> labels) {}

    /**
     * Nothing is read yet.
     *
     * @param backbone id of the network
     */
    public LabelledImages(FeatureStore features, String backbone) {
        this.features = features;
        this.backbone = backbone;
    }

    String backbone() {
        return backbone;
    }

    /** Those that are labelled with a class in a set, sorted by key. */
    List<TrainingImage> in(LabelSet set) {
        if (read.isEmpty()) {
            read = Optional.of(scanned());
        }
        return read.get().stream()
                .filter(one -> one.labels().containsKey(set))
                .map(one -> one.image().labelled(one.labels().get(set).name()))
                .filter(image -> Label.isOfClass(image.label()))
                .toList();
    }

    private List<Labelled> scanned() {
        List<Labelled> found = Collections.synchronizedList(new ArrayList<>());
        features.scan(
                backbone,
                image -> {
                    if (isOfClass(image)) {
                        TrainingImage row = TrainingImage.of(image, "", matrix);
                        found.add(new Labelled(row, image.labels().all()));
                    }
                });
        List<Labelled> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparing(one -> one.image().key()));
        return sorted;
    }

    private static boolean isOfClass(ImageFeature image) {
        return image.labels().all().values().stream()
                .anyMatch(label -> Label.isOfClass(label.name()));
    }

    @Override
    public void close() {
        matrix.close();
    }
}
