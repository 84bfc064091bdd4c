package dev.graft.index;

import dev.graft.feature.Vectors;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Parts of the space of features: each feature belongs to the cell whose centre is nearest to it,
 * scaled to length 1 (an inverted file, Jegou et al., "Product Quantization for Nearest Neighbor
 * Search", 2011, section IV). The centres are those of k-means. Immutable; safe for use by many
 * threads.
 */
final class Cells {
    /** Of so many features for each cell the centres are learned. */
    private static final int LEARNED_EACH = 32;

    /** Cells for each root of the number of features. */
    private static final int FINENESS = 2;

    private static final int ROUNDS = 8;

    private final int learnedOf;
    private final KeptFeature.Halves[] centres;
    private final double[] halfSquares;

    private Cells(int learnedOf, KeptFeature.Halves[] centres) {
        this.learnedOf = learnedOf;
        this.centres = centres;
        this.halfSquares = Arrays.stream(centres).mapToDouble(c -> half(c.values())).toArray();
    }

    private static double half(float[] centre) {
        double square = 0;
        for (float value : centre) {
            square += (double) value * value;
        }
        return square / 2;
    }

    /**
     * Twice as many cells as the root of the number of features (Lloyd's algorithm), the same ones
     * each time.
     *
     * @param features may be none
     */
    static Cells of(List<KeptFeature> features) {
        int count =
                Math.min(features.size(), (int) Math.ceil(FINENESS * Math.sqrt(features.size())));
        int step = Math.max(1, features.size() / Math.max(1, count * LEARNED_EACH));
        List<KeptFeature> some =
                IntStream.iterate(0, i -> i < features.size(), i -> i + step)
                        .mapToObj(features::get)
                        .toList();
        Cells cells =
                new Cells(
                        features.size(),
                        IntStream.range(0, count)
                                .mapToObj(i -> some.get((int) ((long) i * some.size() / count)))
                                .map(first -> KeptFeature.of(first.unit()))
                                .toArray(KeptFeature.Halves[]::new));
        for (int round = 0; round < ROUNDS; round++) {
            cells = cells.moved(some);
        }
        return cells;
    }

    /** Each centre is the mean of what was nearest to it; one without any stays. */
    private Cells moved(List<KeptFeature> features) {
        int[] cells = features.parallelStream().mapToInt(this::of).toArray();
        float[][] sums = new float[centres.length][];
        int[] counts = new int[centres.length];
        for (int i = 0; i < cells.length; i++) {
            float[] unit = features.get(i).unit();
            counts[cells[i]]++;
            if (sums[cells[i]] == null) {
                sums[cells[i]] = unit;
            } else {
                add(unit, sums[cells[i]]);
            }
        }
        return new Cells(
                learnedOf,
                IntStream.range(0, centres.length)
                        .mapToObj(
                                c ->
                                        counts[c] == 0
                                                ? centres[c]
                                                : KeptFeature.of(
                                                        Vectors.divided(sums[c], counts[c])))
                        .toArray(KeptFeature.Halves[]::new));
    }

    private static void add(float[] values, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += values[i];
        }
    }

    /** How many. */
    int count() {
        return centres.length;
    }

    /** Of how many features the centres were learned. */
    int learnedOf() {
        return learnedOf;
    }

    /** The cell of a feature. */
    int of(KeptFeature feature) {
        double[] nearness = nearness(feature.unit());
        int best = 0;
        for (int c = 1; c < nearness.length; c++) {
            if (nearness[c] > nearness[best]) {
                best = c;
            }
        }
        return best;
    }

    /** All cells, the nearest first. */
    int[] nearestFirst(float[] unit) {
        double[] nearness = nearness(unit);
        long[] byDistance = new long[nearness.length];
        for (int c = 0; c < nearness.length; c++) {
            // floats that are not negative are in the order of their bits
            float distance = (float) Math.max(0, 1 - 2 * nearness[c]);
            byDistance[c] = ((long) Float.floatToIntBits(distance) << Integer.SIZE) | c;
        }
        Arrays.sort(byDistance);
        return Arrays.stream(byDistance).mapToInt(place -> (int) place).toArray();
    }

    /** By half of which the squares of the distances fall short of those from the origin. */
    private double[] nearness(float[] unit) {
        Asked asked = new Asked(unit);
        double[] nearness = new double[centres.length];
        for (int c = 0; c < nearness.length; c++) {
            nearness[c] = asked.dot(centres[c]) - halfSquares[c];
        }
        return nearness;
    }

    /**
     * Big-endian: of how many features the centres were learned, number of cells, and each centre
     * as {@link dev.graft.feature.Float16} has it.
     */
    void write(DataOutput out) throws IOException {
        out.writeInt(learnedOf);
        out.writeInt(centres.length);
        for (KeptFeature.Halves centre : centres) {
            out.write(centre.bytes());
        }
    }

    static Cells read(int width, DataInput in) throws IOException {
        int learnedOf = in.readInt();
        int count = in.readInt();
        if (count < 0 || learnedOf < count) {
            throw new IOException("not a number of cells");
        }
        List<KeptFeature.Halves> centres = new ArrayList<>();
        byte[] centre = new byte[2 * width];
        for (int c = 0; c < count; c++) {
            in.readFully(centre);
            centres.add(KeptFeature.stored(centre));
        }
        return new Cells(learnedOf, centres.toArray(KeptFeature.Halves[]::new));
    }
}
