package dev.graft.training;

import java.util.ArrayDeque;
import java.util.Iterator;

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

    private record Pair(double[] step, double[] change, double curvature) {}

    private LbfgsFit() {}

    /**
     * Goes downhill from {@code start} until the gradient is no longer than {@code tolerance}, or
     * until float32 noise hides any further way down.
     */
    static Point minimize(Objective objective, double[] start, double tolerance) {
        Point point = Point.of(objective, start);
        ArrayDeque<Pair> pairs = new ArrayDeque<>();
        for (int i = 0; i < MOST_STEPS && point.steepness() > tolerance; i++) {
            double[] direction = direction(point.gradient, pairs);
            double length = pairs.isEmpty() ? 1 / Math.max(1, point.steepness()) : 1;
            Point next = new WolfeSearch(objective, point, direction).from(length);
            if (next == point && pairs.isEmpty()) {
                return point;
            }
            if (next == point) {
                pairs.clear();
            } else {
                remember(pairs, difference(next.at, point.at), next, point);
            }
            point = next;
        }
        return point;
    }

    private static void remember(ArrayDeque<Pair> pairs, double[] step, Point next, Point last) {
        double[] change = difference(next.gradient, last.gradient);
        double curvature = dot(step, change);
        if (curvature > 0) {
            pairs.addLast(new Pair(step, change, curvature));
            if (pairs.size() > MEMORY) {
                pairs.removeFirst();
            }
        }
    }

    private static double[] direction(double[] gradient, ArrayDeque<Pair> pairs) {
        double[] q = gradient.clone();
        double[] alpha = new double[pairs.size()];
        int i = alpha.length;
        for (Iterator<Pair> back = pairs.descendingIterator(); back.hasNext(); ) {
            Pair pair = back.next();
            alpha[--i] = dot(pair.step, q) / pair.curvature;
            addTo(q, -alpha[i], pair.change);
        }
        double factor = -1;
        if (!pairs.isEmpty()) {
            Pair last = pairs.getLast();
            factor = -last.curvature / dot(last.change, last.change);
        }
        for (int k = 0; k < q.length; k++) {
            q[k] *= factor;
        }
        for (Pair pair : pairs) {
            addTo(q, -alpha[i++] - dot(pair.change, q) / pair.curvature, pair.step);
        }
        return q;
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

    private static double[] difference(double[] a, double[] b) {
        double[] difference = a.clone();
        addTo(difference, -1, b);
        return difference;
    }
}
