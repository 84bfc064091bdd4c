package dev.graft.training;

import dev.graft.head.Head;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Labelled features with their classes and folds.
 *
 * @param features in any order
 * @param rows (images), where in {@code features} the feature of an image is
 * @param labels (images), index of the class
 * @param folds (images), the part each image is held out with
 */
record TrainingSet(
        FeatureMatrix features, int[] rows, int[] labels, int[] folds, List<String> classes) {

    /** How far above its optimum a loss may end, in nats: while validating, and for the head. */
    private static final double PATH_ACCURACY = 1e-4;

    private static final double HEAD_ACCURACY = 1e-6;

    /**
     * The strength of L2 with the least log loss out of fold, and its figures.
     *
     * @param probabilities (images, classes), each by the fit that did not see the image
     */
    record Choice(double strength, Validation validation, double[][] probabilities) {}

    /**
     * Of images of one matrix.
     *
     * @param folds (images), the part each image is held out with
     */
    static TrainingSet of(List<TrainingImage> images, List<String> classes, int[] folds) {
        return new TrainingSet(
                images.getFirst().matrix(),
                images.stream().mapToInt(TrainingImage::row).toArray(),
                images.stream().mapToInt(image -> classes.indexOf(image.label())).toArray(),
                folds,
                classes);
    }

    /**
     * Cross-validates along the path of strengths, each fit starting from the one before, and stops
     * where the log loss out of fold rises.
     *
     * @param strengths strongest first
     */
    Choice choose(List<Double> strengths) {
        int[] parts = IntStream.of(folds).distinct().sorted().toArray();
        if (parts.length < 2) {
            throw new IllegalStateException(
                    "all labelled images have the same content: add different images");
        }
        SoftmaxLoss[] losses = new SoftmaxLoss[parts.length];
        double[][] at = new double[parts.length][];
        for (int f = 0; f < parts.length; f++) {
            int part = parts[f];
            losses[f] = new SoftmaxLoss(this, images(i -> folds[i] != part));
            at[f] = new double[losses[f].parameters()];
        }
        Choice best = null;
        for (double strength : strengths) {
            double[][] answers = new double[labels.length][];
            for (int f = 0; f < parts.length; f++) {
                int part = parts[f];
                at[f] = losses[f].minimize(strength, at[f], PATH_ACCURACY);
                losses[f].answer(at[f], images(i -> folds[i] == part), answers);
            }
            Validation validation = Validation.of(labels, answers);
            if (best != null && validation.logLoss() >= best.validation.logLoss()) {
                return best;
            }
            best = new Choice(strength, validation, answers);
        }
        return best;
    }

    /**
     * Answers out of fold of fits that may not see all images.
     *
     * @param parts (images), the part each image is held out with, in place of this set's folds
     * @param learnFrom (images), which to learn from
     * @return (images, classes); null where no other part has an image to learn from
     */
    double[][] outOfFold(int[] parts, boolean[] learnFrom, double strength) {
        double[][] answers = new double[labels.length][];
        for (int part : IntStream.of(parts).distinct().sorted().toArray()) {
            int[] train = images(i -> parts[i] != part && learnFrom[i]);
            if (train.length > 0) {
                SoftmaxLoss loss = new SoftmaxLoss(this, train);
                double[] start = new double[loss.parameters()];
                double[] at = loss.minimize(strength, start, PATH_ACCURACY);
                loss.answer(at, images(i -> parts[i] == part), answers);
            }
        }
        return answers;
    }

    Head.Parameters fit(double strength) {
        SoftmaxLoss loss = new SoftmaxLoss(this, images(i -> true));
        return parameters(
                loss, loss.minimize(strength, new double[loss.parameters()], HEAD_ACCURACY));
    }

    private int[] images(IntPredicate wanted) {
        return IntStream.range(0, labels.length).filter(wanted).toArray();
    }

    private static Head.Parameters parameters(SoftmaxLoss loss, double[] at) {
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
                1);
    }
}
