package dev.graft.training;

import dev.graft.fit.ClassWeights;
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
 * @param weights of the classes, tried in this order at the best strength; the first is the one to
 *     beat
 */
public record TrainingSettings(
        Activation activation,
        int folds,
        int minimumPerClass,
        List<Double> strengths,
        List<ClassWeights> weights) {
    /** Checks and copies. */
    public TrainingSettings {
        strengths = List.copyOf(strengths);
        weights = List.copyOf(weights);
        if (folds < 2 || minimumPerClass < 1 || strengths.isEmpty() || weights.isEmpty()) {
            throw new IllegalArgumentException(
                    "folds %d, minimumPerClass %d, strengths %s, weights %s: expected at least 2, 1, one strength and one weighting"
                            .formatted(folds, minimumPerClass, strengths, weights));
        }
    }

    /**
     * Five folds, two images a class, strengths from 10 down to 0.0003, two a decade, any weights.
     */
    public static TrainingSettings standard(Activation activation) {
        return new TrainingSettings(
                activation,
                5,
                Head.LEAST_PER_CLASS,
                List.of(10.0, 3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003),
                List.of(ClassWeights.values()));
    }

    /**
     * The text that goes into the hashes of what a head learned from. It is part of the format of
     * stored heads: another text would have every head trained again.
     */
    String hashed() {
        return "TrainingSettings[activation=%s, folds=%s, minimumPerClass=%s, strengths=%s, weights=%s]"
                .formatted(activation.name(), folds, minimumPerClass, strengths, weights);
    }

    /** For {@code head.json}. */
    HeadCard.Settings card() {
        return new HeadCard.Settings(
                activation.name(),
                folds,
                minimumPerClass,
                strengths,
                weights.stream().map(ClassWeights::name).toList());
    }
}
