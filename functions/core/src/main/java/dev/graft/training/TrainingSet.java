package dev.graft.training;

import dev.graft.evaluation.Answers;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Labelled features with their classes and folds.
 *
 * @param features in any order
 * @param rows (images), where in {@code features} the feature of an image is
 * @param labels (images), indices of the classes of each, rising
 * @param folds (images), the part each image is held out with
 * @param classes sorted
 * @param activation of the head to be trained
 */
record TrainingSet(
        FeatureMatrix features,
        int[] rows,
        int[][] labels,
        int[] folds,
        List<String> classes,
        Activation activation) {

    /** How far above its optimum a loss may end, in nats: while validating, and for the head. */
    static final double PATH_ACCURACY = 1e-4;

    private static final double HEAD_ACCURACY = 1e-6;

    /**
     * Of images with one label each.
     *
     * @param labels (images), index of the class of each
     */
    static TrainingSet softmax(
            FeatureMatrix features, int[] rows, int[] labels, int[] folds, List<String> classes) {
        int[][] each = IntStream.of(labels).mapToObj(c -> new int[] {c}).toArray(int[][]::new);
        return new TrainingSet(features, rows, each, folds, classes, Activation.SOFTMAX);
    }

    /**
     * Of images of one matrix.
     *
     * @param classes sorted; other labels of an image are left out
     * @param folds (images), the part each image is held out with
     */
    static TrainingSet of(
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

    /** How many images. */
    int images() {
        return labels.length;
    }

    /** These probabilities (images, classes) as answers for all images. */
    Answers answers(double[][] probabilities) {
        return new Answers(activation, labels, probabilities);
    }

    /**
     * Answers out of fold of fits that may not see all images.
     *
     * @param parts (images), the part each image is held out with, in place of this set's folds
     * @param learnFrom (images), which to learn from
     * @param choice how to fit
     * @param stop asked now and then; once it says so, the answers mean nothing
     * @return (images, classes); null where no other part has an image to learn from
     */
    double[][] outOfFold(int[] parts, boolean[] learnFrom, Choice choice, BooleanSupplier stop) {
        double[][] answers = new double[labels.length][];
        for (int part : IntStream.of(parts).distinct().sorted().toArray()) {
            int[] train = images(i -> parts[i] != part && learnFrom[i]);
            if (train.length > 0) {
                CrossEntropy loss = new CrossEntropy(this, train, choice.weights());
                double[] start = new double[loss.parameters()];
                double[] at = loss.minimize(choice.strength(), start, PATH_ACCURACY, stop);
                loss.answer(at, images(i -> parts[i] == part), answers);
            }
        }
        return answers;
    }

    /** The head on all images, as far as it gets until {@code stop} says so. */
    Head.Parameters fit(Choice choice, BooleanSupplier stop) {
        CrossEntropy loss = new CrossEntropy(this, images(i -> true), choice.weights());
        return parameters(
                loss, loss.minimize(choice.strength(), choice.middle(), HEAD_ACCURACY, stop));
    }

    /** Indices of the images that fulfil a condition. */
    int[] images(IntPredicate wanted) {
        return IntStream.range(0, labels.length).filter(wanted).toArray();
    }

    private Head.Parameters parameters(CrossEntropy loss, double[] at) {
        float[] numbers = new float[at.length];
        for (int k = 0; k < at.length; k++) {
            numbers[k] = (float) at[k];
        }
        int weights = loss.mean.length * (at.length / (loss.mean.length + 1));
        return new Head.Parameters(
                Arrays.copyOf(numbers, weights),
                Arrays.copyOfRange(numbers, weights, numbers.length),
                loss.mean,
                loss.scale,
                1,
                activation);
    }
}
