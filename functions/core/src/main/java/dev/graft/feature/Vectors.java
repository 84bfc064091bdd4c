package dev.graft.feature;

import java.util.Arrays;

/**
 * Products and sums of vectors, each in a fixed order, so that the same vectors give the same bits
 * on every machine.
 */
public final class Vectors {
    /** Below this share of its length nothing but what was rounded is left of a vector. */
    private static final double NOTHING = 1e-5;

    /** Values that go into each column at once: a cache line. */
    private static final int WRITTEN = 16;

    private Vectors() {}

    /** The dot product; four sums side by side. */
    public static double dot(double[] a, double[] b) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int k = 0;
        for (; k + 3 < a.length; k += 4) {
            sum0 += a[k] * b[k];
            sum1 += a[k + 1] * b[k + 1];
            sum2 += a[k + 2] * b[k + 2];
            sum3 += a[k + 3] * b[k + 3];
        }
        for (; k < a.length; k++) {
            sum0 += a[k] * b[k];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    /** The dot product of two features, summed in double; four sums side by side. */
    public static double dot(float[] a, float[] b) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int k = 0;
        for (; k + 3 < a.length; k += 4) {
            sum0 += (double) a[k] * b[k];
            sum1 += (double) a[k + 1] * b[k + 1];
            sum2 += (double) a[k + 2] * b[k + 2];
            sum3 += (double) a[k + 3] * b[k + 3];
        }
        for (; k < a.length; k++) {
            sum0 += (double) a[k] * b[k];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    /** The dot product of b and as many values of a from a place on; four sums side by side. */
    public static double dot(float[] a, int from, double[] b) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int k = 0;
        for (; k + 3 < b.length; k += 4) {
            sum0 += a[from + k] * b[k];
            sum1 += a[from + k + 1] * b[k + 1];
            sum2 += a[from + k + 2] * b[k + 2];
            sum3 += a[from + k + 3] * b[k + 3];
        }
        for (; k < b.length; k++) {
            sum0 += a[from + k] * b[k];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    /** The cosine of two features; 0 if one of them is all zeros. */
    public static double cosine(float[] a, float[] b) {
        double lengths = Math.sqrt(dot(a, a) * dot(b, b));
        return lengths == 0 ? 0 : dot(a, b) / lengths;
    }

    /**
     * The cosine of two features of length 1, summed in float32, which is faster; four sums side by
     * side.
     */
    public static double cosineOfUnits(float[] a, float[] b) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int k = 0;
        for (; k + 3 < a.length; k += 4) {
            sum0 += a[k] * b[k];
            sum1 += a[k + 1] * b[k + 1];
            sum2 += a[k + 2] * b[k + 2];
            sum3 += a[k + 3] * b[k + 3];
        }
        for (; k < a.length; k++) {
            sum0 += a[k] * b[k];
        }
        return Math.clamp((double) ((sum0 + sum1) + (sum2 + sum3)), -1, 1);
    }

    /** A copy of a feature scaled to length 1; zeros stay zeros. */
    public static float[] unit(float[] feature) {
        return divided(feature, length(feature));
    }

    /** A copy of a feature with each value divided by {@code length}. */
    public static float[] divided(float[] feature, float length) {
        float[] divided = feature.clone();
        for (int k = 0; k < divided.length; k++) {
            divided[k] /= length;
        }
        return divided;
    }

    /** The Euclidean length of a feature; 1 for zeros, which can be divided by it. */
    public static float length(float[] feature) {
        double sum = 0;
        for (float value : feature) {
            sum += (double) value * value;
        }
        return sum == 0 ? 1 : (float) Math.sqrt(sum);
    }

    /** The Euclidean length. */
    public static double norm(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    /** Adds {@code factor} x {@code values} to {@code sum}. */
    public static void addTo(double[] sum, double factor, double[] values) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += factor * values[k];
        }
    }

    /** The columns of a matrix that is given by its rows; none without rows. */
    public static float[][] columns(float[][] rows) {
        float[][] columns = new float[rows.length == 0 ? 0 : rows[0].length][rows.length];
        for (int from = 0; from < rows.length; from += WRITTEN) {
            int to = Math.min(rows.length, from + WRITTEN);
            for (int k = 0; k < columns.length; k++) {
                for (int i = from; i < to; i++) {
                    columns[k][i] = rows[i][k];
                }
            }
        }
        return columns;
    }

    /**
     * Adds {@code factors[k]} x {@code columns[k]} to {@code sums} for each k: the products of one
     * vector with many, which Java's compiler does by vector instructions. Four columns go at once,
     * so that the sums are read and written a quarter as often.
     */
    public static void addColumns(float[] sums, float[][] columns, float[] factors) {
        int k = 0;
        for (; k + 3 < factors.length; k += 4) {
            addFour(sums, columns, factors, k);
        }
        for (; k < factors.length; k++) {
            addOne(sums, columns[k], factors[k]);
        }
    }

    private static void addFour(float[] sums, float[][] columns, float[] factors, int k) {
        float[] a = columns[k];
        float[] b = columns[k + 1];
        float[] c = columns[k + 2];
        float[] d = columns[k + 3];
        float fa = factors[k];
        float fb = factors[k + 1];
        float fc = factors[k + 2];
        float fd = factors[k + 3];
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (fa * a[i] + fb * b[i]) + (fc * c[i] + fd * d[i]);
        }
    }

    private static void addOne(float[] sums, float[] column, float factor) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += factor * column[i];
        }
    }

    /** Multiplies every value by {@code factor}. */
    public static void scale(double[] values, double factor) {
        for (int k = 0; k < values.length; k++) {
            values[k] *= factor;
        }
    }

    /**
     * Vectors of length 1 that are orthogonal to each other, for these, which are changed (modified
     * Gram-Schmidt; Golub and Van Loan, Matrix Computations, section 5.2.8); leaves out what
     * depends on those before.
     */
    public static double[][] orthonormal(double[][] vectors) {
        double[][] basis = new double[vectors.length][];
        int count = 0;
        for (double[] vector : vectors) {
            double before = norm(vector);
            for (int k = 0; k < count; k++) {
                addTo(vector, -dot(basis[k], vector), basis[k]);
            }
            double length = norm(vector);
            if (length > NOTHING * before) {
                scale(vector, 1 / length);
                basis[count++] = vector;
            }
        }
        return Arrays.copyOf(basis, count);
    }

    /** A new array a - b. */
    public static double[] difference(double[] a, double[] b) {
        double[] difference = a.clone();
        addTo(difference, -1, b);
        return difference;
    }
}
