package dev.graft.training;

import java.util.List;

/**
 * How a head is trained.
 *
 * @param folds of the cross-validation, at least 2
 * @param minimumPerClass images a class needs; smaller classes are left out and reported
 * @param strengths of L2, each positive, strongest first: tried in this order, each fit starting
 *     from the one before, until the log loss out of fold rises. {@code strength} weighs against
 *     the mean loss of n images: scikit-learn's C is 1 / (n strength)
 */
public record TrainingSettings(int folds, int minimumPerClass, List<Double> strengths) {
    /** Checks and copies. */
    public TrainingSettings {
        strengths = List.copyOf(strengths);
        if (folds < 2 || minimumPerClass < 1 || strengths.isEmpty()) {
            throw new IllegalArgumentException(
                    "folds %d, minimumPerClass %d, strengths %s: expected at least 2, 1 and one strength"
                            .formatted(folds, minimumPerClass, strengths));
        }
    }

    /** Five folds, five images a class, strengths from 10 down to 0.0003, two a decade. */
    public static TrainingSettings standard() {
        return new TrainingSettings(
                5, 5, List.of(10.0, 3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003));
    }
}
