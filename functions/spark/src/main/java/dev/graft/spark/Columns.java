package dev.graft.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;

/**
 * What makes every column of the features have mean 0, and deviation 1 each or in the mean of all,
 * as {@code dev.graft.fit.Standardization} does: float32, and 1 for a column that does not vary.
 *
 * @param mean (width), taken off
 * @param scale (width), positive; then the value is divided by it
 * @param counts (width), whether a column is learned from; 0 stands in for the others
 */
record Columns(float[] mean, float[] scale, boolean[] counts) implements Serializable {
    private static final double LEAST_VARIANCE = 1e-12;

    /**
     * Of the strength of L2. A weight is at most deviation / strength, so that a column of less
     * variance moves no score by more than this. MLlib looks for the weights of columns of
     * deviation 1, for which the penalty of such a column is so steep that it would not arrive.
     */
    private static final double LEAST_EFFECT = 1e-6;

    /**
     * Of the rows to learn from.
     *
     * @param rows with the columns feature and key
     * @param standardized whether each column has a scale of its own
     * @param strength of L2, the least that is fitted
     * @throws IllegalStateException if features have different widths or values that are not
     *     finite; it names one
     */
    static Columns of(JavaRDD<Row> rows, boolean standardized, double strength) {
        double[] sums =
                rows.mapPartitions(
                                part -> {
                                    double[] all = new double[0];
                                    while (part.hasNext()) {
                                        all = plus(all, moments(part.next()));
                                    }
                                    return Collections.singletonList(all).iterator();
                                })
                        .treeReduce(Columns::plus);
        int width = (sums.length - 1) / 2;
        double count = sums[2 * width];
        float[] mean = new float[width];
        float[] scale = new float[width];
        double[] variances = new double[width];
        double common = 0;
        for (int j = 0; j < width; j++) {
            double average = sums[j] / count;
            double variance = sums[width + j] / count - average * average;
            mean[j] = (float) average;
            variances[j] = variance;
            common += Math.max(0, variance) / width;
            scale[j] = variance > LEAST_VARIANCE ? (float) Math.sqrt(variance) : 1f;
        }
        if (!standardized) {
            Arrays.fill(scale, common > LEAST_VARIANCE ? (float) Math.sqrt(common) : 1f);
        }
        boolean[] counts = new boolean[width];
        for (int j = 0; j < width; j++) {
            counts[j] = variances[j] / ((double) scale[j] * scale[j]) > LEAST_EFFECT * strength;
        }
        return new Columns(mean, scale, counts);
    }

    private static double[] moments(Row row) {
        double[] values = Float16.decode(row.<byte[]>getAs("feature"));
        int width = values.length;
        double[] sums = new double[2 * width + 1];
        for (int j = 0; j < width; j++) {
            if (!Double.isFinite(values[j])) {
                throw new IllegalStateException(
                        "feature of %s has the value %s, expected finite ones: upload the image again"
                                .formatted(row.<String>getAs("key"), values[j]));
            }
            sums[j] = values[j];
            sums[width + j] = values[j] * values[j];
        }
        sums[2 * width] = 1;
        return sums;
    }

    private static double[] plus(double[] sums, double[] more) {
        if (sums.length == 0 || more.length == 0) {
            return sums.length == 0 ? more : sums;
        }
        if (sums.length != more.length) {
            throw new IllegalStateException(
                    "features have %d and %d values, expected the same: featurize the images again"
                            .formatted((sums.length - 1) / 2, (more.length - 1) / 2));
        }
        for (int j = 0; j < sums.length; j++) {
            sums[j] += more[j];
        }
        return sums;
    }

    /** A feature as it is learned from. */
    Vector standardized(byte[] feature) {
        double[] values = Float16.decode(feature);
        for (int j = 0; j < values.length; j++) {
            values[j] = counts[j] ? (values[j] - mean[j]) / scale[j] : 0;
        }
        return Vectors.dense(values);
    }
}
