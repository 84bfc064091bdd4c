package dev.graft.training;

import dev.graft.evaluation.Folds;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.fit.FeatureMatrix;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A labelled image to learn from; its feature stays in the matrix.
 *
 * @param row of its feature in {@code matrix}
 * @param time when the feature was made
 * @param thumbnail of the picture; of length 0 where there is none
 */
record TrainingImage(
        String key,
        String label,
        String imageHash,
        FeatureMatrix matrix,
        int row,
        Instant time,
        byte[] thumbnail) {

    /**
     * Every image of a backbone that is labelled with a class, sorted by key. The features go from
     * the scan straight into {@code matrix}; what stays on the heap are key, label, hash and
     * thumbnail.
     */
    static List<TrainingImage> scan(FeatureStore store, String backbone, FeatureMatrix matrix) {
        List<TrainingImage> found = Collections.synchronizedList(new ArrayList<>());
        store.scan(
                backbone,
                image ->
                        image.label()
                                .map(Label::name)
                                .filter(Label::isOfClass)
                                .ifPresent(label -> found.add(of(image, label, matrix))));
        List<TrainingImage> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparing(TrainingImage::key));
        return sorted;
    }

    static TrainingImage of(ImageFeature image, String label, FeatureMatrix matrix) {
        int row = matrix.add(image.feature(), image.key());
        return new TrainingImage(
                image.key(),
                label,
                image.imageHash(),
                matrix,
                row,
                image.time(),
                image.thumbnail());
    }

    /** The same image with another label. */
    TrainingImage labelled(String name) {
        return new TrainingImage(key, name, imageHash, matrix, row, time, thumbnail);
    }

    /**
     * What decides the folds of images.
     *
     * @param counts images of each class, of which the rarest one of an image counts
     */
    static List<Folds.Image> toFold(
            List<TrainingImage> images, Activation activation, Map<String, Integer> counts) {
        return images.stream().map(image -> image.toFold(activation, counts)).toList();
    }

    private Folds.Image toFold(Activation activation, Map<String, Integer> counts) {
        String rarest =
                activation.classes(label).stream()
                        .filter(counts::containsKey)
                        .min(Comparator.<String>comparingInt(counts::get).thenComparing(c -> c))
                        .orElse(label);
        return new Folds.Image(key, rarest, imageHash, time, thumbnail);
    }

    /** A copy of its feature, in the encoding of {@link dev.graft.feature.Float16}. */
    byte[] feature() {
        return matrix.bytes(row);
    }

    /**
     * The training set of images of one matrix.
     *
     * @param classes sorted; other labels of an image are left out
     * @param folds (images), the fold each image is held out with
     */
    static TrainingSet set(
            List<TrainingImage> images, List<String> classes, int[] folds, Activation activation) {
        Map<String, int[]> labels = new HashMap<>();
        return new TrainingSet(
                images.getFirst().matrix(),
                images.stream().mapToInt(TrainingImage::row).toArray(),
                images.stream()
                        .map(
                                image ->
                                        labels.computeIfAbsent(
                                                image.label(),
                                                label ->
                                                        indices(
                                                                activation.classes(label),
                                                                classes)))
                        .toArray(int[][]::new),
                folds,
                classes,
                activation);
    }

    private static int[] indices(List<String> names, List<String> classes) {
        return IntStream.range(0, classes.size())
                .filter(c -> names.contains(classes.get(c)))
                .toArray();
    }
}
