package dev.graft.fit;

import java.util.Arrays;

/**
 * What makes every column of the features have mean 0, and deviation 1 each or in the mean of all:
 * the mean is taken off, then the value is divided by the scale.
 *
 * @param mean (width)
 * @param scale (width), positive; 1 for a column that does not vary
 */
public record Standardization(float[] mean, float[] scale) {
    private static final double LEAST_VARIANCE = 1e-12;

    /**
     * From the moments of the rows.
     *
     * @param sums (2 x width), the sum of each column, then that of its squares
     * @param rows how many were summed, at least 1
     */
    static Standardization of(double[] sums, int rows, Scaling scaling) {
        int width = sums.length / 2;
        float[] mean = new float[width];
        float[] scale = new float[width];
        double all = 0;
        for (int j = 0; j < width; j++) {
            double average = sums[j] / rows;
            double variance = sums[width + j] / rows - average * average;
            mean[j] = (float) average;
            all += Math.max(0, variance) / width;
            scale[j] = variance > LEAST_VARIANCE ? (float) Math.sqrt(variance) : 1f;
        }
        if (scaling == Scaling.COMMON) {
            Arrays.fill(scale, all > LEAST_VARIANCE ? (float) Math.sqrt(all) : 1f);
        }
        return new Standardization(mean, scale);
    }

    /** Number of columns. */
    int width() {
        return mean.length;
    }
}
