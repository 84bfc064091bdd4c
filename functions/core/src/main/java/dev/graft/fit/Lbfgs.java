package dev.graft.fit;

import dev.graft.feature.Vectors;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.BooleanSupplier;

/**
 * Minimizes a smooth convex function by L-BFGS. Source: Nocedal and Wright, Numerical Optimization,
 * 2nd edition, algorithms 7.4 (two-loop recursion) and 7.5; the steps fulfil the strong Wolfe
 * conditions, see {@link WolfeSearch}. Plain loops in a fixed order: the same function gives the
 * same bytes on every machine.
 */
public final class Lbfgs {
    private static final int MEMORY = 10;
    private static final int MOST_STEPS = 1_000;

    /** A step, what it changed the gradient by, and that preconditioned. */
    private record Pair(double[] step, double[] change, double[] smooth, double curvature) {}

    private Lbfgs() {}

    /**
     * Goes downhill from {@code start} until the gradient is no longer than {@code tolerance}, or
     * until float32 noise hides any further way down, or until {@code stop}, asked before each
     * step, says so.
     */
    public static Point minimize(
            Objective objective, double[] start, double tolerance, BooleanSupplier stop) {
        Point point = Point.of(objective, start);
        double[] smooth = objective.precondition(point.gradient());
        ArrayDeque<Pair> pairs = new ArrayDeque<>();
        for (int i = 0; i < MOST_STEPS && point.gradientNorm() > tolerance; i++) {
            if (stop.getAsBoolean()) {
                return point;
            }
            double[] direction = direction(point.gradient(), smooth, pairs);
            Point next = new WolfeSearch(objective, point, direction).find();
            if (next == point && pairs.isEmpty()) {
                return point;
            }
            if (next == point) {
                pairs.clear();
            } else {
                double[] nextSmooth = objective.precondition(next.gradient());
                remember(pairs, point, next, Vectors.difference(nextSmooth, smooth));
                smooth = nextSmooth;
            }
            point = next;
        }
        return point;
    }

    private static void remember(ArrayDeque<Pair> pairs, Point last, Point next, double[] smooth) {
        double[] step = Vectors.difference(next.at(), last.at());
        double[] change = Vectors.difference(next.gradient(), last.gradient());
        double curvature = Vectors.dot(step, change);
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
            alpha[--i] = Vectors.dot(pair.step, q) / pair.curvature;
            Vectors.addTo(q, -alpha[i], pair.change);
            Vectors.addTo(r, -alpha[i], pair.smooth);
        }
        double factor = -1;
        if (!pairs.isEmpty()) {
            Pair last = pairs.getLast();
            factor = -last.curvature / Vectors.dot(last.change, last.smooth);
        }
        Vectors.scale(r, factor);
        for (Pair pair : pairs) {
            Vectors.addTo(r, -alpha[i++] - Vectors.dot(pair.change, r) / pair.curvature, pair.step);
        }
        return r;
    }
}
