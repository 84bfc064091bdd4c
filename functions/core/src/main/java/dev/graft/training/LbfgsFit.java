package dev.graft.training;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Minimizes a {@link SoftmaxLoss} by L-BFGS. Source: Nocedal and Wright, Numerical Optimization,
 * 2nd edition, algorithms 7.4 (two-loop recursion) and 3.1 (backtracking); ours keeps a pair only
 * if its curvature is positive, which a convex loss gives but for rounding.
 */
final class LbfgsFit {
    private static final int MEMORY = 10;
    private static final int MOST_STEPS = 200;
    private static final double TOLERANCE = 1e-4;

    private record Pair(double[] step, double[] change, double curvature) {}

    private LbfgsFit() {}

    /** The parameters where the largest component of the gradient is at most 1e-4. */
    static double[] minimize(SoftmaxLoss loss, double strength, double[] start) {
        double[] at = start.clone();
        double[] gradient = new double[at.length];
        double value = loss.evaluate(at, strength, gradient);
        ArrayDeque<Pair> pairs = new ArrayDeque<>();
        for (int i = 0; i < MOST_STEPS && largest(gradient) > TOLERANCE; i++) {
            double[] direction = direction(gradient, pairs);
            double slope = dot(direction, gradient);
            double length = pairs.isEmpty() ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
            double[] next = new double[at.length];
            double[] nextGradient = new double[at.length];
            double nextValue = Double.POSITIVE_INFINITY;
            boolean found = false;
            for (int tries = 0; tries < 20 && !found; tries++, length /= 2) {
                for (int k = 0; k < at.length; k++) {
                    next[k] = at[k] + length * direction[k];
                }
                nextValue = loss.evaluate(next, strength, nextGradient);
                found = nextValue <= value + 1e-4 * length * slope;
            }
            if (!found) {
                return at;
            }
            remember(pairs, difference(next, at), difference(nextGradient, gradient));
            at = next;
            gradient = nextGradient;
            value = nextValue;
        }
        return at;
    }

    private static void remember(ArrayDeque<Pair> pairs, double[] step, double[] change) {
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
        if (!pairs.isEmpty()) {
            Pair last = pairs.getLast();
            double factor = last.curvature / dot(last.change, last.change);
            for (int k = 0; k < q.length; k++) {
                q[k] *= factor;
            }
        }
        for (Pair pair : pairs) {
            addTo(q, alpha[i++] - dot(pair.change, q) / pair.curvature, pair.step);
        }
        for (int k = 0; k < q.length; k++) {
            q[k] = -q[k];
        }
        return q;
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    private static void addTo(double[] sum, double factor, double[] values) {
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
