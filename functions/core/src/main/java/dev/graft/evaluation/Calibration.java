package dev.graft.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How far probabilities can be taken at their word, and the temperature that mends them. Method and
 * error measure: Guo et al., On Calibration of Modern Neural Networks, ICML 2017: one temperature
 * that minimizes log loss; expected calibration error over 15 bins of equal width. Ours is fitted
 * on answers out of fold, and "after" is cross-fitted: each fold with the temperature of the
 * others.
 *
 * @param temperature scores are divided by it; above 1 the head was too sure of itself
 * @param errorBefore mean distance of confidence and accuracy over the bins, 0..1
 * @param errorAfter the same with the temperature
 * @param logLossAfter mean log loss with the temperature, in nats
 * @param before the bins that hold images, by rising confidence
 * @param after likewise
 */
public record Calibration(
        double temperature,
        double errorBefore,
        double errorAfter,
        double logLossAfter,
        List<Bin> before,
        List<Bin> after) {
    private static final int BINS = 15;
    private static final double LEAST = 0.1;
    private static final double MOST = 10;
    private static final int STEPS = 50;

    /**
     * Answers of like confidence.
     *
     * @param images in the bin
     * @param confidence mean probability of the answers, 0..1
     * @param accuracy share of them that is right, 0..1
     */
    public record Bin(int images, double confidence, double accuracy) {}

    /**
     * Measures and fits.
     *
     * @param labels (images)
     * @param folds (images)
     * @param probabilities (images, classes), out of fold
     */
    public static Calibration of(int[] labels, int[] folds, double[][] probabilities) {
        double[][] after = new double[labels.length][];
        for (int fold : IntStream.of(folds).distinct().toArray()) {
            double cross = temperature(labels, probabilities, i -> folds[i] != fold);
            for (int i = 0; i < labels.length; i++) {
                if (folds[i] == fold) {
                    after[i] = soften(probabilities[i], cross);
                }
            }
        }
        double loss = 0;
        for (int i = 0; i < labels.length; i++) {
            loss -= Math.log(Math.max(after[i][labels[i]], 1e-15)) / labels.length;
        }
        List<Bin> binsBefore = bins(labels, probabilities);
        List<Bin> binsAfter = bins(labels, after);
        return new Calibration(
                temperature(labels, probabilities, i -> true),
                error(binsBefore, labels.length),
                error(binsAfter, labels.length),
                loss,
                binsBefore,
                binsAfter);
    }

    /** Newton's method on the inverse temperature, in which the loss is convex; 0.1 to 10. */
    static double temperature(int[] labels, double[][] probabilities, IntPredicate use) {
        double inverse = 1;
        for (int step = 0; step < STEPS; step++) {
            double slope = 0;
            double bend = 1e-12;
            for (int i = 0; i < labels.length; i++) {
                if (use.test(i)) {
                    double[] now = soften(probabilities[i], 1 / inverse);
                    double mean = 0;
                    double square = 0;
                    for (int c = 0; c < now.length; c++) {
                        double score = log(probabilities[i][c]);
                        mean += now[c] * score;
                        square += now[c] * score * score;
                    }
                    slope += mean - log(probabilities[i][labels[i]]);
                    bend += square - mean * mean;
                }
            }
            double next = Math.clamp(inverse - slope / bend, inverse / 2, inverse * 2);
            next = Math.clamp(next, 1 / MOST, 1 / LEAST);
            if (Math.abs(next - inverse) < 1e-9) {
                break;
            }
            inverse = next;
        }
        return 1 / inverse;
    }

    private static double log(double probability) {
        return Math.log(Math.max(probability, 1e-30));
    }

    /** Probabilities of the same scores at another temperature. */
    static double[] soften(double[] probabilities, double temperature) {
        double[] soft = new double[probabilities.length];
        double best = 0;
        for (double p : probabilities) {
            best = Math.max(best, p);
        }
        double sum = 0;
        for (int c = 0; c < soft.length; c++) {
            soft[c] = Math.exp((log(probabilities[c]) - log(best)) / temperature);
            sum += soft[c];
        }
        for (int c = 0; c < soft.length; c++) {
            soft[c] /= sum;
        }
        return soft;
    }

    private static List<Bin> bins(int[] labels, double[][] probabilities) {
        int[] images = new int[BINS];
        int[] right = new int[BINS];
        double[] confidence = new double[BINS];
        for (int i = 0; i < labels.length; i++) {
            int best = Predictions.best(probabilities[i]);
            int bin = Math.min(BINS - 1, (int) (probabilities[i][best] * BINS));
            images[bin]++;
            right[bin] += best == labels[i] ? 1 : 0;
            confidence[bin] += probabilities[i][best];
        }
        List<Bin> bins = new ArrayList<>();
        for (int b = 0; b < BINS; b++) {
            if (images[b] > 0) {
                bins.add(
                        new Bin(
                                images[b],
                                confidence[b] / images[b],
                                (double) right[b] / images[b]));
            }
        }
        return bins;
    }

    private static double error(List<Bin> bins, int images) {
        return bins.stream()
                .mapToDouble(b -> b.images * Math.abs(b.confidence - b.accuracy) / images)
                .sum();
    }
}
