package dev.graft.vp8;

import java.util.Arrays;

/**
 * Samples of one plane, 8 bits each, with what predictions find beyond its borders (RFC 6386,
 * section 12.2): 127 above, 129 on the left.
 */
final class Vp8Plane {
    private static final byte ABOVE = 127;
    private static final byte LEFT = (byte) 129;
    private static final int BEYOND = 4;

    final byte[] samples;
    final int stride;

    /** Samples of one macroblock in a row. */
    final int side;

    /** For so many macroblocks of so many samples each way. */
    Vp8Plane(int columns, int rows, int side) {
        this.side = side;
        this.stride = 1 + columns * side + BEYOND;
        this.samples = new byte[Math.multiplyExact(stride, 1 + rows * side)];
        Arrays.fill(samples, 0, stride, ABOVE);
        for (int y = 1; y <= rows * side; y++) {
            samples[y * stride] = LEFT;
        }
    }

    /** Where a macroblock begins in {@link #samples}. */
    int at(int column, int row) {
        return (1 + row * side) * stride + 1 + column * side;
    }

    /** Repeats the last sample above the next row of macroblocks beyond the right border. */
    void extend(int row) {
        int last = at(0, row + 1) - 2 - BEYOND;
        Arrays.fill(samples, last + 1, last + 1 + BEYOND, samples[last]);
    }
}
