package dev.graft.vp8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * RGB of luma and two colours of half the width and height (ITU-R BT.601, luma 16..235), as libwebp
 * reckons it, so that pixels are those of Pillow: in fixed point, each colour sample nine parts of
 * sixteen of the pixels around it and one to three of those beyond. Of a picture that is made
 * smaller, means of squares of samples are taken instead, which costs a fraction.
 */
final class Vp8Colours {
    private static final int LUMA = 19_077;
    private static final int RED = 26_149;
    private static final int RED_LESS = 14_234;
    private static final int GREEN_OF_BLUE = 6_419;
    private static final int GREEN_OF_RED = 13_320;
    private static final int GREEN_MORE = 8_708;
    private static final int BLUE = 33_050;
    private static final int BLUE_LESS = 17_685;
    private static final int FRACTION = 6;
    private static final int EIGHT = 8;
    private static final long BYTES = 0x00ff00ff00ff00ffL;
    private static final VarHandle SAMPLES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int width;
    private final int height;
    private final Vp8Plane luma;
    private final Vp8Plane blue;
    private final Vp8Plane red;

    /** The columns of the divided picture that are reckoned. */
    private int left;

    private int right;

    Vp8Colours(int width, int height, Vp8Plane luma, Vp8Plane blue, Vp8Plane red) {
        this.width = width;
        this.height = height;
        this.luma = luma;
        this.blue = blue;
        this.red = red;
    }

    /**
     * Of the pixels in a window of the divided picture; the others are left black.
     *
     * @param by by which each side is divided and then rounded up: 1, 2, 4 or 8
     * @return rows x columns x 3 bytes of the divided picture
     */
    byte[] rgb(int by, int left, int top, int right, int bottom) {
        this.left = left;
        this.right = right;
        int columns = (width + by - 1) / by;
        int rows = (height + by - 1) / by;
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(columns, rows))];
        int[] y = new int[columns];
        int[] u = new int[columns];
        int[] v = new int[columns];
        for (int row = top; row < bottom; row++) {
            means(luma, by, row, y);
            if (by == 1) {
                spread(blue, row, u);
                spread(red, row, v);
            } else {
                means(blue, by / 2, row, u);
                means(red, by / 2, row, v);
            }
            for (int x = left, to = 3 * (row * columns + left); x < right; x++, to += 3) {
                convert(y[x], u[x], v[x], rgb, to);
            }
        }
        return rgb;
    }

    /** The colour of each pixel of a row, of the nearest row of samples and the one beyond. */
    private void spread(Vp8Plane plane, int row, int[] pixels) {
        byte[] samples = plane.samples;
        int nearRow = row >> 1;
        int beyond = row % 2 == 0 ? nearRow - 1 : nearRow + 1;
        int farRow = Math.clamp(beyond, 0, (height + 1) / 2 - 1);
        int near = plane.at(0, 0) + nearRow * plane.stride;
        int far = plane.at(0, 0) + farRow * plane.stride;
        pixels[0] = ofTwo(samples[near], samples[far]);
        for (int i = Math.max(1, left / 2); i <= Math.min(right, width - 1) >> 1; i++) {
            int before = samples[near + i - 1] & 0xff;
            int here = samples[near + i] & 0xff;
            int farBefore = samples[far + i - 1] & 0xff;
            int farHere = samples[far + i] & 0xff;
            int all = before + here + farBefore + farHere + 8;
            pixels[2 * i - 1] = (all + 2 * (here + farBefore) >> 3) + before >> 1;
            pixels[2 * i] = (all + 2 * (before + farHere) >> 3) + here >> 1;
        }
        if (width % 2 == 0) {
            int end = width / 2 - 1;
            pixels[width - 1] = ofTwo(samples[near + end], samples[far + end]);
        }
    }

    private static int ofTwo(byte near, byte far) {
        return 3 * (near & 0xff) + (far & 0xff) + 2 >> 2;
    }

    /** The means of squares of samples in a row of squares, from one column to another. */
    private void means(Vp8Plane plane, int by, int row, int[] means) {
        int columns = plane == luma ? width : (width + 1) / 2;
        int rows = plane == luma ? height : (height + 1) / 2;
        int lines = Math.min(by, rows - row * by);
        int first = plane.at(0, 0) + row * by * plane.stride;
        if (by == 1) {
            for (int i = left; i < right; i++) {
                means[i] = plane.samples[first + i] & 0xff;
            }
            return;
        }
        int end = lines < by ? 0 : Math.min(columns, right * by + EIGHT - 1) / EIGHT;
        int done = meansOfEights(plane, by, first, end, means);
        for (int i = Math.max(left, done); i < right; i++) {
            int count = Math.min(by, columns - i * by);
            int sum = 0;
            for (int line = 0; line < lines; line++) {
                int at = first + i * by + line * plane.stride;
                for (int x = at; x < at + count; x++) {
                    sum += plane.samples[x] & 0xff;
                }
            }
            means[i] = (sum + count * lines / 2) / (count * lines);
        }
    }

    /** Of eights of columns of samples to the last one; gives the first mean behind them. */
    private int meansOfEights(Vp8Plane plane, int by, int first, int eights, int[] means) {
        byte[] samples = plane.samples;
        int shift = Integer.numberOfTrailingZeros(by);
        int from = left * by / EIGHT * EIGHT;
        int end = Math.max(from, eights * EIGHT);
        Arrays.fill(means, from >> shift, end >> shift, by * by / 2);
        for (int x = from; x < end; x += EIGHT) {
            long pairs = 0;
            for (int line = 0, at = first + x; line < by; line++, at += plane.stride) {
                long eight = (long) SAMPLES.get(samples, at);
                pairs += (eight & BYTES) + (eight >>> Byte.SIZE & BYTES);
            }
            for (int i = x; i < x + EIGHT; i += 2, pairs >>>= 16) {
                means[i >> shift] += (int) pairs & 0xffff;
            }
        }
        for (int i = from >> shift; i < end >> shift; i++) {
            means[i] >>= 2 * shift;
        }
        return end >> shift;
    }

    private static void convert(int y, int u, int v, byte[] rgb, int to) {
        int bright = y * LUMA >> 8;
        int green = (u * GREEN_OF_BLUE >> 8) + (v * GREEN_OF_RED >> 8) - GREEN_MORE;
        rgb[to] = clamped(bright + (v * RED >> 8) - RED_LESS);
        rgb[to + 1] = clamped(bright - green);
        rgb[to + 2] = clamped(bright + (u * BLUE >> 8) - BLUE_LESS);
    }

    private static byte clamped(int value) {
        return (byte) Math.max(0, Math.min(255, value >> FRACTION));
    }
}
