package dev.graft.index;

import dev.graft.feature.Label;
import dev.graft.index.Neighbours.Neighbour;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tells images that are unlike everything labelled (out of distribution). Up to four scores are
 * summed: the mean cosine with the five nearest labelled images (after Sun et al.,
 * "Out-of-Distribution Detection with Deep Nearest Neighbors", 2022, equation 3, with the mean of
 * the nearest in place of the k-th), the relative Mahalanobis distance and the energy of {@link
 * Discriminant}, and, where images are marked as none of the classes, the odds against these. Each
 * is scaled by its median and its lowest twentieth over a sample of labelled images, and counts
 * only as far as it is below the median. The threshold is the sum that a chosen share of the sample
 * reaches. Each image of the sample is judged by those of other folds alone, so that no picture
 * vouches for itself or its copies. What each score finds, and why these weights:
 * functions/benchmarks/README.md. Immutable.
 */
public final class Novelty {
    /** So many labelled images an image is compared with. */
    static final int NEAREST = 5;

    /** Below this many, the lowest twentieth is not one image. */
    public static final int LEAST = 40;

    /** A class of fewer has no mean worth the name. */
    private static final int LEAST_OF_A_CLASS = 5;

    private static final int SAMPLE = 200;
    private static final int MOST_SAMPLED = 10_000;
    private static final int FOLDS = 5;

    /** Of more labelled images so many tell the covariance. */
    private static final int MOST_LEARNED = 8_192;

    /** Of cosine, relative distance, energy and odds. */
    private static final double[] WEIGHTS = {3, 3, 1, 6};

    private static final int ODDS = 3;

    private final Optional<Discriminant> discriminant;
    private final Scale[] scales;

    /** Of the sample, ascending; empty if too few images are labelled to say. */
    private final double[] sums;

    private Novelty(Optional<Discriminant> discriminant, Scale[] scales, double[] sums) {
        this.discriminant = discriminant;
        this.scales = scales;
        this.sums = sums;
    }

    /**
     * How a score is spread over known images.
     *
     * @param low what a twentieth is below
     */
    private record Scale(double median, double low) {
        static Scale of(double[] ascending) {
            return new Scale(ascending[ascending.length / 2], ascending[ascending.length / 20]);
        }

        /** 0 from the median on, -1 at the lowest twentieth. */
        double of(double score) {
            return Math.min(0, (score - median) / Math.max(1e-6, median - low));
        }
    }

    /**
     * How familiar an image is.
     *
     * @param nearest labelled images, most similar first
     * @param score at most 0; the lower, the less like the labelled images
     * @param likeMarked whether it is the images marked as none of the classes that tell against it
     */
    public record Familiarity(List<Neighbour> nearest, double score, boolean likeMarked) {}

    /** That says nothing, before anything was measured. */
    static Novelty unmeasured() {
        return new Novelty(Optional.empty(), new Scale[0], new double[0]);
    }

    /** By the cosines alone, as a sample of it was measured before; ascending. */
    private static Novelty ofCosines(double[] sample) {
        if (sample.length == 0) {
            return unmeasured();
        }
        Scale[] scales = {Scale.of(sample)};
        double[] sums =
                IntStream.range(0, sample.length)
                        .mapToDouble(i -> sum(scales, sample[i]))
                        .toArray();
        return new Novelty(Optional.empty(), scales, sums);
    }

    /** Measures a sample of the labelled images, the same one each time. */
    static Novelty of(Neighbours images) {
        int[] known = places(images, Label::isOfClass);
        if (known.length < LEAST) {
            return unmeasured();
        }
        int[] sample = some(known, SAMPLE);
        Optional<DiscriminantSums> learned = learned(images, some(known, MOST_LEARNED));
        List<float[]> units = IntStream.of(sample).mapToObj(images::unit).toList();
        List<List<Neighbour>> nearest =
                images.nearestOfEach(units, NEAREST, k -> ofOtherFolds(images, sample[k]));
        double[][] scores = new double[sample.length][];
        IntStream.range(0, FOLDS)
                .parallel()
                .forEach(
                        fold -> {
                            Optional<Discriminant> others = learned.map(l -> l.without(fold));
                            for (int i = 0; i < sample.length; i++) {
                                if (images.fold(sample[i]) == fold) {
                                    scores[i] = scores(units.get(i), nearest.get(i), others);
                                }
                            }
                        });
        Scale[] scales =
                IntStream.range(0, scores[0].length)
                        .mapToObj(k -> Scale.of(column(scores, k)))
                        .toArray(Scale[]::new);
        double[] sums =
                IntStream.range(0, scores.length)
                        .mapToDouble(i -> sum(scales, scores[i]))
                        .sorted()
                        .toArray();
        return new Novelty(learned.map(l -> l.without(-1)), scales, sums);
    }

    private static IntPredicate ofOtherFolds(Neighbours images, int place) {
        return i -> isKnown(images.label(i)) && images.fold(i) != images.fold(place);
    }

    private static double[] column(double[][] scores, int k) {
        return Arrays.stream(scores).mapToDouble(row -> row[k]).sorted().toArray();
    }

