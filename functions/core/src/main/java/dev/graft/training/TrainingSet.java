package dev.graft.training;

import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.head.Head;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Labelled features in memory as float32 (images, width), with their classes and folds. */
record TrainingSet(float[] features, int[] labels, int[] folds, List<String> classes) {

    /** The strength of L2 with the least log loss out of fold, and its figures. */
    record Choice(double strength, Validation validation) {}

    static TrainingSet of(List<ImageFeature> images, List<String> classes, int folds) {
        int width = images.getFirst().feature().length / 2;
        if ((long) width * images.size() > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(
                    "%d features of %d values do not fit one array of 2^31 values: label fewer images"
                            .formatted(images.size(), width));
        }
        float[] features = new float[images.size() * width];
        int[] labels = new int[images.size()];
        int[] fold = new int[images.size()];
        for (int i = 0; i < labels.length; i++) {
            ImageFeature image = images.get(i);
            float[] values = Float16.decode(image.feature());
            if (values.length != width) {
                throw new IllegalStateException(
                        "feature of %s has %d values, expected %d: featurize the image again"
                                .formatted(image.key(), values.length, width));
            }
            System.arraycopy(values, 0, features, i * width, width);
            labels[i] = classes.indexOf(image.label().orElseThrow().name());
            fold[i] = image.fold(folds);
        }
        return new TrainingSet(features, labels, fold, classes);
    }

    Choice choose(List<Double> strengths) {
        double[][][] answers = new double[strengths.size()][labels.length][];
        for (int fold : IntStream.of(folds).distinct().sorted().toArray()) {
            int[] train = rows(i -> folds[i] != fold);
            if (train.length == 0) {
                throw new IllegalStateException(
                        "all labelled images have the same content: add different images");
            }
            SoftmaxLoss loss = new SoftmaxLoss(features, labels, train, classes.size());
            double[] at = new double[loss.parameters()];
            for (int s = 0; s < strengths.size(); s++) {
                at = LbfgsFit.minimize(loss, strengths.get(s), at);
                Head head = new Head("fold", classes, "", parameters(loss, at));
                double[][] rows = answers[s];
                Arrays.stream(rows(i -> folds[i] == fold))
                        .parallel()
                        .forEach(i -> rows[i] = head.probabilities(row(i)));
            }
        }
        Choice best = null;
        for (int s = 0; s < strengths.size(); s++) {
            Validation validation = Validation.of(labels, answers[s]);
            if (best == null || validation.logLoss() < best.validation.logLoss()) {
                best = new Choice(strengths.get(s), validation);
            }
        }
        return best;
    }

    Head.Parameters fit(double strength) {
        SoftmaxLoss loss = new SoftmaxLoss(features, labels, rows(i -> true), classes.size());
        return parameters(loss, LbfgsFit.minimize(loss, strength, new double[loss.parameters()]));
    }

    private int[] rows(java.util.function.IntPredicate wanted) {
        return IntStream.range(0, labels.length).filter(wanted).toArray();
    }

    private float[] row(int i) {
        int width = features.length / labels.length;
        return Arrays.copyOfRange(features, i * width, (i + 1) * width);
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
