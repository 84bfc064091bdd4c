package dev.graft.index;

import static java.lang.Math.fma;

import dev.graft.feature.Vectors;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/**
 * The most that the cosine of a feature with each of many can be, for a fraction of what the
 * cosines cost: features of a network lie mostly along few directions, so that those parts are
 * compared, and of the rest, which is orthogonal to these, only the lengths (inequality of Cauchy
 * and Schwarz). The directions are found by orthogonal iteration on a sample (Golub and Van Loan,
 * Matrix Computations, section 8.2.4), the same ones each time. What lies along them is kept in
 * columns of bytes. Immutable; safe for use by many threads.
 */
final class CosineBounds {
    /** So many at most; to make bounds costs about as much as so many searches without. */
    static final int DIRECTIONS = 160;

    /**
     * So many of them, those that most lies along, are enough where some features are very alike.
     */
    private static final int FIRST = 32;

    /** With more for each value bounds cost what the cosines do. */
    private static final int VALUES_EACH = 2;

    private static final int SAMPLE = 2_000;
    private static final int ROUNDS = 4;

    /**
     * Cuts of fixed point come to less, in a cosine and in the square of a length: 2^-28 for each
     * of 2,048 values, along all directions.
     */
    private static final float ROUNDED = 3e-4f;

    /** (directions, width), orthonormal; one array, as memory in one piece is read faster. */
    private final float[] directions;

    private final int width;
    private final int first;

    /** (directions): what a code is multiplied by, and what is added then. */
    private final float[] steps;

    private final float[] middles;

    /** (directions, features) */
    private final byte[][] codes;

    /** (features): lengths of what lies in none of the first directions, and in none at all. */
    private final float[] afterFirst;

    private final float[] afterAll;

    /** Of these. */
    CosineBounds(KeptFeature[] features, FeatureColumns columns) {
        float[][] found = directions(features);
        this.width = features[0].width();
        this.directions = new float[found.length * width];
        for (int k = 0; k < found.length; k++) {
            System.arraycopy(found[k], 0, directions, k * width, width);
        }
        this.first = Math.min(FIRST, found.length);
        this.steps = new float[found.length];
        this.middles = new float[found.length];
        this.codes = new byte[found.length][features.length];
        this.afterFirst = new float[features.length];
        this.afterAll = new float[features.length];
        Asked[] asked = asked(found);
        float[][] along = new float[asked.length][features.length];
        for (int i = 0; i < features.length; i++) {
            double square = 0;
            for (int k = 0; k < asked.length; k++) {
                along[k][i] = (float) columns.cosine(asked[k], i);
                square += along[k][i] * along[k][i];
                if (k < first) {
                    afterFirst[i] = rest(square);
                }
            }
            afterAll[i] = rest(square);
        }
        for (int k = 0; k < along.length; k++) {
            code(along[k], k);
        }
    }

    /**
     * Whether the processor multiplies and adds in one instruction, as those since 2013 do; Java
     * does it by {@code BigDecimal} elsewhere.
     */
    static boolean areFast() {
        try {
            Object option =
                    ManagementFactory.getPlatformMBeanServer()
                            .invoke(
                                    new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                                    "getVMOption",
                                    new Object[] {"UseFMA"},
                                    new String[] {String.class.getName()});
            return option instanceof CompositeData told && "true".equals(told.get("value"));
        } catch (JMException | JMRuntimeException otherMachine) {
            return false;
        }
    }

    private static Asked[] asked(float[][] directions) {
        return Arrays.stream(directions).map(Asked::new).toArray(Asked[]::new);
    }

    /** Of a feature of length 1, never too short. */
    private static float rest(double squareAlong) {
        return (float) Math.sqrt(Math.max(0, 1 - squareAlong) + ROUNDED);
    }

