package dev.graft.fit;

/** A smooth convex function to minimize. */
public interface Objective {
    /**
     * The value at a point.
     *
     * @param at the point
     * @param gradient where the gradient goes, of the same length
     */
    double evaluate(double[] at, double[] gradient);

    /**
     * A gradient times about the inverse of the Hessian; always the same positive definite matrix.
     * The better it is, the fewer steps.
     */
    double[] precondition(double[] gradient);
}
