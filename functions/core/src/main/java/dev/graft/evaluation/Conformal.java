package dev.graft.evaluation;

import dev.graft.head.Activation;
import dev.graft.head.ConformalSets;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Thresholds of conformal sets from predictions out of fold. A class is in the set of an image if
 * its probability is at least that of the truth in the asked share of images (Sadinle et al., Least
 * Ambiguous Set-Valued Classifiers, JASA 114, 2019), of the class's own images where there are
 * enough (Vovk, Conditional validity of inductive conformal predictors, ACML 2012). Sets of the
 * fits of the folds hold the truth of at least 1 - 2 alpha of images (Vovk, Cross-conformal
 * predictors, Annals of Mathematics and Artificial Intelligence 74, 2015; Barber et al., Predictive
 * inference with the jackknife+, Annals of Statistics 49, 2021). Ours asks the head instead, which
 * learned from all images, so that the bound holds as far as it predicts like these fits.
 */
public final class Conformal {
    /**
     * Images of a class expected outside of its sets, so that no single one moves the threshold.
     */
    private static final int OUTSIDE = 5;

    private static final MathContext ROUNDED = new MathContext(4, RoundingMode.FLOOR);

    private Conformal() {}

    /**
     * The thresholds; empty for multi-label heads.
     *
     * @param predictions out of fold
     * @param classes names, in the order of the probabilities
     * @param temperature of the head
     */
    public static Optional<ConformalSets> of(
            OutOfFold predictions, List<String> classes, double temperature) {
        if (predictions.activation() == Activation.SIGMOID) {
            return Optional.empty();
        }
        double[] truth =
                IntStream.range(0, predictions.images())
                        .mapToDouble(i -> truth(predictions, i, temperature))
                        .toArray();
        Map<String, double[]> own = new TreeMap<>();
        for (int c = 0; c < classes.size(); c++) {
            int label = c;
            double[] of =
                    IntStream.range(0, truth.length)
                            .filter(i -> predictions.labels()[i][0] == label)
                            .mapToDouble(i -> truth[i])
                            .toArray();
            double[] thresholds =
                    thresholds(of, of.length == 0 ? 0 : 100 - 100 * OUTSIDE / of.length);
            if (thresholds.length > 0) {
                own.put(classes.get(c), thresholds);
            }
        }
        return Optional.of(new ConformalSets(thresholds(truth, ConformalSets.MOST), own));
    }

    private static double truth(OutOfFold predictions, int image, double temperature) {
        return predictions.calibrated(image, temperature)[predictions.labels()[image][0]];
    }

    /**
     * From the lowest coverage up to this one.
     *
     * @param truth probabilities of the true classes
     */
    private static double[] thresholds(double[] truth, int most) {
        double[] rising = truth.clone();
        Arrays.sort(rising);
        return IntStream.rangeClosed(ConformalSets.LEAST, Math.min(most, ConformalSets.MOST))
                .mapToDouble(coverage -> threshold(rising, coverage))
                .toArray();
    }

    /**
     * Reached by the share of images, one more counted as outside; 0 if they are too few to say.
     */
    private static double threshold(double[] rising, int coverage) {
        int inside = ((rising.length + 1) * coverage + 99) / 100;
        return inside > rising.length ? 0 : threshold(rising[rising.length - inside]);
    }

    /** A probability to four digits, never above it, so that who has it reaches the threshold. */
    static double threshold(double probability) {
        return new BigDecimal(probability).round(ROUNDED).doubleValue();
    }
}
