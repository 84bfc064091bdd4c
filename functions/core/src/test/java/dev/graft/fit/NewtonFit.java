package dev.graft.fit;

import dev.graft.feature.Float16;
import java.util.Arrays;

/**
 * Softmax regression by damped Newton steps on the full Hessian, all in doubles: slow, and written
 * without a look at {@link CrossEntropy}. Parameters in the same order.
 */
final class NewtonFit {
    private final double[][] x;
    private final int[] labels;
    private final int width;
    private final int classes;
    private final double strength;
    private final double[] share;

    /** Of the loss, each image has its share: the same for all, or as much for each class. */
    NewtonFit(TrainingSet set, double strength) {
        this.labels = Arrays.stream(set.labels()).mapToInt(all -> all[0]).toArray();
        this.width = set.features().width();
        this.classes = set.classes().size();
        this.strength = strength;
        this.share = new double[labels.length];
        for (int i = 0; i < share.length; i++) {
            int label = labels[i];
            long alike = Arrays.stream(labels).filter(other -> other == label).count();
            share[i] = 1.0 / labels.length;
        }
        this.x = new double[labels.length][width + 1];
        for (int i = 0; i < x.length; i++) {
            float[] values = Float16.decode(set.features().bytes(set.rows()[i]));
            for (int j = 0; j < width; j++) {
                x[i][j] = values[j];
            }
            x[i][width] = 1;
        }
        for (int j = 0; j < width; j++) {
            double sum = 0;
            for (double[] row : x) {
                sum += row[j];
            }
            double squares = 0;
            for (double[] row : x) {
                squares += Math.pow(row[j] - sum / x.length, 2);
            }
            for (double[] row : x) {
                row[j] = (row[j] - sum / x.length) / Math.sqrt(squares / x.length);
            }
        }
    }

    /** Where column j of class c is: the last column is the bias. */
    private int index(int c, int j) {
        return j == width ? classes * width + c : c * width + j;
    }

    private double[] probabilities(double[] at, double[] row) {
        double[] p = new double[classes];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            for (int j = 0; j <= width; j++) {
                p[c] += at[index(c, j)] * row[j];
            }
            p[c] = Math.exp(p[c]);
            sum += p[c];
        }
        for (int c = 0; c < classes; c++) {
            p[c] /= sum;
        }
        return p;
    }

    double loss(double[] at) {
        double loss = 0;
        for (int i = 0; i < x.length; i++) {
            loss -= share[i] * Math.log(probabilities(at, x[i])[labels[i]]);
        }
        for (int k = 0; k < classes * width; k++) {
            loss += strength / 2 * at[k] * at[k];
        }
        return loss;
    }

    double[] minimize() {
        double[] at = new double[classes * (width + 1)];
        for (int step = 0; step < 60; step++) {
            double[] direction = direction(at);
            double length = 1;
            double[] next = moved(at, direction, length);
            while (length > 1e-12 && loss(next) > loss(at)) {
                length /= 2;
                next = moved(at, direction, length);
            }
            at = next;
        }
        return at;
    }

    private static double[] moved(double[] at, double[] direction, double length) {
        double[] next = at.clone();
        for (int k = 0; k < at.length; k++) {
            next[k] -= length * direction[k];
        }
        return next;
    }

    private double[] direction(double[] at) {
        int n = at.length;
        double[][] system = new double[n][n + 1];
        for (int i = 0; i < x.length; i++) {
            double[] p = probabilities(at, x[i]);
            for (int c = 0; c < classes; c++) {
                for (int j = 0; j <= width; j++) {
                    double[] line = system[index(c, j)];
                    line[n] += share[i] * (p[c] - (labels[i] == c ? 1 : 0)) * x[i][j];
                    for (int d = 0; d < classes; d++) {
                        double curvature = share[i] * p[c] * ((c == d ? 1 : 0) - p[d]);
                        for (int k = 0; k <= width; k++) {
                            line[index(d, k)] += curvature * x[i][j] * x[i][k];
                        }
                    }
                }
            }
        }
        for (int k = 0; k < n; k++) {
            system[k][n] += k < classes * width ? strength * at[k] : 0;
            system[k][k] += k < classes * width ? strength : 1e-9;
        }
        return solve(system);
    }

    /** Gauss-Jordan with pivots; the last column is the right side. */
    private static double[] solve(double[][] a) {
        int n = a.length;
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
            }
            double[] swap = a[k];
            a[k] = a[pivot];
            a[pivot] = swap;
            for (int i = 0; i < n; i++) {
                double factor = i == k ? 0 : a[i][k] / a[k][k];
                for (int j = k; j <= n; j++) {
                    a[i][j] -= factor * a[k][j];
                }
            }
        }
        double[] solution = new double[n];
        for (int k = 0; k < n; k++) {
            solution[k] = a[k][n] / a[k][k];
        }
        return solution;
    }
}
