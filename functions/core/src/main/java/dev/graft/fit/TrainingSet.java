package dev.graft.fit;

import dev.graft.head.Activation;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Labelled features with their classes and folds.
 *
 * @param features in any order
 * @param rows (images), where in {@code features} the feature of an image is
 * @param labels (images), indices of the classes of each, rising
 * @param folds (images), the fold each image is held out with
 * @param classes sorted
 * @param activation of the head to be trained
 */
public record TrainingSet(
        FeatureMatrix features,
        int[] rows,
        int[][] labels,
        int[] folds,
        List<String> classes,
        Activation activation) {

    /**
     * Of images with one label each.
     *
     * @param labels (images), index of the class of each
     */
    public static TrainingSet softmax(
            FeatureMatrix features, int[] rows, int[] labels, int[] folds, List<String> classes) {
        int[][] each = IntStream.of(labels).mapToObj(c -> new int[] {c}).toArray(int[][]::new);
        return new TrainingSet(features, rows, each, folds, classes, Activation.SOFTMAX);
    }

    /** How many images. */
    public int images() {
        return labels.length;
    }

    /** Indices of the images that fulfil a condition, rising. */
    public int[] images(IntPredicate wanted) {
        return IntStream.range(0, labels.length).filter(wanted).toArray();
    }
}
