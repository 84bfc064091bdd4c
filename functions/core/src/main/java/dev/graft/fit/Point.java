package dev.graft.fit;

import dev.graft.feature.Vectors;

/**
 * Where a function was evaluated, with what was found there.
 *
 * @param at the point
 * @param value of the function
 * @param gradient of the function, of the same length as {@code at}
 */
public record Point(double[] at, double value, double[] gradient) {
    static Point of(Objective objective, double[] at) {
        double[] gradient = new double[at.length];
        return new Point(at, objective.evaluate(at, gradient), gradient);
    }

    /** The Euclidean length of the gradient. */
    double gradientNorm() {
        return Vectors.norm(gradient);
    }
}
