package dev.graft.training;

import dev.graft.evaluation.OutOfFold;
import dev.graft.evaluation.Validation;
import dev.graft.feature.Vectors;
import dev.graft.fit.Scaling;
import dev.graft.head.Tried;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * A way to fit a head, and how well it did out of fold.
 *
 * @param strength of L2
 * @param scaling of the features
 * @param priorAdjustment share of the logarithm of its class frequency that is taken off a score
 * @param predictions for all images, each by the fit that did not see it
 * @param at (parts, parameters), the fit that left each part out
 */
record Choice(
        double strength,
        Scaling scaling,
        double priorAdjustment,
        Validation validation,
        OutOfFold predictions,
        double[][] at) {
    private static final double WORTH_IT = 0.005;
    private static final double AS_SURE = 1.02;
    private static final double MORE_ACCURATE = 0.0025;
    private static final double AT_COST_OF = 0.0025;

    /** Whether the last strength of a path has no less log loss than the one before: its end. */
    static boolean ends(List<Choice> path) {
        int last = path.size() - 1;
        return last > 0
                && !(path.get(last).validation.logLoss() < path.get(last - 1).validation.logLoss());
    }

    /**
     * Of fits of several strengths the one with the least log loss, or the most accurate of those
     * whose log loss is within 2 % of it if that is a quarter of a point more accurate: log loss
     * tells best where it differs, accuracy is what people ask for.
     */
    static Choice ofPath(List<Choice> path) {
        Choice surest =
                Collections.min(path, Comparator.comparing(one -> one.validation.logLoss()));
        double least = surest.validation.logLoss();
        double more = surest.validation.accuracy() + MORE_ACCURATE;
        return path.stream()
                .filter(one -> one.validation.logLoss() <= AS_SURE * least)
                .filter(one -> one.validation.accuracy() >= more)
                .max(
                        Comparator.<Choice>comparingDouble(one -> one.validation.accuracy())
                                .thenComparing(one -> -one.validation.logLoss()))
                .orElse(surest);
    }

    /**
     * Half a point more macro-F1 for at most a quarter of a point of accuracy, give or take the
     * standard error of what the images tell of that: this is how the prior adjustment is chosen.
     * (Log loss cannot tell, as it rises wherever rare classes are answered more often than they
     * occur.)
     */
    boolean fairerThan(Choice other) {
        int images = predictions.images();
        int lost = 0;
        int differing = 0;
        for (int i = 0; i < images; i++) {
            int now = predictions.isRight(i) ? 1 : 0;
            int before = other.predictions.isRight(i) ? 1 : 0;
            lost += before - now;
            differing += Math.abs(before - now);
        }
        return validation.macroF1() >= other.validation.macroF1() + WORTH_IT
                && lost <= AT_COST_OF * images + Math.sqrt(differing);
    }

    /** At least 2 % less log loss at no cost of accuracy: this is how the scaling is chosen. */
    boolean surerThan(Choice other) {
        return AS_SURE * validation.logLoss() <= other.validation.logLoss()
                && validation.accuracy() >= other.validation.accuracy();
    }

    /** Where a fit on all images may start: the mean of those that left a part out. */
    double[] middle() {
        double[] middle = new double[at[0].length];
        for (double[] fit : at) {
            Vectors.addTo(middle, 1.0 / at.length, fit);
        }
        return middle;
    }

    /** For {@code head.json}. */
    Tried card() {
        return new Tried(
                strength,
                scaling.title(),
                null,
                priorAdjustment,
                validation.accuracy(),
                validation.macroF1(),
                validation.logLoss());
    }
}
