package dev.graft.fit;

import java.util.Arrays;

/**
 * A block of rows decoded to float32, small enough for a core's cache: read once, used for scores
 * and gradient. Everything lies in strips of {@link #STRIP} values, one array each, because the
 * compiler turns a loop into vector instructions if it runs from 0 over whole arrays and not if it
 * runs at an offset. Values beyond the width are 0. Sums have a fixed order and {@link Math#fma} is
 * exact, so every machine gives the same bits. Of one thread at a time while it is read; any number
 * may multiply.
 *
 * <p>One result is stored in each of the hot loops, as the compiler makes no vector instructions of
 * loops that store two. The Vector API, which keeps sixteen sums in registers, is 2 to 4 times
 * faster when warm (VectorLoops in functions/benchmarks), but takes a quarter of a second longer to
 * get warm, which a fit of 5,000 rows does not win back, and is an incubator module.
 */
final class RowBlock {
    private static final int STRIP = 256;
    private static final int FOLDED = STRIP / 4;
    private static final int TOGETHER = 8;
    private static final int SHARING = 2;
    private static final int MOST_VALUES = 1 << 16;

    private final short[] bits;
    private final float[][][] values;

    /** For rows of this width. */
    RowBlock(int width) {
        this(strips(rows(width), width));
    }

    /** Of rows that are there already, (rows, strips, 256), a multiple of eight. */
    RowBlock(float[][][] values) {
        this.values = values;
        this.bits = new short[values[0].length * STRIP];
    }

    /** How many rows of a width make a block, a multiple of eight. */
    static int rows(int width) {
        int fitting = MOST_VALUES / (strips(width) * STRIP) / TOGETHER * TOGETHER;
        return Math.clamp(fitting, TOGETHER, 16 * TOGETHER);
    }

    private static int strips(int width) {
        return (width + STRIP - 1) / STRIP;
    }

    /** Zeros (classes, strips, 256) for weights or their gradient. */
    static float[][][] strips(int classes, int width) {
        return new float[classes][strips(width)][STRIP];
    }

    /** Copies {@code values[from]} and what follows into a row of strips. */
    static void copy(double[] values, int from, int width, float[][] row) {
        for (int s = 0; s < row.length; s++) {
            float[] strip = row[s];
            int start = from + s * STRIP;
            for (int l = 0; l < Math.min(STRIP, width - s * STRIP); l++) {
                strip[l] = (float) values[start + l];
            }
        }
    }

    /** Adds {@code strips} to the first classes x width places of {@code flat} and clears them. */
    static void flush(float[][][] strips, int width, double[] flat) {
        for (int c = 0; c < strips.length; c++) {
            flush(strips[c], width, flat, c * width);
        }
    }

    /** Adds a row of strips to {@code flat[from]} and what follows, and clears it. */
    static void flush(float[][] row, int width, double[] flat, int from) {
        for (int s = 0; s < row.length; s++) {
            add(row[s], Math.min(STRIP, width - s * STRIP), flat, from + s * STRIP);
            Arrays.fill(row[s], 0);
        }
    }

    private static void add(float[] strip, int count, double[] flat, int from) {
        for (int l = 0; l < count; l++) {
            flat[from + l] += strip[l];
        }
    }

    /** Reads the rows {@code rows[from]} to {@code rows[to - 1]}, at most a block. */
    void read(FeatureMatrix matrix, int[] rows, int from, int to) {
        for (int i = from; i < to; i++) {
            matrix.read(rows[i], bits);
            float[][] row = values[i - from];
            for (int s = 0; s < row.length; s++) {
                decode(bits, s * STRIP, row[s]);
            }
        }
    }

    /** Takes {@code mean} off every row and multiplies it by {@code factor}, both (strips, 256). */
    void standardize(float[][] mean, float[][] factor) {
        for (float[][] row : values) {
            for (int s = 0; s < row.length; s++) {
                standardize(row[s], mean[s], factor[s]);
            }
        }
    }

    private static void standardize(float[] values, float[] mean, float[] factor) {
        for (int l = 0; l < values.length; l++) {
            values[l] = (values[l] - mean[l]) * factor[l];
        }
    }

    /** A row itself (strips, 256), in the form of the weights of a class. */
    float[][] row(int row) {
        return values[row];
    }

    /** Adds the first rows to the first {@code width} sums, and their squares to the next. */
    void moments(int count, int width, double[] sums) {
        for (int i = 0; i < count; i++) {
            for (int s = 0; s < values[i].length; s++) {
                int inside = Math.min(STRIP, width - s * STRIP);
                add(values[i][s], inside, sums, s * STRIP);
                addSquares(values[i][s], inside, sums, width + s * STRIP);
            }
        }
    }

    private static void addSquares(float[] strip, int count, double[] flat, int from) {
        for (int l = 0; l < count; l++) {
            double value = strip[l];
            flat[from + l] += value * value;
        }
    }

