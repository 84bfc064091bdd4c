package dev.graft.index;

import dev.graft.feature.Vectors;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Turns vectors of a covariance into such whose covariance is the unit matrix: with the Cholesky
 * factor L of the covariance, x becomes the solution y of L y = x. Immutable; safe for use by many
 * threads.
 */
final class Whitening {
    private static final int MOST_VALUES = 48_000_000;

    /** Columns of the factor that are subtracted together: 1 MB of 2,048 values. */
    private static final int BLOCK = 64;

    /**
     * Columns of L below its diagonal, one behind the other: products by columns add to many sums
     * at once, which Java's compiler turns into vector instructions, and memory is read from its
     * beginning to its end, which takes a third of the time where it is in no cache.
     */
    private final float[] columns;

    /** (width) */
    private final float[] diagonal;

    private Whitening(float[] diagonal) {
        this.diagonal = diagonal;
        this.columns = new float[Math.multiplyExact(diagonal.length, diagonal.length - 1) / 2];
    }

    /**
     * Of a covariance (Golub and Van Loan, Matrix Computations, section 4.2.6: block after block of
     * columns is found and then subtracted from all that follow, while it is in the cache).
     *
     * @param covariance (width) rows of its lower triangle, the diagonal included; positive
     *     definite
     */
    static Whitening of(double[][] covariance) {
        int width = covariance.length;
        double[][] columns = new double[width][width];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j <= i; j++) {
                columns[j][i] = covariance[i][j];
            }
        }
        for (int first = 0; first < width; first += BLOCK) {
            int end = Math.min(width, first + BLOCK);
            for (int j = first; j < end; j++) {
                subtract(columns, first, j, j);
                Vectors.scale(columns[j], 1 / Math.sqrt(columns[j][j]));
            }
            for (int j = end; j < width; j++) {
                subtract(columns, first, end, j);
            }
        }
        Whitening whitening = new Whitening(new float[width]);
        for (int j = 0; j < width; j++) {
            whitening.diagonal[j] = (float) columns[j][j];
            for (int i = j + 1; i < width; i++) {
                whitening.columns[whitening.before(j) + i] = (float) columns[j][i];
            }
        }
        return whitening;
    }

    /** Subtracts what columns of the factor add to column j of the covariance, four at a time. */
    private static void subtract(double[][] columns, int first, int end, int j) {
        double[] to = columns[j];
        int k = first;
        for (; k + 3 < end; k += 4) {
            subtract(columns, k, to, j);
        }
        for (; k < end; k++) {
            double[] one = columns[k];
            double factor = one[j];
            for (int i = j; i < to.length; i++) {
                to[i] -= factor * one[i];
            }
        }
    }

    /** All at the same place, or the compiler would use no vector instructions. */
    private static void subtract(double[][] columns, int k, double[] to, int j) {
        double[] a = columns[k];
        double[] b = columns[k + 1];
        double[] c = columns[k + 2];
        double[] d = columns[k + 3];
        double fa = a[j];
        double fb = b[j];
        double fc = c[j];
        double fd = d[j];
        for (int i = j; i < to.length; i++) {
            to[i] -= (fa * a[i] + fb * b[i]) + (fc * c[i] + fd * d[i]);
        }
    }

    /**
     * Whitens a vector.
     *
     * @param values (width)
     * @return (width)
     */
    float[] apply(float[] values) {
        float[] white = new float[values.length];
        double[] sums = new double[values.length];
        for (int j = 0; j < white.length; j++) {
            white[j] = (float) ((values[j] - sums[j]) / diagonal[j]);
            add(j, white[j], sums);
        }
        return white;
    }

    private void add(int column, double factor, double[] sums) {
        int before = before(column);
        for (int i = column + 1; i < sums.length; i++) {
            sums[i] += columns[before + i] * factor;
        }
    }

    /** The value of row i of a column is i places behind this one. */
    private int before(int column) {
        return column * (2 * diagonal.length - column - 3) / 2 - 1;
    }

    void write(DataOutput out) throws IOException {
        for (int i = 0; i < diagonal.length; i++) {
            for (int j = 0; j < i; j++) {
                out.writeFloat(columns[before(j) + i]);
            }
            out.writeFloat(diagonal[i]);
        }
    }

    static Whitening read(int width, DataInput in) throws IOException {
        float[][] rows = new float[width][];
        float[] diagonal = new float[width];
        for (int i = 0; i < width; i++) {
            rows[i] = floats(i, in);
            diagonal[i] = in.readFloat();
        }
        Whitening whitening = new Whitening(diagonal);
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < i; j++) {
                whitening.columns[whitening.before(j) + i] = rows[i][j];
            }
        }
        return whitening;
    }

    static void write(float[] values, DataOutput out) throws IOException {
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    static float[] floats(int count, DataInput in) throws IOException {
        if (count < 0 || count > MOST_VALUES) {
            throw new IOException("not a number of values");
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }
}
