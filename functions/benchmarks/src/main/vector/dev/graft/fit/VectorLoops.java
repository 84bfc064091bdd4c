package dev.graft.fit;

import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The two loops of {@link RowBlock}, plain as they are and by the Vector API with sixteen sums held
 * in registers. Stands apart from the build, as the API is an incubator module. Arguments: width and
 * classes, multiples of 64 and 4. Prints GFLOP/s of one thread; the first line is that of a cold JVM,
 * about as long as a fit.
 *
 * <pre>
 * javac --add-modules jdk.incubator.vector -cp $CP -d /tmp/vector VectorLoops.java
 * java --add-modules jdk.incubator.vector -cp $CP:/tmp/vector dev.graft.fit.VectorLoops 2048 8
 * </pre>
 */
final class VectorLoops {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final double FLOP = 4e9;

    private VectorLoops() {}

    public static void main(String[] arguments) {
        int width = Integer.parseInt(arguments[0]);
        int classes = Integer.parseInt(arguments[1]);
        int rows = RowBlock.rows(width);
        Random random = new Random(1);
        float[] x = new float[rows * width];
        float[] w = new float[classes * width];
        for (int k = 0; k < x.length; k++) {
            x[k] = random.nextFloat();
        }
        for (int k = 0; k < w.length; k++) {
            w[k] = random.nextFloat();
        }
        float[] scores = new float[rows * classes];
        float[] gradient = new float[w.length];
        RowBlock block = new RowBlock(width);
        float[][][] weights = RowBlock.strips(classes, width);
        double[] wide = IntStream.range(0, w.length).mapToDouble(k -> w[k]).toArray();
        for (int c = 0; c < classes; c++) {
            RowBlock.copy(wide, c * width, width, weights[c]);
        }
        float[][] plainScores = new float[classes][rows];
        float[][][] plainGradient = RowBlock.strips(classes, width);
        System.out.println(SPECIES + ", GFLOP/s: scores plain, vector; gradient plain, vector");
        for (int turn = 0; turn < 5; turn++) {
            int times = (int) (FLOP / (2.0 * rows * width * classes));
            System.out.printf(
                    Locale.ROOT,
                    "%.1f, %.1f; %.1f, %.1f%n",
                    speed(times, () -> block.scores(weights, rows, plainScores)),
                    speed(times, () -> scores(x, w, width, scores)),
                    speed(times, () -> block.addTo(plainGradient, plainScores, rows)),
                    speed(times, () -> addTo(gradient, x, scores, width)));
        }
    }

    private static double speed(int times, Runnable loop) {
        long start = System.nanoTime();
        for (int k = 0; k < times; k++) {
            loop.run();
        }
        return FLOP / (System.nanoTime() - start);
    }

    /** Scores (rows, classes) of four rows and four classes at a time. */
    private static void scores(float[] x, float[] w, int width, float[] scores) {
        int classes = w.length / width;
        for (int row = 0; row < x.length / width; row += 4) {
            for (int c = 0; c < classes; c += 4) {
                tile(x, row * width, w, c * width, width, scores, row * classes + c, classes);
            }
        }
    }

