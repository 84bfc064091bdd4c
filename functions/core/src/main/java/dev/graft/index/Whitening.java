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

    /**
     * (width) columns of L below its diagonal, column j with width - 1 - j values: products by
     * columns add to many sums at once, which Java's compiler turns into vector instructions.
     */
    private final float[][] columns;

    /** (width) */
    private final float[] diagonal;

    private Whitening(float[] diagonal) {
        this.diagonal = diagonal;
        this.columns = new float[diagonal.length][];
        for (int j = 0; j < columns.length; j++) {
            columns[j] = new float[columns.length - 1 - j];
        }
    }

    /**
     * Of a covariance (Golub and Van Loan, Matrix Computations, algorithm 4.2.2).
     *
     * @param covariance (width) rows of its lower triangle, the diagonal included; positive
     *     definite
     */
    static Whitening of(double[][] covariance) {
        int width = covariance.length;
        double[][] factor = new double[width][];
        double[] diagonal = new double[width];
        for (int i = 0; i < width; i++) {
            factor[i] = new double[i];
            for (int j = 0; j < i; j++) {
                double rest = covariance[i][j] - Vectors.dot(factor[j], factor[i]);
                factor[i][j] = rest / diagonal[j];
            }
            diagonal[i] = Math.sqrt(covariance[i][i] - Vectors.dot(factor[i], factor[i]));
        }
        Whitening whitening = new Whitening(new float[width]);
        for (int i = 0; i < width; i++) {
            whitening.diagonal[i] = (float) diagonal[i];
            for (int j = 0; j < i; j++) {
                whitening.columns[j][i - j - 1] = (float) factor[i][j];
            }
        }
        return whitening;
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
            add(columns[j], white[j], sums, j + 1);
        }
        return white;
    }

    private static void add(float[] column, double factor, double[] sums, int from) {
        for (int i = 0; i < column.length; i++) {
            sums[from + i] += column[i] * factor;
        }
    }

    void write(DataOutput out) throws IOException {
        for (int i = 0; i < diagonal.length; i++) {
            for (int j = 0; j < i; j++) {
                out.writeFloat(columns[j][i - j - 1]);
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
                whitening.columns[j][i - j - 1] = rows[i][j];
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
