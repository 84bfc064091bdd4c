package dev.graft.training;

import java.util.List;

/**
 * How a head is trained.
 *
 * @param folds of the cross-validation, at least 2
 * @param minimumPerClass images a class needs; smaller classes are left out and reported
 * @param strengths of L2, each positive, strongest first (fits start from the one before)
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

    /** Five folds, five images a class, strengths 1 and 0.1. */
    public static TrainingSettings standard() {
        return new TrainingSettings(5, 5, List.of(1.0, 0.1));
    }
}
