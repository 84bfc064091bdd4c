package dev.graft.training;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.BooleanSupplier;

/**
 * Minimizes a smooth convex function by L-BFGS. Source: Nocedal and Wright, Numerical Optimization,
 * 2nd edition, algorithms 7.4 (two-loop recursion) and 7.5; the steps fulfil the strong Wolfe
 * conditions, see {@link WolfeSearch}. Plain loops in a fixed order: the same function gives the
 * same bytes on every machine.
 */
final class LbfgsFit {
    private static final int MEMORY = 10;
    private static final int MOST_STEPS = 1_000;

    /** A function to minimize. */
    interface Objective {
        /** The value at {@code at}; the gradient goes to {@code gradient}, of the same length. */
        double evaluate(double[] at, double[] gradient);

        /**
         * A gradient times about the inverse of the curvature; always the same positive matrix. The
         * better it is, the fewer steps.
         */
        double[] precondition(double[] gradient);
    }

    /** Where the function was evaluated, with what was found there. */
    record Point(double[] at, double value, double[] gradient) {
        static Point of(Objective objective, double[] at) {
            double[] gradient = new double[at.length];
            return new Point(at, objective.evaluate(at, gradient), gradient);
        }

        /** The Euclidean length of the gradient. */
        double steepness() {
            return Math.sqrt(dot(gradient, gradient));
        }
    }

    /** A step, what it changed the gradient by, and that preconditioned. */
    private record Pair(double[] step, double[] change, double[] smooth, double curvature) {}

    private LbfgsFit() {}

    /**
     * Goes downhill from {@code start} until the gradient is no longer than {@code tolerance}, or
     * until float32 noise hides any further way down, or until {@code stop}, asked before each
     * step, says so.
     */
    static Point minimize(
            Objective objective, double[] start, double tolerance, BooleanSupplier stop) {
        Point point = Point.of(objective, start);
        double[] smooth = objective.precondition(point.gradient);
        ArrayDeque<Pair> pairs = new ArrayDeque<>();
        for (int i = 0; i < MOST_STEPS && point.steepness() > tolerance; i++) {
            if (stop.getAsBoolean()) {
                return point;
            }
            double[] direction = direction(point.gradient, smooth, pairs);
            Point next = new WolfeSearch(objective, point, direction).find();
            if (next == point && pairs.isEmpty()) {
                return point;
            }
            if (next == point) {
                pairs.clear();
            } else {
                double[] nextSmooth = objective.precondition(next.gradient);
                remember(pairs, point, next, difference(nextSmooth, smooth));
                smooth = nextSmooth;
            }
            point = next;
        }
        return point;
    }

    private static void remember(ArrayDeque<Pair> pairs, Point last, Point next, double[] smooth) {
        double[] step = difference(next.at, last.at);
        double[] change = difference(next.gradient, last.gradient);
        double curvature = dot(step, change);
        if (curvature > 0) {
            pairs.addLast(new Pair(step, change, smooth, curvature));
            if (pairs.size() > MEMORY) {
                pairs.removeFirst();
            }
        }
    }

    /**
     * The two loops, with the preconditioner as the matrix to start from, scaled by the last pair
     * (equation 7.20 with it in place of the identity). Preconditioning is linear, so it goes along
     * with the first loop instead of being done anew.
     */
    private static double[] direction(double[] gradient, double[] smooth, ArrayDeque<Pair> pairs) {
        double[] q = gradient.clone();
        double[] r = smooth.clone();
        double[] alpha = new double[pairs.size()];
        int i = alpha.length;
        for (Iterator<Pair> back = pairs.descendingIterator(); back.hasNext(); ) {
            Pair pair = back.next();
            alpha[--i] = dot(pair.step, q) / pair.curvature;
            addTo(q, -alpha[i], pair.change);
            addTo(r, -alpha[i], pair.smooth);
        }
        double factor = -1;
        if (!pairs.isEmpty()) {
            Pair last = pairs.getLast();
            factor = -last.curvature / dot(last.change, last.smooth);
        }
        scale(r, factor);
        for (Pair pair : pairs) {
            addTo(r, -alpha[i++] - dot(pair.change, r) / pair.curvature, pair.step);
        }
        return r;
    }

    /** Four sums side by side, added in a fixed order. */
    static double dot(double[] a, double[] b) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int k = 0;
        for (; k + 3 < a.length; k += 4) {
            sum0 += a[k] * b[k];
            sum1 += a[k + 1] * b[k + 1];
            sum2 += a[k + 2] * b[k + 2];
            sum3 += a[k + 3] * b[k + 3];
        }
        for (; k < a.length; k++) {
            sum0 += a[k] * b[k];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    static void addTo(double[] sum, double factor, double[] values) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += factor * values[k];
        }
    }

    private static void scale(double[] values, double factor) {
        for (int k = 0; k < values.length; k++) {
            values[k] *= factor;
        }
    }

    private static double[] difference(double[] a, double[] b) {
        double[] difference = a.clone();
        addTo(difference, -1, b);
        return difference;
    }
}
