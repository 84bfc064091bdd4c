package dev.graft.evaluation;

import dev.graft.head.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How far probabilities can be taken at their word, and the temperature that mends them. Method and
 * error measure: Guo et al., On Calibration of Modern Neural Networks, ICML 2017: one temperature
 * that minimizes log loss; expected calibration error over 15 bins of equal width. Ours is fitted
 * on answers out of fold, and "after" is cross-fitted: each fold with the temperature of the
 * others. Where an image has several labels, each probability of each class counts.
 *
 * @param temperature scores are divided by it; above 1 the head was too sure of itself
 * @param errorBefore mean distance of confidence and accuracy over the bins, 0..1
 * @param errorAfter the same with the temperature
 * @param logLossAfter mean log loss with the temperature, in nats
 * @param before the bins that hold answers, by rising confidence
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
     * @param images answers in the bin
     * @param confidence mean probability of the answers, 0..1
     * @param accuracy share of them that is right, 0..1
     */
    public record Bin(int images, double confidence, double accuracy) {}

    /**
     * Measures and fits.
     *
     * @param answers out of fold
     * @param folds (images)
     */
    public static Calibration of(Answers answers, int[] folds) {
        double[][] soft = new double[folds.length][];
        for (int fold : IntStream.of(folds).distinct().toArray()) {
            double cross = temperature(answers, i -> folds[i] != fold);
            for (int i = 0; i < folds.length; i++) {
                if (folds[i] == fold) {
                    soft[i] = answers.activation().soften(answers.probabilities()[i], cross);
                }
            }
        }
        Answers after = new Answers(answers.activation(), answers.labels(), soft);
        List<Bin> binsBefore = bins(answers);
        List<Bin> binsAfter = bins(after);
        return new Calibration(
                temperature(answers, i -> true),
                error(binsBefore),
                error(binsAfter),
                after.logLoss(),
                binsBefore,
                binsAfter);
    }

    /** Newton's method on the inverse temperature, in which the loss is convex; 0.1 to 10. */
    static double temperature(Answers answers, IntPredicate use) {
        Activation activation = answers.activation();
        double inverse = 1;
        for (int step = 0; step < STEPS; step++) {
            double slope = 0;
            double bend = 1e-12;
            for (int i = 0; i < answers.images(); i++) {
                if (use.test(i)) {
                    double[] scores = activation.scores(answers.probabilities()[i]);
                    double[] now = activation.soft(scores, 1 / inverse);
                    for (int c = 0; c < now.length; c++) {
                        slope += (now[c] - (answers.has(i, c) ? 1 : 0)) * scores[c];
                    }
                    bend += activation.bend(now, scores);
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

    private static List<Bin> bins(Answers answers) {
        int[] count = new int[BINS];
        int[] right = new int[BINS];
        double[] confidence = new double[BINS];
        boolean several = answers.activation() == Activation.SIGMOID;
        int[] all = IntStream.range(0, answers.classes()).toArray();
        for (int i = 0; i < answers.images(); i++) {
            for (int c : several ? all : answers.of(i)) {
                double probability = answers.probabilities()[i][c];
                int bin = Math.min(BINS - 1, (int) (probability * BINS));
                count[bin]++;
                right[bin] += answers.has(i, c) ? 1 : 0;
                confidence[bin] += probability;
            }
        }
        List<Bin> bins = new ArrayList<>();
        for (int b = 0; b < BINS; b++) {
            if (count[b] > 0) {
                double accuracy = (double) right[b] / count[b];
                bins.add(new Bin(count[b], confidence[b] / count[b], accuracy));
            }
        }
        return bins;
    }

    private static double error(List<Bin> bins) {
        double all = bins.stream().mapToInt(Bin::images).sum();
        return bins.stream()
                .mapToDouble(b -> b.images * Math.abs(b.confidence - b.accuracy) / all)
                .sum();
    }
}