    private static int[] places(Neighbours images, Predicate<String> wanted) {
        return IntStream.range(0, images.size())
                .filter(i -> images.label(i) != null && wanted.test(images.label(i)))
                .toArray();
    }

    private static int[] some(int[] places, int most) {
        int step = Math.max(1, places.length / most);
        return IntStream.iterate(0, i -> i < places.length, i -> i + step)
                .map(i -> places[i])
                .toArray();
    }

    /** Of the classes that have enough images; empty if these are fewer than two. */
    private static Optional<DiscriminantSums> learned(Neighbours images, int[] places) {
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, Set<Integer>> folds = new HashMap<>();
        for (int place : places) {
            String label = images.label(place);
            counts.merge(label, 1, Integer::sum);
            folds.computeIfAbsent(label, name -> new HashSet<>()).add(images.fold(place));
        }
        // copies share a fold: without it nothing would be left of a class of copies
        counts.entrySet()
                .removeIf(
                        one ->
                                one.getValue() < LEAST_OF_A_CLASS
                                        || folds.getOrDefault(one.getKey(), Set.of()).size() < 2);
        if (counts.size() < 2) {
            return Optional.empty();
        }
        List<String> classes = List.copyOf(counts.keySet());
        List<DiscriminantSums.Row> rows = new ArrayList<>();
        for (int place : places) {
            int label = classes.indexOf(images.label(place));
            if (label >= 0) {
                rows.add(new DiscriminantSums.Row(images.unit(place), label, images.fold(place)));
            }
        }
        int[] marked = places(images, Label.NONE_OF_THESE::equals);
        return Optional.of(
                new DiscriminantSums(
                        rows,
                        classes.size(),
                        FOLDS,
                        IntStream.of(marked).mapToObj(images::unit).toList()));
    }

    private static double[] scores(
            float[] unit, List<Neighbour> nearest, Optional<Discriminant> discriminant) {
        double cosine = nearest.isEmpty() ? -1 : 0;
        for (Neighbour one : nearest) {
            cosine += one.similarity() / nearest.size();
        }
        if (discriminant.isEmpty()) {
            return new double[] {cosine};
        }
        Discriminant.Scores scores = discriminant.get().of(unit);
        return discriminant.get().marked().isEmpty()
                ? new double[] {cosine, scores.relative(), scores.energy()}
                : new double[] {cosine, scores.relative(), scores.energy(), scores.odds()};
    }

    private static double sum(Scale[] scales, double... scores) {
        double sum = 0;
        for (int k = 0; k < scores.length; k++) {
            sum += WEIGHTS[k] * scales[k].of(scores[k]);
        }
        return sum;
    }

    /** How familiar a feature is, (width) and of length 1, among the images as they are now. */
    public Familiarity familiarity(Neighbours images, float[] unit) {
        List<Neighbour> nearest = images.nearest(unit, NEAREST, i -> isKnown(images.label(i)));
        if (scales.length == 0) {
            return new Familiarity(nearest, 0, false);
        }
        double[] scores = scores(unit, nearest, discriminant);
        double sum = sum(scales, scores);
        double ofMarked = scores.length > ODDS ? WEIGHTS[ODDS] * scales[ODDS].of(scores[ODDS]) : 0;
        return new Familiarity(nearest, sum, ofMarked < sum - ofMarked);
    }

    private static boolean isKnown(@Nullable String label) {
        return label != null && Label.isOfClass(label);
    }

    /**
     * The least score of a known image, at most 0; empty if too few images are labelled to say.
     *
     * @param accepted percentage of labelled images that reach it, 1..99
     */
    public OptionalDouble threshold(int accepted) {
        return sums.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(sums[(100 - accepted) * sums.length / 100]);
    }

    /**
     * Big-endian: number of images of the sample and their sums as float64, number of scores and
     * median and lowest twentieth of each as float64, whether there is a discriminant, and that.
     */
    void write(DataOutput out) throws IOException {
        out.writeInt(sums.length);
        for (double sum : sums) {
            out.writeDouble(sum);
        }
        out.writeInt(scales.length);
        for (Scale scale : scales) {
            out.writeDouble(scale.median());
            out.writeDouble(scale.low());
        }
        out.writeBoolean(discriminant.isPresent());
        if (discriminant.isPresent()) {
            discriminant.get().write(out);
        }
    }

    static Novelty read(DataInput in) throws IOException {
        double[] sums = doubles(in);
        int count = in.readInt();
        if (count < 0 || count > WEIGHTS.length) {
            throw new IOException("not a number of scores");
        }
        Scale[] scales = new Scale[count];
        for (int k = 0; k < count; k++) {
            scales[k] = new Scale(in.readDouble(), in.readDouble());
        }
        return new Novelty(
                in.readBoolean() ? Optional.of(Discriminant.read(in)) : Optional.empty(),
                scales,
                sums);
    }

    /** Of format 1: number of images of the sample and their cosines as float64. */
    static Novelty readFormat1(DataInput in) throws IOException {
        return ofCosines(doubles(in));
    }

    private static double[] doubles(DataInput in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST_SAMPLED) {
            throw new IOException("not a size of a sample");
        }
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }
}
