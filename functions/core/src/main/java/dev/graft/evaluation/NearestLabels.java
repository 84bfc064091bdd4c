package dev.graft.evaluation;

import dev.graft.feature.Float16;
import dev.graft.feature.Vectors;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** What the labels of the nearest images say of an image, beside the head. */
public final class NearestLabels {
    private static final int NEAREST = 30;

    /** So many images that the head doubts most are looked at. */
    private static final int MOST_ASKED = 1_000;

    /** Such as 20,000 images of 512 values; of more, every so many-th is compared. */
    private static final int MOST_VALUES = 10_000_000;

    private NearestLabels() {}

    private record Near(int image, double similarity) {}

    /**
     * Predictions in which the probabilities of the images whose label is doubted most are the mean
     * of those of the head and the shares of the labels among the {@value #NEAREST} most similar
     * images of other folds.
     *
     * @param predictions out of fold, of the images of {@code set}
     * @param stop asked now and then; once it says so, the others stay as they are
     */
    public static OutOfFold mixed(OutOfFold predictions, TrainingSet set, BooleanSupplier stop) {
        int[] asked =
                IntStream.range(0, predictions.images())
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> margin(predictions, i)))
                        .limit(MOST_ASKED)
                        .mapToInt(i -> i)
                        .toArray();
        long values = (long) set.images() * set.features().width();
        int step = (int) Math.max(1, values / MOST_VALUES);
        int[] compared = IntStream.iterate(0, i -> i < set.images(), i -> i + step).toArray();
        float[][] units =
                IntStream.of(compared).mapToObj(i -> unit(set, i)).toArray(float[][]::new);
        double[][] mixed = predictions.probabilities().clone();
        IntStream.of(asked)
                .parallel()
                .filter(i -> !stop.getAsBoolean())
                .forEach(i -> mixed[i] = mean(mixed[i], shares(set, i, compared, units)));
        return new OutOfFold(predictions.activation(), predictions.labels(), mixed);
    }

    private static float[] unit(TrainingSet set, int image) {
        return Vectors.unit(Float16.decode(set.features().bytes(set.rows()[image])));
    }

    /** Of the least likely true label, against the likeliest other class or against even odds. */
    private static double margin(OutOfFold predictions, int image) {
        double[] p = predictions.probabilities()[image];
        boolean several = predictions.activation() == Activation.SIGMOID;
        double label = 1;
        double other = several ? 0.5 : 0;
        for (int c = 0; c < p.length; c++) {
            if (predictions.has(image, c)) {
                label = Math.min(label, p[c]);
            } else {
                other = Math.max(other, p[c]);
            }
        }
        return label - other;
    }

    private static double[] shares(TrainingSet set, int image, int[] compared, float[][] units) {
        float[] unit = unit(set, image);
        PriorityQueue<Near> nearest =
                new PriorityQueue<>(Comparator.comparingDouble(Near::similarity));
        for (int k = 0; k < units.length; k++) {
            if (set.folds()[compared[k]] != set.folds()[image]) {
                double similarity = Vectors.cosineOfUnits(unit, units[k]);
                if (nearest.size() < NEAREST || similarity > nearest.peek().similarity()) {
                    nearest.add(new Near(compared[k], similarity));
                    if (nearest.size() > NEAREST) {
                        nearest.remove();
                    }
                }
            }
        }
        double[] shares = new double[set.classes().size()];
        for (Near near : nearest) {
            for (int label : set.labels()[near.image()]) {
                shares[label] += 1.0 / nearest.size();
            }
        }
        return shares;
    }

    private static double[] mean(double[] a, double[] b) {
        double[] mean = new double[a.length];
        for (int c = 0; c < mean.length; c++) {
            mean[c] = (a[c] + b[c]) / 2;
        }
        return mean;
    }
}
