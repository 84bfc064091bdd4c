package dev.graft.prediction;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Tells images that are unlike everything labelled. How familiar an image is: the mean cosine of
 * its feature with its five nearest labelled ones. The threshold is the familiarity that 95 % of
 * labelled images reach when only the images of other folds count as labelled, so no picture
 * vouches for itself or its copies. The idea is that of Sun et al., "Out-of-Distribution Detection
 * with Deep Nearest Neighbors", 2022, equation 3, with the mean of the nearest in place of the
 * k-th. Immutable.
 *
 * @param threshold least familiarity of a known image; empty if too few images are labelled to say
 */
public record Novelty(OptionalDouble threshold) {
    private static final double ACCEPTED = 0.95;
    private static final int NEAREST = 5;

    /** Below this many, the lowest twentieth is not one image. */
    private static final int LEAST = 40;

    private static final int SAMPLE = 200;

    /** Measures the threshold on a sample of the labelled images, the same one each time. */
    static Novelty of(Neighbours images) {
        int[] labelled =
                IntStream.range(0, images.size()).filter(i -> images.label(i) != null).toArray();
        if (labelled.length < LEAST) {
            return new Novelty(OptionalDouble.empty());
        }
        int step = Math.max(1, labelled.length / SAMPLE);
        double[] familiar =
                IntStream.iterate(0, i -> i < labelled.length, i -> i + step)
                        .parallel()
                        .map(i -> labelled[i])
                        .mapToDouble(
                                i ->
                                        familiarity(
                                                nearest(
                                                        images,
                                                        images.unit(i),
                                                        j -> images.fold(j) != images.fold(i))))
                        .toArray();
        Arrays.sort(familiar);
        return new Novelty(
                OptionalDouble.of(familiar[(int) Math.floor((1 - ACCEPTED) * familiar.length)]));
    }

    /** The labelled images that say how familiar a feature is, nearest first. */
    public static List<Neighbours.Neighbour> nearest(Neighbours images, float[] unit) {
        return nearest(images, unit, i -> true);
    }

    private static List<Neighbours.Neighbour> nearest(
            Neighbours images, float[] unit, IntPredicate others) {
        return images.nearest(unit, NEAREST, i -> images.label(i) != null && others.test(i));
    }

    /** How familiar a feature with these nearest images is, -1..1. */
    public static double familiarity(List<Neighbours.Neighbour> nearest) {
        return nearest.stream().mapToDouble(Neighbours.Neighbour::similarity).average().orElse(-1);
    }

    /** Whether so familiar an image is known; without a threshold all are. */
    public boolean knows(double familiarity) {
        return threshold.isEmpty() || familiarity >= threshold.getAsDouble();
    }
}