    private static void tile(
            float[] x, int row, float[] w, int c, int width, float[] scores, int at, int classes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s00 = zero, s01 = zero, s02 = zero, s03 = zero;
        FloatVector s10 = zero, s11 = zero, s12 = zero, s13 = zero;
        FloatVector s20 = zero, s21 = zero, s22 = zero, s23 = zero;
        FloatVector s30 = zero, s31 = zero, s32 = zero, s33 = zero;
        for (int j = 0; j < width; j += LANES) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, c + j);
            FloatVector w1 = FloatVector.fromArray(SPECIES, w, c + width + j);
            FloatVector w2 = FloatVector.fromArray(SPECIES, w, c + 2 * width + j);
            FloatVector w3 = FloatVector.fromArray(SPECIES, w, c + 3 * width + j);
            FloatVector v = FloatVector.fromArray(SPECIES, x, row + j);
            s00 = v.fma(w0, s00);
            s01 = v.fma(w1, s01);
            s02 = v.fma(w2, s02);
            s03 = v.fma(w3, s03);
            v = FloatVector.fromArray(SPECIES, x, row + width + j);
            s10 = v.fma(w0, s10);
            s11 = v.fma(w1, s11);
            s12 = v.fma(w2, s12);
            s13 = v.fma(w3, s13);
            v = FloatVector.fromArray(SPECIES, x, row + 2 * width + j);
            s20 = v.fma(w0, s20);
            s21 = v.fma(w1, s21);
            s22 = v.fma(w2, s22);
            s23 = v.fma(w3, s23);
            v = FloatVector.fromArray(SPECIES, x, row + 3 * width + j);
            s30 = v.fma(w0, s30);
            s31 = v.fma(w1, s31);
            s32 = v.fma(w2, s32);
            s33 = v.fma(w3, s33);
        }
        scores[at] = s00.reduceLanes(VectorOperators.ADD);
        scores[at + 1] = s01.reduceLanes(VectorOperators.ADD);
        scores[at + 2] = s02.reduceLanes(VectorOperators.ADD);
        scores[at + 3] = s03.reduceLanes(VectorOperators.ADD);
        scores[at + classes] = s10.reduceLanes(VectorOperators.ADD);
        scores[at + classes + 1] = s11.reduceLanes(VectorOperators.ADD);
        scores[at + classes + 2] = s12.reduceLanes(VectorOperators.ADD);
        scores[at + classes + 3] = s13.reduceLanes(VectorOperators.ADD);
        scores[at + 2 * classes] = s20.reduceLanes(VectorOperators.ADD);
        scores[at + 2 * classes + 1] = s21.reduceLanes(VectorOperators.ADD);
        scores[at + 2 * classes + 2] = s22.reduceLanes(VectorOperators.ADD);
        scores[at + 2 * classes + 3] = s23.reduceLanes(VectorOperators.ADD);
        scores[at + 3 * classes] = s30.reduceLanes(VectorOperators.ADD);
        scores[at + 3 * classes + 1] = s31.reduceLanes(VectorOperators.ADD);
        scores[at + 3 * classes + 2] = s32.reduceLanes(VectorOperators.ADD);
        scores[at + 3 * classes + 3] = s33.reduceLanes(VectorOperators.ADD);
    }

    /** Adds score x row for every class and row, four classes and four vectors at a time. */
    private static void addTo(float[] gradient, float[] x, float[] scores, int width) {
        int classes = gradient.length / width;
        for (int j = 0; j < width; j += 4 * LANES) {
            for (int c = 0; c < classes; c += 4) {
                addTile(gradient, c * width + j, x, j, width, scores, c, classes);
            }
        }
    }

    private static void addTile(
            float[] gradient,
            int at,
            float[] x,
            int column,
            int width,
            float[] scores,
            int c,
            int classes) {
        int at1 = at + width;
        int at2 = at1 + width;
        int at3 = at2 + width;
        FloatVector g00 = FloatVector.fromArray(SPECIES, gradient, at);
        FloatVector g01 = FloatVector.fromArray(SPECIES, gradient, at + LANES);
        FloatVector g02 = FloatVector.fromArray(SPECIES, gradient, at + 2 * LANES);
        FloatVector g03 = FloatVector.fromArray(SPECIES, gradient, at + 3 * LANES);
        FloatVector g10 = FloatVector.fromArray(SPECIES, gradient, at1);
        FloatVector g11 = FloatVector.fromArray(SPECIES, gradient, at1 + LANES);
        FloatVector g12 = FloatVector.fromArray(SPECIES, gradient, at1 + 2 * LANES);
        FloatVector g13 = FloatVector.fromArray(SPECIES, gradient, at1 + 3 * LANES);
        FloatVector g20 = FloatVector.fromArray(SPECIES, gradient, at2);
        FloatVector g21 = FloatVector.fromArray(SPECIES, gradient, at2 + LANES);
        FloatVector g22 = FloatVector.fromArray(SPECIES, gradient, at2 + 2 * LANES);
        FloatVector g23 = FloatVector.fromArray(SPECIES, gradient, at2 + 3 * LANES);
        FloatVector g30 = FloatVector.fromArray(SPECIES, gradient, at3);
        FloatVector g31 = FloatVector.fromArray(SPECIES, gradient, at3 + LANES);
        FloatVector g32 = FloatVector.fromArray(SPECIES, gradient, at3 + 2 * LANES);
        FloatVector g33 = FloatVector.fromArray(SPECIES, gradient, at3 + 3 * LANES);
        for (int row = 0; row < x.length / width; row++) {
            int from = row * width + column;
            int score = row * classes + c;
            FloatVector v0 = FloatVector.fromArray(SPECIES, x, from);
            FloatVector v1 = FloatVector.fromArray(SPECIES, x, from + LANES);
            FloatVector v2 = FloatVector.fromArray(SPECIES, x, from + 2 * LANES);
            FloatVector v3 = FloatVector.fromArray(SPECIES, x, from + 3 * LANES);
            FloatVector f = FloatVector.broadcast(SPECIES, scores[score]);
            g00 = v0.fma(f, g00);
            g01 = v1.fma(f, g01);
            g02 = v2.fma(f, g02);
            g03 = v3.fma(f, g03);
            f = FloatVector.broadcast(SPECIES, scores[score + 1]);
            g10 = v0.fma(f, g10);
            g11 = v1.fma(f, g11);
            g12 = v2.fma(f, g12);
            g13 = v3.fma(f, g13);
            f = FloatVector.broadcast(SPECIES, scores[score + 2]);
            g20 = v0.fma(f, g20);
            g21 = v1.fma(f, g21);
            g22 = v2.fma(f, g22);
            g23 = v3.fma(f, g23);
            f = FloatVector.broadcast(SPECIES, scores[score + 3]);
            g30 = v0.fma(f, g30);
            g31 = v1.fma(f, g31);
            g32 = v2.fma(f, g32);
            g33 = v3.fma(f, g33);
        }
        g00.intoArray(gradient, at);
        g01.intoArray(gradient, at + LANES);
        g02.intoArray(gradient, at + 2 * LANES);
        g03.intoArray(gradient, at + 3 * LANES);
        g10.intoArray(gradient, at1);
        g11.intoArray(gradient, at1 + LANES);
        g12.intoArray(gradient, at1 + 2 * LANES);
        g13.intoArray(gradient, at1 + 3 * LANES);
        g20.intoArray(gradient, at2);
        g21.intoArray(gradient, at2 + LANES);
        g22.intoArray(gradient, at2 + 2 * LANES);
        g23.intoArray(gradient, at2 + 3 * LANES);
        g30.intoArray(gradient, at3);
        g31.intoArray(gradient, at3 + LANES);
        g32.intoArray(gradient, at3 + 2 * LANES);
        g33.intoArray(gradient, at3 + 3 * LANES);
    }
}
