package dev.graft.index;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Tells images that are unlike everything labelled. How familiar an image is: the mean cosine of
 * its feature with its five nearest labelled ones. The threshold is the familiarity that a chosen
 * share of labelled images reach when only the images of other folds count as labelled, so no
 * picture vouches for itself or its copies. The idea is that of Sun et al., "Out-of-Distribution
 * Detection with Deep Nearest Neighbors", 2022, equation 3, with the mean of the nearest in place
 * of the k-th. Immutable.
 */
public final class Novelty {
    private static final int NEAREST = 5;

    /** Below this many, the lowest twentieth is not one image. */
    public static final int LEAST = 40;

    private static final int SAMPLE = 200;

    /** Of the sample, ascending; empty if too few images are labelled to say. */
    private final double[] familiar;

    private Novelty(double... familiar) {
        this.familiar = familiar;
    }

    /** As it was measured before, see {@link #sample}. */
    static Novelty ofSample(double... familiar) {
        return new Novelty(familiar);
    }

    /** How familiar the images of the sample are, ascending. */
    double[] sample() {
        return familiar.clone();
    }

    /** Measures a sample of the labelled images, the same one each time. */
    static Novelty of(Neighbours images) {
        int[] labelled =
                IntStream.range(0, images.size()).filter(i -> images.label(i) != null).toArray();
        if (labelled.length < LEAST) {
            return new Novelty();
        }
        int step = Math.max(1, labelled.length / SAMPLE);
        return new Novelty(
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
                        .sorted()
                        .toArray());
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

    /**
     * The least familiarity of a known image, -1..1; empty if too few images are labelled to say.
     *
     * @param accepted percentage of labelled images that reach it, 1..99
     */
    public OptionalDouble threshold(int accepted) {
        return familiar.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(familiar[(100 - accepted) * familiar.length / 100]);
    }
}
