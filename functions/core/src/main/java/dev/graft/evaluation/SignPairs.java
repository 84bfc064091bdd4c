package dev.graft.evaluation;

import dev.graft.feature.Vectors;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Pairs of features that point in about the same direction from the mean of all. Not every pair is
 * looked at: each feature gets 64 signs of random projections, off the mean (Charikar, STOC 2002),
 * is sorted by them sixteen times, each time from another sign on, and is compared with its {@value
 * #WINDOW} next neighbours. The cost grows with features x log(features).
 */
final class SignPairs {
    /** Where the random projections start. */
    static final long SEED = 1;

    private static final int BITS = 64;
    private static final int TURN = 4;
    private static final int WINDOW = 32;
    private static final int MOST_DIFFERENT_BITS = 20;
    private static final int MEAN_OF = 10_000;
    private static final long INDEX = 0xff_ffff;

    private final long[] signs;

    /**
     * Of so many features.
     *
     * @param features how many, fewer than 2^24
     * @param feature gives one of them, from several threads at once
     */
    SignPairs(int features, IntFunction<float[]> feature) {
        if (features > INDEX) {
            throw new IllegalArgumentException(
                    "%d images, expected fewer than %d".formatted(features, INDEX));
        }
        signs = signs(features, feature);
    }

    /**
     * The pairs whose smaller index is in a range, each once.
     *
     * @return (pairs), the smaller index times 2^32 plus the larger one, sorted
     */
    long[] pairs(int from, int to) {
        return distinct(
                IntStream.range(0, BITS / TURN)
                        .parallel()
                        .mapToObj(turn -> pairs(turn * TURN, from, to))
                        .flatMapToLong(Arrays::stream));
    }

    /** Each once, sorted; without the objects that {@link LongStream#distinct} makes of them. */
    static long[] distinct(LongStream pairs) {
        long[] sorted = pairs.toArray();
        Arrays.sort(sorted);
        int found = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[found++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, found);
    }

    private long[] pairs(int turn, int from, int to) {
        long[] sorted = new long[signs.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = Long.rotateLeft(signs[i], turn) & ~INDEX | i;
        }
        Arrays.sort(sorted);
        LongStream.Builder pairs = LongStream.builder();
        for (int at = 0; at < sorted.length; at++) {
            int i = (int) (sorted[at] & INDEX);
            for (int next = at + 1; next < Math.min(sorted.length, at + 1 + WINDOW); next++) {
                int j = (int) (sorted[next] & INDEX);
                int first = Math.min(i, j);
                if (first >= from
                        && first < to
                        && Long.bitCount(signs[i] ^ signs[j]) <= MOST_DIFFERENT_BITS) {
                    pairs.add((long) first << 32 | Math.max(i, j));
                }
            }
        }
        return pairs.build().toArray();
    }

    private static long[] signs(int images, IntFunction<float[]> feature) {
        int width = images == 0 ? 0 : feature.apply(0).length;
        double[] mean = new double[width];
        for (int i = 0; i < Math.min(images, MEAN_OF); i++) {
            float[] values = feature.apply(i);
            for (int j = 0; j < width; j++) {
                mean[j] += values[j] / Math.min(images, MEAN_OF);
            }
        }
        Random random = new Random(SEED);
        float[][] planes = new float[BITS][width];
        double[] offsets = new double[BITS];
        for (int b = 0; b < BITS; b++) {
            for (int j = 0; j < width; j++) {
                planes[b][j] = (float) random.nextGaussian();
                offsets[b] += planes[b][j] * mean[j];
            }
        }
        return IntStream.range(0, images)
                .parallel()
                .mapToLong(
                        i -> {
                            float[] values = feature.apply(i);
                            long bits = 0;
                            for (int b = 0; b < BITS; b++) {
                                bits |= Vectors.dot(planes[b], values) > offsets[b] ? 1L << b : 0;
                            }
                            return bits;
                        })
                .toArray();
    }
}