    /** By 255 steps from the least to the greatest value along a direction. */
    private void code(float[] along, int k) {
        float least = along[0];
        float greatest = along[0];
        for (float value : along) {
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        middles[k] = (least + greatest) / 2;
        steps[k] = Math.max(Float.MIN_NORMAL, (greatest - least) / 2 / Byte.MAX_VALUE);
        for (int i = 0; i < along.length; i++) {
            codes[k][i] = (byte) Math.round((along[i] - middles[k]) / steps[k]);
        }
    }

    private static float[][] directions(KeptFeature[] features) {
        Random random = new Random(1);
        KeptFeature[] sample =
                random.ints(SAMPLE, 0, features.length)
                        .mapToObj(i -> features[i])
                        .toArray(KeptFeature[]::new);
        int width = features[0].width();
        double[][] found = new double[Math.min(DIRECTIONS, width / VALUES_EACH)][width];
        for (double[] direction : found) {
            Arrays.setAll(direction, j -> random.nextGaussian());
        }
        float[][] directions = orthonormal(found);
        for (int round = 0; round < ROUNDS; round++) {
            directions = turned(directions, sample);
        }
        return directions;
    }

    /** One round: towards where more of the sample lies. */
    private static float[][] turned(float[][] directions, KeptFeature[] sample) {
        FeatureColumns columns = FeatureColumns.of(sample);
        Asked[] asked = asked(directions);
        double[][] turned = new double[directions.length][sample[0].width()];
        for (int i = 0; i < sample.length; i++) {
            double[] unit = doubles(sample[i].unit());
            for (int k = 0; k < turned.length; k++) {
                Vectors.addTo(turned[k], columns.cosine(asked[k], i), unit);
            }
        }
        return orthonormal(turned);
    }

    private static float[][] orthonormal(double[][] vectors) {
        return Arrays.stream(Vectors.orthonormal(vectors))
                .map(CosineBounds::floats)
                .toArray(float[][]::new);
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** The bounds by the first directions. */
    Bounds of(Asked asked) {
        return new Bounds(asked);
    }

    /** Of the cosines with one feature. For one thread. */
    final class Bounds {
        private final Asked asked;

        /** (features) */
        private final float[] most = new float[afterAll.length];

        /** Squared length of what lies along the directions so far. */
        private double square;

        /** What is the same for each feature: that of the middles, and what rounding took. */
        private float beside = ROUNDED;

        private Bounds(Asked asked) {
            this.asked = asked;
            add(0, first);
            float rest = rest(square);
            for (int i = 0; i < most.length; i++) {
                most[i] += rest * afterFirst[i] + beside;
            }
        }

        /** For each feature a number that its cosine is not above; (features). */
        float[] most() {
            return most;
        }

        /** From now on by all directions, which costs more and rules out more; once. */
        void narrow() {
            float less = rest(square);
            float before = beside;
            add(first, steps.length);
            float rest = rest(square);
            float more = beside - before;
            for (int i = 0; i < most.length; i++) {
                most[i] += rest * afterAll[i] - less * afterFirst[i] + more;
            }
        }

        private void add(int from, int to) {
            float[] factors = new float[steps.length];
            for (int k = from; k < to; k++) {
                float along = (float) asked.dot(directions, k * width);
                square += along * along;
                beside += along * middles[k] + Math.abs(along) * steps[k] / 2;
                factors[k] = along * steps[k];
            }
            add(from, to, factors);
        }

        /** Eight columns at once, so that the sums are read and written an eighth as often. */
        private void add(int from, int to, float[] factors) {
            int k = from;
            for (; k + 7 < to; k += 8) {
                addEight(most, k, factors);
            }
            for (; k < to; k++) {
                addOne(most, codes[k], factors[k]);
            }
        }
    }

    private void addEight(float[] sums, int from, float[] factors) {
        byte[] a = codes[from];
        byte[] b = codes[from + 1];
        byte[] c = codes[from + 2];
        byte[] d = codes[from + 3];
        byte[] e = codes[from + 4];
        byte[] f = codes[from + 5];
        byte[] g = codes[from + 6];
        byte[] h = codes[from + 7];
        float fa = factors[from];
        float fb = factors[from + 1];
        float fc = factors[from + 2];
        float fd = factors[from + 3];
        float fe = factors[from + 4];
        float ff = factors[from + 5];
        float fg = factors[from + 6];
        float fh = factors[from + 7];
        for (int i = 0; i < sums.length; i++) {
            float first = fma(fd, d[i], fma(fc, c[i], fma(fb, b[i], fma(fa, a[i], sums[i]))));
            sums[i] = first + fma(fh, h[i], fma(fg, g[i], fma(ff, f[i], fe * e[i])));
        }
    }

    private static void addOne(float[] sums, byte[] column, float factor) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += factor * column[i];
        }
    }
}
