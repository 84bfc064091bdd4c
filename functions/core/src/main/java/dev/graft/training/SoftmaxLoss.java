package dev.graft.training;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Mean cross-entropy of a softmax layer on standardized features plus L2: (1/n) sum of -log
 * p(label) + strength / 2 * |weights|^2, the bias free. Parameters are one array: weights (classes,
 * width) row-major, then bias (classes). Rows are read in fixed blocks whose sums are added in
 * order, so the result does not depend on the number of threads.
 */
final class SoftmaxLoss {
    private static final int BLOCK = 256;

    private final float[] features;
    private final int[] labels;
    private final int[] rows;
    private final int width;
    private final int classes;
    final float[] mean;
    final float[] scale;

    /**
     * @param features (all rows, width), row-major, as stored
     * @param labels (all rows)
     * @param rows which of them to learn from
     */
    SoftmaxLoss(float[] features, int[] labels, int[] rows, int classes) {
        this.features = features;
        this.labels = labels;
        this.rows = rows;
        this.width = features.length / labels.length;
        this.classes = classes;
        this.mean = new float[width];
        this.scale = new float[width];
        standardize();
    }

    private void standardize() {
        double[] sum = new double[width];
        double[] squares = new double[width];
        for (int row : rows) {
            for (int j = 0; j < width; j++) {
                sum[j] += features[row * width + j];
            }
        }
        for (int row : rows) {
            for (int j = 0; j < width; j++) {
                double off = features[row * width + j] - sum[j] / rows.length;
                squares[j] += off * off;
            }
        }
        for (int j = 0; j < width; j++) {
            mean[j] = (float) (sum[j] / rows.length);
            float deviation = (float) Math.sqrt(squares[j] / rows.length);
            scale[j] = deviation > 1e-6f ? deviation : 1f;
        }
    }

    int parameters() {
        return classes * (width + 1);
    }

    private record Part(double loss, float[] gradient, double[] bias) {}

    /** Loss at {@code at}; its gradient goes to {@code gradient}, the same length. */
    double evaluate(double[] at, double strength, double[] gradient) {
        float[] raw = new float[classes * width];
        double[] offset = Arrays.copyOfRange(at, classes * width, parameters());
        double penalty = 0;
        for (int c = 0; c < classes; c++) {
            for (int j = 0; j < width; j++) {
                int k = c * width + j;
                raw[k] = (float) (at[k] / scale[j]);
                offset[c] -= (double) raw[k] * mean[j];
                penalty += at[k] * at[k];
            }
        }
        int blocks = (rows.length + BLOCK - 1) / BLOCK;
        Part[] parts = new Part[blocks];
        IntStream.range(0, blocks).parallel().forEach(b -> parts[b] = block(b, raw, offset));
        Arrays.fill(gradient, 0);
        double loss = 0;
        for (Part part : parts) {
            loss += part.loss;
            for (int k = 0; k < raw.length; k++) {
                gradient[k] += part.gradient[k];
            }
            for (int c = 0; c < classes; c++) {
                gradient[raw.length + c] += part.bias[c];
            }
        }
        for (int c = 0; c < classes; c++) {
            double residual = gradient[raw.length + c];
            for (int j = 0; j < width; j++) {
                int k = c * width + j;
                gradient[k] =
                        (gradient[k] - residual * mean[j]) / scale[j] / rows.length
                                + strength * at[k];
            }
            gradient[raw.length + c] = residual / rows.length;
        }
        return loss / rows.length + strength / 2 * penalty;
    }

    private Part block(int index, float[] raw, double[] offset) {
        float[] gradient = new float[raw.length];
        double[] bias = new double[classes];
        double[] p = new double[classes];
        double loss = 0;
        for (int i = index * BLOCK; i < Math.min(rows.length, (index + 1) * BLOCK); i++) {
            int start = rows[i] * width;
            for (int c = 0; c < classes; c++) {
                p[c] = offset[c] + dot(raw, c * width, start);
            }
            double max = Arrays.stream(p).max().orElseThrow();
            double sum = 0;
            double truth = p[labels[rows[i]]];
            for (int c = 0; c < classes; c++) {
                p[c] = Math.exp(p[c] - max);
                sum += p[c];
            }
            loss += max + Math.log(sum) - truth;
            for (int c = 0; c < classes; c++) {
                double residual = p[c] / sum - (c == labels[rows[i]] ? 1 : 0);
                bias[c] += residual;
                add((float) residual, start, gradient, c * width);
            }
        }
        return new Part(loss, gradient, bias);
    }

    private float dot(float[] weights, int from, int start) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int j = 0;
        for (; j + 3 < width; j += 4) {
            a += weights[from + j] * features[start + j];
            b += weights[from + j + 1] * features[start + j + 1];
            c += weights[from + j + 2] * features[start + j + 2];
            d += weights[from + j + 3] * features[start + j + 3];
        }
        for (; j < width; j++) {
            a += weights[from + j] * features[start + j];
        }
        return (a + b) + (c + d);
    }

    private void add(float factor, int start, float[] gradient, int from) {
        for (int j = 0; j < width; j++) {
            gradient[from + j] += factor * features[start + j];
        }
    }
}
