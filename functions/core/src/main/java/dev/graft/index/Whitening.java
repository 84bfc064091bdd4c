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

    /** (width) rows of L left of its diagonal: row i has i values. */
    private final float[][] rows;

    /** (width) */
    private final float[] diagonal;

    private Whitening(float[][] rows, float[] diagonal) {
        this.rows = rows;
        this.diagonal = diagonal;
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
        float[][] rows = new float[width][];
        float[] ends = new float[width];
        for (int i = 0; i < width; i++) {
            ends[i] = (float) diagonal[i];
            rows[i] = new float[i];
            for (int j = 0; j < i; j++) {
                rows[i][j] = (float) factor[i][j];
            }
        }
        return new Whitening(rows, ends);
    }

    /**
     * Whitens a vector.
     *
     * @param values (width)
     * @return (width)
     */
    float[] apply(float[] values) {
        float[] white = new float[values.length];
        for (int i = 0; i < white.length; i++) {
            white[i] = (float) ((values[i] - Vectors.dot(rows[i], white)) / diagonal[i]);
        }
        return white;
    }

    void write(DataOutput out) throws IOException {
        for (int i = 0; i < rows.length; i++) {
            write(rows[i], out);
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
        return new Whitening(rows, diagonal);
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
