package dev.graft.vp8;

import java.util.Arrays;

/**
 * The coefficients of one macroblock after the other (RFC 6386, sections 13 and 14.1). For one
 * thread.
 */
final class Vp8Residuals {
    /** Blocks of 4 x 4 coefficients: 16 of luma, 4 of each colour, and their second transform. */
    static final int BLOCKS = 25;

    static final int SIZE = 16;
    private static final int SECOND = 24;

    private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7};
    private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
    private static final int[][] EXTRA = {
        {173, 148, 140},
        {176, 155, 140, 135},
        {180, 157, 141, 134, 130},
        {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
    };

    private static final int CONTEXTS = 3;
    private static final int BITS = 11;
    private static final int TYPE = 8 * CONTEXTS * BITS;
    private static final int EVEN = 128;

    /** By type of block, where its factors stand: luma but its first, second, colour, luma. */
    private static final int[] FACTORS = {0, 2, 4, 0};

    /** Of the macroblocks above, 9 each: 4 of luma, 2 of each colour, 1 of the second transform. */
    private final byte[] above;

    private final byte[] left = new byte[9];
    private final int[] probabilities;
    private int[] factors = {};

    /** (25, 16) of the macroblock that was read, times their factors. */
    final int[] coefficients = new int[BLOCKS * SIZE];

    /** (25) how many of a block may be other than 0. */
    final int[] counts = new int[BLOCKS];

    Vp8Residuals(int columns, int[] probabilities) {
        this.above = new byte[9 * columns];
        this.probabilities = probabilities;
    }

    /** Before the first macroblock of a row. */
    void startRow() {
        Arrays.fill(left, (byte) 0);
    }

    /** Notes that a macroblock has none. */
    void skip(int column, boolean hasSecond) {
        int known = hasSecond ? 9 : 8;
        Arrays.fill(above, 9 * column, 9 * column + known, (byte) 0);
        Arrays.fill(left, 0, known, (byte) 0);
        Arrays.fill(counts, 0);
        Arrays.fill(coefficients, 0);
    }

    /**
     * Reads those of a macroblock.
     *
     * @param ofSegment its factors, see {@link Vp8Header#factors}
     * @return whether there are any
     */
    boolean read(Vp8Bits bits, int column, boolean hasSecond, int[] ofSegment) {
        factors = ofSegment;
        Arrays.fill(coefficients, 0);
        int at = 9 * column;
        int any = 0;
        int first = 0;
        int type = 3;
        counts[SECOND] = 0;
        if (hasSecond) {
            int count = block(bits, 1, above[at + 8] + left[8], 0, SECOND);
            above[at + 8] = left[8] = (byte) (count > 0 ? 1 : 0);
            counts[SECOND] = count;
            any |= count;
            first = 1;
            type = 0;
        }
        for (int i = 0; i < 16; i++) {
            int x = at + (i & 3);
            int y = i >> 2;
            int count = block(bits, type, above[x] + left[y], first, i);
            above[x] = left[y] = (byte) (count > first ? 1 : 0);
            counts[i] = count > first ? count : 0;
            any |= counts[i];
        }
        for (int i = 16; i < SECOND; i++) {
            int plane = 4 + (i - 16 >> 2) * 2;
            int x = at + plane + (i & 1);
            int y = plane + (i >> 1 & 1);
            int count = block(bits, 2, above[x] + left[y], 0, i);
            above[x] = left[y] = (byte) (count > 0 ? 1 : 0);
            counts[i] = count;
            any |= count;
        }
        return any != 0;
    }

    /** Gives the place behind the last token. */
    private int block(Vp8Bits bits, int type, int context, int first, int block) {
        int factor = FACTORS[type];
        int[] p = probabilities;
        int place = first;
        int at = type * TYPE + (BANDS[place] * CONTEXTS + context) * BITS;
        while (bits.bit(p[at])) {
            while (!bits.bit(p[at + 1])) {
                place++;
                if (place == SIZE) {
                    return SIZE;
                }
                at = type * TYPE + BANDS[place] * CONTEXTS * BITS;
            }
            int value = 1;
            int next = 1;
            if (bits.bit(p[at + 2])) {
                value = large(bits, at);
                next = 2;
            }
            int signed = bits.bit(EVEN) ? -value : value;
            coefficients[block * SIZE + ZIGZAG[place]] =
                    signed * factors[factor + (place > 0 ? 1 : 0)];
            place++;
            if (place == SIZE) {
                return SIZE;
            }
            at = type * TYPE + (BANDS[place] * CONTEXTS + next) * BITS;
        }
        return place;
    }

    private int large(Vp8Bits bits, int at) {
        int[] p = probabilities;
        if (!bits.bit(p[at + 3])) {
            return bits.bit(p[at + 4]) ? 3 + bits.one(p[at + 5]) : 2;
        }
        if (!bits.bit(p[at + 6])) {
            if (!bits.bit(p[at + 7])) {
                return 5 + bits.one(159);
            }
            int high = bits.one(165);
            return 7 + 2 * high + bits.one(145);
        }
        int upper = bits.one(p[at + 8]);
        int category = 2 * upper + bits.one(p[at + 9 + upper]);
        int extra = 0;
        for (int probability : EXTRA[category]) {
            extra = 2 * extra + bits.one(probability);
        }
        return 3 + (8 << category) + extra;
    }
}
