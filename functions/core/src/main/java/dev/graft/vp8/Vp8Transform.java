package dev.graft.vp8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The transforms of VP8 (RFC 6386, sections 14.3 and 14.4), each in the order of the text. */
final class Vp8Transform {
    private static final int SINE = 35_468;
    private static final int COSINE_LESS_ONE = 20_091;
    private static final int SECOND = 24 * Vp8Residuals.SIZE;

    /** Two samples in lanes of 16 bits. */
    private static final int TWO = 0x00ff00ff;

    private static final int LANES = 0x00010001;
    private static final VarHandle FOUR =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Vp8Transform() {}

    /** Gives the sixteen blocks of luma their first coefficients. */
    static void second(int[] coefficients) {
        int[] half = new int[16];
        for (int i = 0; i < 4; i++) {
            int a = coefficients[SECOND + i] + coefficients[SECOND + 12 + i];
            int b = coefficients[SECOND + 4 + i] + coefficients[SECOND + 8 + i];
            int c = coefficients[SECOND + 4 + i] - coefficients[SECOND + 8 + i];
            int d = coefficients[SECOND + i] - coefficients[SECOND + 12 + i];
            half[i] = a + b;
            half[4 + i] = c + d;
            half[8 + i] = a - b;
            half[12 + i] = d - c;
        }
        for (int i = 0; i < 16; i += 4) {
            int a = half[i] + half[i + 3] + 3;
            int b = half[i + 1] + half[i + 2];
            int c = half[i + 1] - half[i + 2];
            int d = half[i] - half[i + 3] + 3;
            coefficients[i * 16] = a + b >> 3;
            coefficients[(i + 1) * 16] = c + d >> 3;
            coefficients[(i + 2) * 16] = a - b >> 3;
            coefficients[(i + 3) * 16] = d - c >> 3;
        }
    }

    /** Adds a block to the prediction that stands in a plane. */
    static void add(int[] coefficients, int from, Vp8Plane plane, int at, int[] half) {
        for (int i = 0; i < 4; i++) {
            int first = coefficients[from + i];
            int second = coefficients[from + 4 + i];
            int third = coefficients[from + 8 + i];
            int fourth = coefficients[from + 12 + i];
            int a = first + third;
            int b = first - third;
            int c = sine(second) - cosine(fourth);
            int d = cosine(second) + sine(fourth);
            half[i] = a + d;
            half[4 + i] = b + c;
            half[8 + i] = b - c;
            half[12 + i] = a - d;
        }
        for (int i = 0, to = at; i < 16; i += 4, to += plane.stride) {
            int a = half[i] + half[i + 2] + 4;
            int b = half[i] - half[i + 2] + 4;
            int c = sine(half[i + 1]) - cosine(half[i + 3]);
            int d = cosine(half[i + 1]) + sine(half[i + 3]);
            half[i] = a + d >> 3;
            half[i + 1] = b + c >> 3;
            half[i + 2] = b - c >> 3;
            half[i + 3] = a - d >> 3;
            add(plane.samples, to, half, i);
        }
    }

    /** The same of a block that has its first coefficient alone. */
    static void addFirst(int coefficient, Vp8Plane plane, int at) {
        int more = coefficient + 4 >> 3;
        for (int y = 0, to = at; y < 4; y++, to += plane.stride) {
            addToFour(plane.samples, to, to, more);
        }
    }

    /** Puts four samples somewhere else, with the same number added to each. */
    static void addToFour(byte[] samples, int from, int to, int more) {
        int four = (int) FOUR.get(samples, from);
        int even = (four & TWO) + more * LANES;
        int odd = (four >>> Byte.SIZE & TWO) + more * LANES;
        if (((even | odd) & ~TWO) == 0) {
            FOUR.set(samples, to, even | odd << Byte.SIZE);
        } else {
            for (int i = 0; i < 4; i++) {
                samples[to + i] = clamped((samples[from + i] & 0xff) + more);
            }
        }
    }

    /** To four samples of a row. */
    private static void add(byte[] samples, int at, int[] more, int from) {
        int four = (int) FOUR.get(samples, at);
        int a = (four & 0xff) + more[from];
        int b = (four >>> 8 & 0xff) + more[from + 1];
        int c = (four >>> 16 & 0xff) + more[from + 2];
        int d = (four >>> 24) + more[from + 3];
        if (((a | b | c | d) & ~0xff) == 0) {
            FOUR.set(samples, at, a | b << 8 | c << 16 | d << 24);
        } else {
            samples[at] = clamped(a);
            samples[at + 1] = clamped(b);
            samples[at + 2] = clamped(c);
            samples[at + 3] = clamped(d);
        }
    }

    private static byte clamped(int sample) {
        return (byte) Math.max(0, Math.min(255, sample));
    }

    private static int cosine(int value) {
        return value + (value * COSINE_LESS_ONE >> 16);
    }

    private static int sine(int value) {
        return value * SINE >> 16;
    }
}
