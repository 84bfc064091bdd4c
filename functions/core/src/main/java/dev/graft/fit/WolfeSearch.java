package dev.graft.fit;

import dev.graft.feature.Vectors;

/**
 * Looks along a line for a point that fulfils the strong Wolfe conditions: enough less than at the
 * start, and much flatter. Source: Nocedal and Wright, Numerical Optimization, 2nd edition,
 * algorithms 3.5 and 3.6, with quadratic interpolation on the slopes. Ours also takes a flat point
 * whose value differs from the start only by float32 noise, as Hager and Zhang (2005), section 4.
 */
final class WolfeSearch {
    private static final double ENOUGH_LESS = 1e-4;
    private static final double FLATTER = 0.9;
    private static final double NOISE = 1e-7;
    private static final int MOST_TRIES = 25;

    private final Objective objective;
    private final Point start;
    private final double[] direction;
    private final double slope;

    private record Try(double length, Point point, double slope) {}

    /** Along {@code direction}, which leads down from {@code start}. */
    WolfeSearch(Objective objective, Point start, double[] direction) {
        this.objective = objective;
        this.start = start;
        this.direction = direction;
        this.slope = Vectors.dot(direction, start.gradient());
    }

    /** The point found, trying the whole direction first; the start itself if there is none. */
    Point find() {
        if (!(slope < 0)) {
            return start;
        }
        Try low = new Try(0, start, slope);
        Try high = null;
        double next = 1;
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Try at = at(next);
            boolean tooHigh = !(at.point.value() <= limit(next)) || above(at, low);
            if (!tooHigh && Math.abs(at.slope) <= -FLATTER * slope) {
                return at.point;
            }
            if (tooHigh || at.slope >= 0) {
                high = at;
            } else {
                low = at;
            }
            next = high == null ? 2 * low.length : between(low, high);
        }
        return low.point;
    }

    private double limit(double length) {
        return start.value() + ENOUGH_LESS * length * slope + NOISE * Math.abs(start.value());
    }

    private boolean above(Try at, Try low) {
        return at.point.value() > low.point.value() + NOISE * Math.abs(start.value());
    }

    /** Where the slope would be zero if it changed evenly, kept off both ends. */
    private static double between(Try low, Try high) {
        double range = high.length - low.length;
        double share = high.slope > low.slope ? -low.slope / (high.slope - low.slope) : 0.5;
        return low.length + range * (share > 0.1 && share < 0.9 ? share : 0.5);
    }

    private Try at(double length) {
        double[] at = start.at().clone();
        Vectors.addTo(at, length, direction);
        Point point = Point.of(objective, at);
        return new Try(length, point, Vectors.dot(direction, point.gradient()));
    }
}
