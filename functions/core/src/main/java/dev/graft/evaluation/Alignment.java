package dev.graft.evaluation;

import dev.graft.feature.Vectors;
import dev.graft.image.Thumbnail;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether two thumbnails are of one picture, though one of them is cut, turned or mirrored. The
 * whole of one is laid over the other so that they correlate most: from {@value #COARSE} x {@value
 * #COARSE} pixels and a grid of cuts, turns and mirror images on, by hill climbing. Then only what
 * is finer than 3 x 3 pixels is compared (normalized cross-correlation), as a bright flower on dark
 * ground correlates with any other one.
 */
final class Alignment {
    private static final int SIDE = Thumbnail.SIDE;
    private static final int COARSE = Thumbnail.COARSE;

    private static final double FINE_NOISE = 1;

    /** Correlation of the coarse pictures; nearly all altered copies have more. */
    private static final double WORTH_A_CLOSER_LOOK = 0.82;

    /** Fine correlation before the last steps; those of one picture have far more. */
    private static final double HOPELESS = 0.2;

    private static final double[] STEPS = {0.06, 0.04, 0.04, 4};
    private static final double SMALLEST = 0.7;
    private static final double LARGEST = 1.05;

    /** Places in a thumbnail are in fixed point with so many bits behind the point. */
    private static final int BITS = 20;

    private static final int ONE = 1 << BITS;

    /**
     * How the whole lies under a part of it.
     *
     * @param scale side of the part, as a share of that of the whole
     * @param right how far its centre is from that of the whole, as a share of a side
     * @param down likewise
     * @param turn by which it is turned
     * @param mirrored whether left is right
     */
    private record Pose(double scale, double right, double down, Turn turn, boolean mirrored) {

        Pose moved(int axis, double by) {
            double other = Math.clamp(scale + (axis == 0 ? by : 0), SMALLEST, LARGEST);
            return new Pose(
                    other,
                    right + (axis == 1 ? by : 0),
                    down + (axis == 2 ? by : 0),
                    axis == 3 ? Turn.of(turn.degrees + by) : turn,
                    mirrored);
        }
    }

    private record Turn(double degrees, double cos, double sin) {
        static Turn of(double degrees) {
            double angle = StrictMath.toRadians(degrees);
            return new Turn(degrees, StrictMath.cos(angle), StrictMath.sin(angle));
        }
    }

    private static final List<Pose> POSES = poses();

    private Alignment() {}

    private static List<Pose> poses() {
        List<Pose> poses = new ArrayList<>();
        for (boolean mirrored : new boolean[] {false, true}) {
            for (int degrees = -12; degrees <= 12; degrees += 6) {
                poses.add(new Pose(1, 0, 0, Turn.of(degrees), mirrored));
            }
            for (int right = -3; right <= 3; right += 2) {
                for (int down = -3; down <= 3; down += 2) {
                    poses.add(new Pose(0.8, right / 30.0, down / 30.0, Turn.of(0), mirrored));
                }
            }
        }
        return poses;
    }

    /**
     * How a whole correlates most with some parts.
     *
     * @param poses (parts), in which it does so
     * @param correlations (parts)
     */
    record Best(byte[] poses, float[] correlations) {}

    /**
     * Lays a whole thumbnail in every pose under some parts.
     *
     * @param parts (parts, pixels), see {@link Thumbnail#coarse}
     */
    static Best best(byte[] whole, float[][] parts) {
        float[][] pixels = Vectors.columns(parts);
        float[] reduced = Thumbnail.reduced(whole);
        byte[] poses = new byte[parts.length];
        float[] highest = new float[parts.length];
        Arrays.fill(highest, Float.NEGATIVE_INFINITY);
        for (int p = 0; p < POSES.size(); p++) {
            float[] correlations = new float[parts.length];
            Vectors.addColumns(correlations, pixels, posed(reduced, p));
            for (int k = 0; k < parts.length; k++) {
                if (correlations[k] > highest[k]) {
                    highest[k] = correlations[k];
                    poses[k] = (byte) p;
                }
            }
        }
        return new Best(poses, highest);
    }

    private static float[] posed(float[] reduced, int pose) {
        float[] values = new float[COARSE * COARSE];
        sample(reduced, COARSE, POSES.get(pose), values, new boolean[values.length]);
        return Thumbnail.unit(values);
    }

    /**
     * How alike two thumbnails are.
     *
     * @param whole as {@link Thumbnail} gives it
     * @param part likewise
     * @param pose to start from, see {@link #best}
     * @return 1 where they are the same, about 0 where they have nothing in common
     */
    static double similarity(byte[] whole, byte[] part, int pose) {
        var coarse =
                new Climb(
                        Thumbnail.reduced(whole), Thumbnail.reduced(part), COARSE, POSES.get(pose));
        coarse.rounds(0, 2);
        if (coarse.highest < WORTH_A_CLOSER_LOOK) {
            return 0;
        }
        var climb = new Climb(values(whole), values(part), SIDE, coarse.at);
        float[] to = fine(climb.to);
        if (climb.fine(to) < HOPELESS) {
            return 0;
        }
        climb.rounds(1, 4);
        return climb.fine(to);
    }

    /** Hill climbing from one pose on. */
    private static final class Climb {
        private final float[] from;
        private final float[] to;
        private final int side;
        private final float[] laid;
        private final boolean[] covered;
        private Pose at;
        private double highest;

        Climb(float[] from, float[] to, int side, Pose start) {
            this.from = from;
            this.to = to;
            this.side = side;
            laid = new float[from.length];
            covered = new boolean[from.length];
            at = start;
        }

        /** Tries a step along each axis, both ways, half as wide each round. */
        void rounds(int first, int end) {
            highest = correlation(at);
            for (int round = first; round < end; round++) {
                for (int axis = 0; axis < STEPS.length; axis++) {
                    for (int sign = -1; sign <= 1; sign += 2) {
                        Pose next = at.moved(axis, sign * STEPS[axis] / (1 << round));
                        double found = correlation(next);
                        if (found > highest) {
                            highest = found;
                            at = next;
                        }
                    }
                }
            }
        }

        /** Correlation of what is finer than 3 x 3 pixels, in the best pose so far. */
        double fine(float[] other) {
            lay(at);
            return Alignment.correlation(Alignment.fine(laid), other, inside(covered), FINE_NOISE);
        }

        private void lay(Pose pose) {
            sample(from, side, pose, laid, covered);
        }

        private double correlation(Pose pose) {
            lay(pose);
            return Alignment.correlation(laid, to, covered, Thumbnail.NOISE);
        }
    }

    private static float[] values(byte[] thumbnail) {
        float[] values = new float[thumbnail.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = thumbnail[i] & 0xff;
        }
        return values;
    }

    /** Bilinear; beyond the border is the nearest pixel, and not covered. */
    private static void sample(
            float[] from, int side, Pose pose, float[] values, boolean[] covered) {
        double cos = pose.turn().cos() * pose.scale();
        double sin = pose.turn().sin() * pose.scale();
        double flip = pose.mirrored() ? -1 : 1;
        double half = (1 - side) / 2.0;
        int across = fixedPoint(cos * flip);
        int slope = fixedPoint(sin * flip);
        int lean = fixedPoint(-sin);
        int down = fixedPoint(cos);
        int firstX = fixedPoint((cos * flip - sin - 1) * half + pose.right() * side);
        int firstY = fixedPoint((sin * flip + cos - 1) * half + pose.down() * side);
        int last = fixedPoint(side - 1.001);
        for (int row = 0, i = 0; row < side; row++) {
            int x = firstX + row * lean;
            int y = firstY + row * down;
            for (int column = 0; column < side; column++, i++) {
                covered[i] = isInside(x, side) && isInside(y, side);
                int px = Math.max(0, Math.min(x, last));
                int py = Math.max(0, Math.min(y, last));
                int at = (py >> BITS) * side + (px >> BITS);
                float fx = (px & ONE - 1) * (1f / ONE);
                float fy = (py & ONE - 1) * (1f / ONE);
                float above = from[at] + (from[at + 1] - from[at]) * fx;
                float below = from[at + side] + (from[at + side + 1] - from[at + side]) * fx;
                values[i] = above + (below - above) * fy;
                x += across;
                y += slope;
            }
        }
    }

    private static int fixedPoint(double value) {
        return (int) Math.rint(value * ONE);
    }

    /** Not more than half a pixel beyond the first or the last one. */
    private static boolean isInside(int place, int side) {
        return Integer.compareUnsigned(place + ONE / 2, side << BITS) < 0;
    }

    private static double correlation(float[] a, float[] b, boolean[] where, double noise) {
        double n = 0;
        double sumA = 0;
        double sumB = 0;
        double squareA = 0;
        double squareB = 0;
        double product = 0;
        for (int i = 0; i < a.length; i++) {
            if (where[i]) {
                n++;
                sumA += a[i];
                sumB += b[i];
                squareA += a[i] * a[i];
                squareB += b[i] * b[i];
                product += a[i] * b[i];
            }
        }
        if (n == 0) {
            return 0;
        }
        double varianceA = squareA / n - sumA / n * (sumA / n) + noise;
        double varianceB = squareB / n - sumB / n * (sumB / n) + noise;
        return (product / n - sumA / n * (sumB / n)) / Math.sqrt(varianceA * varianceB);
    }

    /** Less the mean of the 3 x 3 pixels around; beyond the border is the nearest pixel. */
    private static float[] fine(float[] values) {
        int size = values.length;
        float[] across = new float[size];
        for (int i = 1; i < size - 1; i++) {
            across[i] = values[i - 1] + values[i] + values[i + 1];
        }
        for (int left = 0, right = SIDE - 1; left < size; left += SIDE, right += SIDE) {
            across[left] = values[left] + values[left] + values[left + 1];
            across[right] = values[right - 1] + values[right] + values[right];
        }
        float[] fine = new float[size];
        for (int i = SIDE; i < size - SIDE; i++) {
            fine[i] = values[i] - (across[i - SIDE] + across[i] + across[i + SIDE]) / 9;
        }
        for (int top = 0, bottom = size - SIDE; top < SIDE; top++, bottom++) {
            fine[top] = values[top] - (across[top] + across[top] + across[top + SIDE]) / 9;
            float above = across[bottom - SIDE];
            fine[bottom] = values[bottom] - (above + across[bottom] + across[bottom]) / 9;
        }
        return fine;
    }

    /** Where the 3 x 3 pixels around are covered. */
    private static boolean[] inside(boolean[] covered) {
        int size = covered.length;
        boolean[] across = covered.clone();
        for (int i = 1; i < size - 1; i++) {
            across[i] = covered[i - 1] && covered[i] && covered[i + 1];
        }
        for (int left = 0, right = SIDE - 1; left < size; left += SIDE, right += SIDE) {
            across[left] = covered[left] && covered[left + 1];
            across[right] = covered[right - 1] && covered[right];
        }
        boolean[] inside = across.clone();
        for (int i = SIDE; i < size - SIDE; i++) {
            inside[i] = across[i - SIDE] && across[i] && across[i + SIDE];
        }
        for (int top = 0, bottom = size - SIDE; top < SIDE; top++, bottom++) {
            inside[top] = across[top] && across[top + SIDE];
            inside[bottom] = across[bottom - SIDE] && across[bottom];
        }
        return inside;
    }
}
