package dev.graft.evaluation;

import dev.graft.feature.Float16;
import dev.graft.feature.Vectors;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the labels of the nearest images say of an image, beside the head. */
public final class NearestLabels {
    private static final int NEAREST = 30;

    /** So many images that the head doubts most are looked at. */
    private static final int MOST_ASKED = 1_000;

    /** Such as 20,000 images of 512 values; of more, every so many-th is compared. */
    private static final int MOST_VALUES = 10_000_000;

    /** Values of images that are compared at a time, which the second cache holds. */
    private static final int VALUES_AT_A_TIME = 1 << 17;

    /** With fewer images at a time vector instructions do not pay. */
    private static final int LEAST_AT_A_TIME = 128;

    /** Images that are asked about together, while those compared are in the cache. */
    private static final int ASKED_TOGETHER = 50;

    private NearestLabels() {}

    private record Near(int image, double similarity) {}

    /**
     * Some of the images that are compared.
     *
     * @param columns of their features of length 1, (width, images)
     */
    private record Compared(int[] images, float[][] columns) {
        private static Compared of(TrainingSet set, int[] images) {
            return new Compared(images, Vectors.columns(units(set, images)));
        }
    }

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
        int[] every = IntStream.iterate(0, i -> i < set.images(), i -> i + step).toArray();
        int together = Math.max(LEAST_AT_A_TIME, VALUES_AT_A_TIME / set.features().width());
        List<Compared> compared =
                parts(every, together).map(some -> Compared.of(set, some)).toList();
        double[][] mixed = predictions.probabilities().clone();
        parts(asked, ASKED_TOGETHER)
                .parallel()
                .filter(some -> !stop.getAsBoolean())
                .forEach(some -> mix(mixed, set, some, compared));
        return new OutOfFold(predictions.activation(), predictions.labels(), mixed);
    }

    private static Stream<int[]> parts(int[] images, int together) {
        return IntStream.range(0, (images.length + together - 1) / together)
                .map(part -> part * together)
                .mapToObj(
                        i -> Arrays.copyOfRange(images, i, Math.min(images.length, i + together)));
    }

    private static float[][] units(TrainingSet set, int[] images) {
        return IntStream.of(images).mapToObj(i -> unit(set, i)).toArray(float[][]::new);
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

    private static void mix(
            double[][] mixed, TrainingSet set, int[] asked, List<Compared> compared) {
        float[][] units = units(set, asked);
        List<PriorityQueue<Near>> nearest =
                IntStream.of(asked)
                        .mapToObj(
                                i ->
                                        new PriorityQueue<>(
                                                Comparator.comparingDouble(Near::similarity)))
                        .toList();
        for (Compared some : compared) {
            for (int k = 0; k < asked.length; k++) {
                compare(set, asked[k], units[k], some, nearest.get(k));
            }
        }
        for (int k = 0; k < asked.length; k++) {
            mixed[asked[k]] = mean(mixed[asked[k]], shares(set, nearest.get(k)));
        }
    }

    private static void compare(
            TrainingSet set, int image, float[] unit, Compared some, Queue<Near> nearest) {
        float[] cosines = new float[some.images.length];
        Vectors.addColumns(cosines, some.columns, unit);
        for (int i = 0; i < cosines.length; i++) {
            if ((nearest.size() < NEAREST || cosines[i] > nearest.element().similarity())
                    && set.folds()[some.images[i]] != set.folds()[image]) {
                nearest.add(new Near(some.images[i], cosines[i]));
                if (nearest.size() > NEAREST) {
                    nearest.remove();
                }
            }
        }
    }

    private static double[] shares(TrainingSet set, Collection<Near> nearest) {
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