    /** Products of the first {@code count} rows with each class: {@code scores} (classes, rows). */
    void scores(float[][][] weights, int count, float[][] scores) {
        float[] products = new float[STRIP];
        float[] folded = new float[FOLDED];
        for (int from = 0; from < count; from += SHARING) {
            for (int c = 0; c < weights.length; c++) {
                for (int i = from; i < Math.min(count, from + SHARING); i++) {
                    multiply(products, weights[c], values[i]);
                    scores[c][i] = sum(products, folded);
                }
            }
        }
    }

    private static void multiply(float[] products, float[][] weights, float[][] row) {
        int s = row.length % 4 == 2 ? 2 : 0;
        if (s == 2) {
            multiplyFirstTwo(products, weights, row);
        } else {
            Arrays.fill(products, 0);
        }
        for (; s + 3 < row.length; s += 4) {
            multiplyFour(products, weights, row, s);
        }
        for (; s < row.length; s++) {
            multiply(products, weights[s], row[s]);
        }
    }

    /**
     * Adds factor x row for every class and row.
     *
     * @param factors (classes, rows), 0 for rows that were not read
     */
    void addTo(float[][][] gradient, float[][] factors, int count) {
        for (int i = 0; i < count; i += TOGETHER) {
            for (int s = 0; s < values[i].length; s++) {
                for (int c = 0; c < gradient.length; c++) {
                    addEight(gradient[c][s], factors[c], i, s);
                }
            }
        }
    }

    private static void decode(short[] bits, int from, float[] strip) {
        for (int l = 0; l < STRIP; l++) {
            strip[l] = Float.float16ToFloat(bits[from + l]);
        }
    }

    private static void multiply(float[] sums, float[] a, float[] b) {
        for (int l = 0; l < sums.length; l++) {
            sums[l] = Math.fma(a[l], b[l], sums[l]);
        }
    }

    /** Without sums before: 512 values are these two strips. */
    private static void multiplyFirstTwo(float[] sums, float[][] w, float[][] x) {
        float[] w0 = w[0];
        float[] w1 = w[1];
        float[] x0 = x[0];
        float[] x1 = x[1];
        for (int l = 0; l < sums.length; l++) {
            sums[l] = Math.fma(w1[l], x1[l], Math.fma(w0[l], x0[l], 0));
        }
    }

    private static void multiplyFour(float[] sums, float[][] w, float[][] x, int s) {
        float[] w0 = w[s];
        float[] w1 = w[s + 1];
        float[] w2 = w[s + 2];
        float[] w3 = w[s + 3];
        float[] x0 = x[s];
        float[] x1 = x[s + 1];
        float[] x2 = x[s + 2];
        float[] x3 = x[s + 3];
        for (int l = 0; l < sums.length; l++) {
            float two = Math.fma(w1[l], x1[l], Math.fma(w0[l], x0[l], sums[l]));
            sums[l] = Math.fma(w3[l], x3[l], Math.fma(w2[l], x2[l], two));
        }
    }

    private void addEight(float[] sums, float[] f, int i, int s) {
        float f0 = f[i];
        float f1 = f[i + 1];
        float f2 = f[i + 2];
        float f3 = f[i + 3];
        float f4 = f[i + 4];
        float f5 = f[i + 5];
        float f6 = f[i + 6];
        float f7 = f[i + 7];
        float[] x0 = values[i][s];
        float[] x1 = values[i + 1][s];
        float[] x2 = values[i + 2][s];
        float[] x3 = values[i + 3][s];
        float[] x4 = values[i + 4][s];
        float[] x5 = values[i + 5][s];
        float[] x6 = values[i + 6][s];
        float[] x7 = values[i + 7][s];
        for (int l = 0; l < sums.length; l++) {
            float two = Math.fma(f1, x1[l], Math.fma(f0, x0[l], sums[l]));
            float four = Math.fma(f3, x3[l], Math.fma(f2, x2[l], two));
            float six = Math.fma(f5, x5[l], Math.fma(f4, x4[l], four));
            sums[l] = Math.fma(f7, x7[l], Math.fma(f6, x6[l], six));
        }
    }

    /** Folds first, as that can be done by vector instructions. */
    private static float sum(float[] values, float[] folded) {
        for (int l = 0; l < FOLDED; l++) {
            float near = values[l] + values[l + FOLDED];
            folded[l] = near + (values[l + 2 * FOLDED] + values[l + 3 * FOLDED]);
        }
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        float sum4 = 0;
        float sum5 = 0;
        float sum6 = 0;
        float sum7 = 0;
        for (int l = 0; l < FOLDED; l += 8) {
            sum0 += folded[l];
            sum1 += folded[l + 1];
            sum2 += folded[l + 2];
            sum3 += folded[l + 3];
            sum4 += folded[l + 4];
            sum5 += folded[l + 5];
            sum6 += folded[l + 6];
            sum7 += folded[l + 7];
        }
        return ((sum0 + sum1) + (sum2 + sum3)) + ((sum4 + sum5) + (sum6 + sum7));
    }
}
