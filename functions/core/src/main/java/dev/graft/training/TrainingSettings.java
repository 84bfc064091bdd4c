package dev.graft.training;

import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadCard;
import java.util.List;

/**
 * How a head is trained.
 *
 * @param activation one label an image, or several
 * @param folds of the cross-validation, at least 2
 * @param minimumPerClass images a class needs; smaller classes are left out and reported
 * @param strengths of L2, each positive, strongest first: tried in this order, each fit starting
 *     from the one before, until the log loss out of fold rises. One weighs against the mean loss
 *     of n images: scikit-learn's C is 1 / (n strength)
 * @param priorAdjustment that is tried at the best strength: so much of the logarithm of its class
 *     frequency is taken off the score of a class; 0 or more, at 0 none is tried
 */
public record TrainingSettings(
        Activation activation,
        int folds,
        int minimumPerClass,
        List<Double> strengths,
        double priorAdjustment) {
    /** Checks and copies. */
    public TrainingSettings {
        strengths = List.copyOf(strengths);
        if (folds < 2 || minimumPerClass < 1 || strengths.isEmpty() || !(priorAdjustment >= 0)) {
            throw new IllegalArgumentException(
                    "folds %d, minimumPerClass %d, strengths %s, prior adjustment %s: expected at least 2, 1, one strength and 0"
                            .formatted(folds, minimumPerClass, strengths, priorAdjustment));
        }
    }

    /**
     * Five folds, two images a class, strengths from 10 down to 0.0003, two a decade, and a prior
     * adjustment of a quarter: on the reference data set it finds more of the rare classes at no
     * cost, where a half costs half a point of accuracy.
     */
    public static TrainingSettings standard(Activation activation) {
        return new TrainingSettings(
                activation,
                5,
                Head.LEAST_PER_CLASS,
                List.of(10.0, 3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003),
                0.25);
    }

    /**
     * The text that goes into the hashes of what a head learned from. It is part of the format of
     * stored heads: another text would have every head trained again, even one that somebody rolled
     * back to. So it names the class weights that were tried before priors were adjusted.
     */
    String hashed() {
        return "TrainingSettings[activation=%s, folds=%s, minimumPerClass=%s, strengths=%s, weights=[NONE, SQUARE_ROOT, BALANCED]]"
                .formatted(activation.name(), folds, minimumPerClass, strengths);
    }

    /** For {@code head.json}. */
    HeadCard.Settings card() {
        return new HeadCard.Settings(
                activation.name(), folds, minimumPerClass, strengths, null, priorAdjustment);
    }
}
