package dev.graft.evaluation;

import dev.graft.head.Activation;
import dev.graft.head.HeadCard;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How far probabilities can be taken at their word, and the temperature that mends them. Method and
 * error measure: Guo et al., On Calibration of Modern Neural Networks, ICML 2017: one temperature
 * that minimizes log loss; expected calibration error over 15 bins of equal width. Ours is drawn
 * towards 1 as if by {@value #PRIOR} images, so that few images do not drive it far. It is fitted
 * on predictions out of fold, and "after" is cross-fitted: each fold with the temperature of the
 * others. Where that does not lower their log loss, the temperature is left at 1. Where an image
 * has several labels, each probability of each class counts.
 */
public final class Calibration {
    private static final int BINS = 15;
    private static final double LEAST = 0.1;
    private static final double MOST = 10;
    private static final int STEPS = 50;
    private static final double FARTHEST = 0.7;

    /** Precision of the logarithm of the temperature before anything is known. */
    private static final double PRIOR = 10;

    private Calibration() {}

    /**
     * Measures and fits.
     *
     * @param predictions out of fold
     * @param folds (images)
     */
    public static HeadCard.Calibration of(OutOfFold predictions, int[] folds) {
        double[][] soft = new double[folds.length][];
        for (int fold : IntStream.of(folds).distinct().toArray()) {
            double cross = temperature(predictions, i -> folds[i] != fold);
            for (int i = 0; i < folds.length; i++) {
                if (folds[i] == fold) {
                    soft[i] =
                            predictions.activation().soften(predictions.probabilities()[i], cross);
                }
            }
        }
        OutOfFold after = new OutOfFold(predictions.activation(), predictions.labels(), soft);
        List<HeadCard.Bin> binsBefore = bins(predictions);
        List<HeadCard.Bin> binsAfter = bins(after);
        boolean helps = after.logLoss() < predictions.logLoss();
        if (!helps) {
            double error = error(binsBefore);
            return new HeadCard.Calibration(
                    1, error, error, predictions.logLoss(), binsBefore, binsBefore);
        }
        return new HeadCard.Calibration(
                temperature(predictions, i -> true),
                error(binsBefore),
                error(binsAfter),
                after.logLoss(),
                binsBefore,
                binsAfter);
    }

    /** Newton's method on the logarithm of the inverse temperature; 0.1 to 10. */
    static double temperature(OutOfFold predictions, IntPredicate use) {
        Activation activation = predictions.activation();
        double inverse = 1;
        for (int step = 0; step < STEPS; step++) {
            double slope = 0;
            double curvature = 1e-12;
            for (int i = 0; i < predictions.images(); i++) {
                if (use.test(i)) {
                    double[] scores = activation.scores(predictions.probabilities()[i]);
                    double[] now = activation.soft(scores, 1 / inverse);
                    for (int c = 0; c < now.length; c++) {
                        slope += (now[c] - (predictions.has(i, c) ? 1 : 0)) * scores[c];
                    }
                    curvature += activation.secondDerivative(now, scores);
                }
            }
            double gradient = slope * inverse + PRIOR * StrictMath.log(inverse);
            double down = gradient / (curvature * inverse * inverse + PRIOR);
            double next = inverse * StrictMath.exp(Math.clamp(-down, -FARTHEST, FARTHEST));
            next = Math.clamp(next, 1 / MOST, 1 / LEAST);
            if (Math.abs(next - inverse) < 1e-9) {
                break;
            }
            inverse = next;
        }
        return 1 / inverse;
    }

    private static List<HeadCard.Bin> bins(OutOfFold predictions) {
        int[] count = new int[BINS];
        int[] right = new int[BINS];
        double[] confidence = new double[BINS];
        boolean multiLabel = predictions.activation() == Activation.SIGMOID;
        int[] all = IntStream.range(0, predictions.classes()).toArray();
        for (int i = 0; i < predictions.images(); i++) {
            for (int c : multiLabel ? all : predictions.predicted(i)) {
                double probability = predictions.probabilities()[i][c];
                int bin = Math.min(BINS - 1, (int) (probability * BINS));
                count[bin]++;
                right[bin] += predictions.has(i, c) ? 1 : 0;
                confidence[bin] += probability;
            }
        }
        List<HeadCard.Bin> bins = new ArrayList<>();
        for (int b = 0; b < BINS; b++) {
            if (count[b] > 0) {
                double accuracy = (double) right[b] / count[b];
                bins.add(new HeadCard.Bin(count[b], confidence[b] / count[b], accuracy));
            }
        }
        return bins;
    }

    private static double error(List<HeadCard.Bin> bins) {
        double all = bins.stream().mapToInt(HeadCard.Bin::images).sum();
        return bins.stream()
                .mapToDouble(b -> b.images() * Math.abs(b.confidence() - b.accuracy()) / all)
                .sum();
    }
}
