package dev.graft.vp8;

import java.util.Arrays;

/**
 * Predictions of a macroblock or a 4 x 4 block from what stands above and on the left (RFC 6386,
 * section 12). For one thread.
 */
final class Vp8Prediction {
    /** Of whole macroblocks. */
    static final int DC = 0;

    static final int VERTICAL = 1;
    static final int HORIZONTAL = 2;
    static final int TRUE_MOTION = 3;

    /** The macroblock's blocks are predicted one by one. */
    static final int IN_BLOCKS = 4;

    /** Of blocks. */
    static final int BLOCK_DC = 0;

    static final int BLOCK_TRUE_MOTION = 1;
    static final int BLOCK_VERTICAL = 2;
    static final int BLOCK_HORIZONTAL = 3;
    private static final int LEFT_DOWN = 4;
    private static final int RIGHT_DOWN = 5;
    private static final int VERTICAL_RIGHT = 6;
    private static final int VERTICAL_LEFT = 7;
    private static final int HORIZONTAL_DOWN = 8;

    /** Where the corner stands among {@link #edge}; before it the left, upwards, then above. */
    private static final int CORNER = 4;

    private final int[] edge = new int[CORNER + 9];

    private final byte[] samples;
    private final int stride;

    /** Of blocks of a plane. */
    Vp8Prediction(Vp8Plane plane) {
        samples = plane.samples;
        stride = plane.stride;
    }

    /** Predicts a macroblock of a plane. */
    static void whole(int mode, Vp8Plane plane, int column, int row) {
        byte[] samples = plane.samples;
        int stride = plane.stride;
        int side = plane.side;
        int at = plane.at(column, row);
        switch (mode) {
            case DC -> {
                byte mean = (byte) mean(plane, at, column > 0, row > 0);
                for (int y = 0; y < side; y++) {
                    Arrays.fill(samples, at + y * stride, at + y * stride + side, mean);
                }
            }
            case VERTICAL -> {
                for (int y = 0; y < side; y++) {
                    System.arraycopy(samples, at - stride, samples, at + y * stride, side);
                }
            }
            case HORIZONTAL -> {
                for (int y = 0, to = at; y < side; y++, to += stride) {
                    Arrays.fill(samples, to, to + side, samples[to - 1]);
                }
            }
            default -> trueMotion(samples, at, stride, side);
        }
    }

    private static int mean(Vp8Plane plane, int at, boolean hasLeft, boolean hasAbove) {
        int side = plane.side;
        int sum = 0;
        for (int i = 0; i < side; i++) {
            sum += hasAbove ? plane.samples[at - plane.stride + i] & 0xff : 0;
            sum += hasLeft ? plane.samples[at + i * plane.stride - 1] & 0xff : 0;
        }
        int count = (hasAbove ? side : 0) + (hasLeft ? side : 0);
        return count == 0 ? 128 : (sum + count / 2) / count;
    }

    private static void trueMotion(byte[] samples, int at, int stride, int side) {
        int corner = samples[at - stride - 1] & 0xff;
        for (int y = 0, to = at; y < side; y++, to += stride) {
            int more = (samples[to - 1] & 0xff) - corner;
            for (int x = 0; x < side; x += 4) {
                Vp8Transform.addToFour(samples, at - stride + x, to + x, more);
            }
        }
    }

    /**
     * Predicts a block.
     *
     * @param beyond where the four samples above on the right of the block stand
     */
    void block(int mode, int at, int beyond) {
        for (int i = 0; i < 4; i++) {
            edge[i] = samples[at + (3 - i) * stride - 1] & 0xff;
            edge[CORNER + 1 + i] = samples[at - stride + i] & 0xff;
            edge[CORNER + 5 + i] = samples[beyond + i] & 0xff;
        }
        edge[CORNER] = samples[at - stride - 1] & 0xff;
        switch (mode) {
            case BLOCK_DC -> {
                int sum = 4;
                for (int i = 0; i < 4; i++) {
                    sum += edge[i] + edge[CORNER + 1 + i];
                }
                for (int y = 0; y < 4; y++) {
                    row(at + y * stride, sum >> 3, sum >> 3, sum >> 3, sum >> 3);
                }
            }
            case BLOCK_TRUE_MOTION -> trueMotion(samples, at, stride, 4);
            case BLOCK_VERTICAL -> {
                for (int y = 0; y < 4; y++) {
                    row(at + y * stride, three(4), three(5), three(6), three(7));
                }
            }
            case BLOCK_HORIZONTAL -> {
                for (int y = 0; y < 3; y++) {
                    int mean = three(2 - y);
                    row(at + y * stride, mean, mean, mean, mean);
                }
                int last = edge[1] + 3 * edge[0] + 2 >> 2;
                row(at + 3 * stride, last, last, last, last);
            }
            case LEFT_DOWN -> leftDown(at);
            case RIGHT_DOWN -> {
                for (int y = 0; y < 4; y++) {
                    row(at + y * stride, three(3 - y), three(4 - y), three(5 - y), three(6 - y));
                }
            }
            case VERTICAL_RIGHT -> verticalRight(at);
            case VERTICAL_LEFT -> verticalLeft(at);
            case HORIZONTAL_DOWN -> horizontalDown(at);
            default -> horizontalUp(at);
        }
    }

    /** Rounded mean of two of the edge, from a place on. */
    private int two(int from) {
        return edge[from] + edge[from + 1] + 1 >> 1;
    }

    /** Rounded mean of three of the edge, from a place on, the middle one counted twice. */
    private int three(int from) {
        return edge[from] + 2 * edge[from + 1] + edge[from + 2] + 2 >> 2;
    }

    private void row(int at, int a, int b, int c, int d) {
        samples[at] = (byte) a;
        samples[at + 1] = (byte) b;
        samples[at + 2] = (byte) c;
        samples[at + 3] = (byte) d;
    }

    private void leftDown(int at) {
        int last = edge[11] + 3 * edge[12] + 2 >> 2;
        row(at, three(5), three(6), three(7), three(8));
        row(at + stride, three(6), three(7), three(8), three(9));
        row(at + 2 * stride, three(7), three(8), three(9), three(10));
        row(at + 3 * stride, three(8), three(9), three(10), last);
    }

    private void verticalRight(int at) {
        row(at, two(4), two(5), two(6), two(7));
        row(at + stride, three(3), three(4), three(5), three(6));
        row(at + 2 * stride, three(2), two(4), two(5), two(6));
        row(at + 3 * stride, three(1), three(3), three(4), three(5));
    }

    private void verticalLeft(int at) {
        row(at, two(5), two(6), two(7), two(8));
        row(at + stride, three(5), three(6), three(7), three(8));
        row(at + 2 * stride, two(6), two(7), two(8), three(9));
        row(at + 3 * stride, three(6), three(7), three(8), three(10));
    }

    private void horizontalDown(int at) {
        row(at, two(3), three(3), three(4), three(5));
        row(at + stride, two(2), three(2), two(3), three(3));
        row(at + 2 * stride, two(1), three(1), two(2), three(2));
        row(at + 3 * stride, two(0), three(0), two(1), three(1));
    }

    private void horizontalUp(int at) {
        int last = edge[0];
        int next = edge[1] + 3 * last + 2 >> 2;
        row(at, two(2), three(1), two(1), three(0));
        row(at + stride, two(1), three(0), two(0), next);
        row(at + 2 * stride, two(0), next, last, last);
        row(at + 3 * stride, last, last, last, last);
    }
}
