package dev.graft.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The inverse discrete cosine transform of a block of 8 x 8 coefficients into 8 x 8, 4 x 4, 2 x 2
 * or 1 sample; each of the fewer is the mean of those it stands for. All in integers, so that every
 * machine finds the same.
 *
 * <p>After Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms with 11
 * multiplications" (ICASSP 1989), with the constants and the rounding of libjpeg (libjpeg-turbo,
 * jidctint.c and jidctred.c), whose samples 8 x 8 and 4 x 4 equal. 2 x 2 is summed up in one step,
 * and each of its samples differs from libjpeg's by 1 at most. Red, green and blue, which three
 * samples are turned into, then differ by 3 at most: where all are 2 x 2, as at a quarter without
 * subsampling; by 2 where only the colours are, as at an eighth with 4:2:0.
 */
final class InverseDct {
    /** Place of a coefficient in its block by its place in the file; past the end one unused. */
    private static final int[] ZIGZAG = {
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27,
        20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
    };

    /** By the last place in the file, how many columns of a block have coefficients up to it. */
    private static final byte[] COLUMNS = new byte[64];

    static {
        byte columns = 0;
        for (int k = 0; k < COLUMNS.length; k++) {
            columns = (byte) Math.max(columns, 1 + (ZIGZAG[k] & 7));
            COLUMNS[k] = columns;
        }
    }

    private static final VarHandle FOUR =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int BITS = 13;
    private static final int PASS_BITS = 2;

    /** Fixed point of the weights of 2 x 2. */
    private static final int MEAN_BITS = 12;

    /** Three sums in one number: where the second and the third begin. */
    private static final int ABOVE = 21;

    private static final int DIAGONAL = 42;

    /** Mean of each basis function over the first half of a side, where that of the first is 1. */
    private static final double[] HALF_MEANS = {
        1, 0.906127446353, 0, -0.318189645143, 0, 0.212607523692, 0, -0.180239955502
    };

    /** Of no table. */
    static final InverseDct NONE = new InverseDct(new int[64], 1);

    private final int side;

    /** Quantization steps in natural order. */
    private final int[] steps = new int[64];

    /**
     * By the place in the file what a coefficient adds to the samples on the left, shifted by
     * {@link #ABOVE} what it adds to those above, and by {@link #DIAGONAL} to those at the upper
     * left and the lower right. One of the three is not 0 at most. Sums of them hold as far as each
     * is less than 256 levels, which is twice what a picture has.
     */
    final long[] weights = new long[64];

    private final int[] space = new int[64];

    /** Samples of a row, around 0. */
    private final int[] row = new int[8];

    private int columns = 8;
    private long others = -2;

    /**
     * @param zigzag quantization steps in zigzag order
     * @param side of the samples that a block becomes: 1, 2, 4 or 8
     */
    InverseDct(int[] zigzag, int side) {
        this.side = side;
        for (int k = 0; k < 64; k++) {
            int place = ZIGZAG[k];
            steps[place] = zigzag[k];
            int x = place & 7;
            int y = place >> 3;
            double weight = zigzag[k] * HALF_MEANS[x] * HALF_MEANS[y] / 8 * (1 << MEAN_BITS);
            long rounded = k == 0 ? 0 : (long) Math.rint(weight);
            weights[k] = rounded << (y == 0 ? 0 : x == 0 ? ABOVE : DIAGONAL);
        }
    }

    /** The place of a coefficient in its block by its place in the file. */
    static int place(int zigzag) {
        return ZIGZAG[zigzag];
    }

    /** The sample of a block whose coefficients but the first are zero. */
    byte flat(int first) {
        return limited((first * steps[0] + 4 >> 3) & 1023);
    }

    /** All 4 x 4 or 8 x 8 samples of a block whose coefficients but the first are zero. */
    void flat(int first, byte[] to, int at, int stride) {
        int four = 0x01010101 * (flat(first) & 0xff);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x += 4) {
                FOUR.set(to, at + y * stride + x, four);
            }
        }
    }

    /** Four samples, of the first coefficient and the sum of all others times {@link #weights}. */
    void four(int first, long sum, byte[] to, int at, int stride) {
        int sumLeft = (int) (sum << Long.SIZE - ABOVE >> Long.SIZE - ABOVE);
        long rest = sum - sumLeft >> ABOVE;
        int sumAbove = (int) (rest << Long.SIZE - ABOVE >> Long.SIZE - ABOVE);
        int sumDiagonal = (int) (rest - sumAbove >> DIAGONAL - ABOVE);
        int mean = (first * steps[0] << MEAN_BITS - 3) + (1 << MEAN_BITS - 1) + (128 << MEAN_BITS);
        to[at] = clipped(mean + sumLeft + sumAbove + sumDiagonal >> MEAN_BITS);
        to[at + 1] = clipped(mean - sumLeft + sumAbove - sumDiagonal >> MEAN_BITS);
        to[at + stride] = clipped(mean + sumLeft - sumAbove - sumDiagonal >> MEAN_BITS);
        to[at + stride + 1] = clipped(mean - sumLeft - sumAbove + sumDiagonal >> MEAN_BITS);
    }

    private static byte clipped(int sample) {
        return (byte) Math.max(0, Math.min(255, sample));
    }

    /** As libjpeg limits samples around 0, of which there are the last ten bits. */
    private static byte limited(int sample) {
        int signed = (sample ^ 512) - 512;
        return clipped(signed + 128);
    }

    /** Four samples of {@link #row}; hardly ever one has to be limited. */
    private void put(int from, byte[] to, int at) {
        int a = row[from];
        int b = row[from + 1];
        int c = row[from + 2];
        int d = row[from + 3];
        if (((a + 128 | b + 128 | c + 128 | d + 128) & ~0xff) == 0) {
            int signed = a & 0xff | (b & 0xff) << 8 | (c & 0xff) << 16 | d << 24;
            FOUR.set(to, at, signed ^ 0x80808080);
        } else {
            to[at] = limited(a & 1023);
            to[at + 1] = limited(b & 1023);
            to[at + 2] = limited(c & 1023);
            to[at + 3] = limited(d & 1023);
        }
    }

    /**
     * Says of the next block behind which place in the file all its coefficients are zero; without
     * that all may be others.
     */
    void endsAt(int last) {
        columns = COLUMNS[last];
    }

    /** Says the same by a bit for each place in the file, of which the first does not matter. */
    void holds(long told) {
        others = told & ~1;
        endsAt(Long.SIZE - 1 - Long.numberOfLeadingZeros(told | 1));
    }

    /** The samples of the block whose 64 coefficients begin there, in natural order. */
    void samples(short[] block, int from, byte[] to, int at, int stride) {
        switch (side) {
            case 1 -> to[at] = flat(block[from]);
            case 2 -> two(block, from, to, at, stride);
            case 4 -> {
                Arrays.fill(space, 0, 32, 0);
                for (int x = 0; x < columns; x++) {
                    if (x != 4) {
                        columnOfFour(block, from + x, x);
                    }
                }
                for (int y = 0; y < 4; y++) {
                    rowOfFour(8 * y, to, at + y * stride);
                }
            }
            default -> {
                Arrays.fill(space, 0);
                for (int x = 0; x < columns; x++) {
                    columnOfEight(block, from + x, x);
                }
                for (int y = 0; y < 8; y++) {
                    rowOfEight(8 * y, to, at + y * stride);
                }
            }
        }
    }

    private void two(short[] block, int from, byte[] to, int at, int stride) {
        long sum = 0;
        for (long left = others; left != 0; left &= left - 1) {
            int k = Long.numberOfTrailingZeros(left);
            sum += block[from + ZIGZAG[k]] * weights[k];
        }
        four(block[from], sum, to, at, stride);
    }

    private void columnOfFour(short[] in, int at, int x) {
        int[] q = steps;
        int first = in[at] * q[x];
        if ((in[at + 8] | in[at + 16] | in[at + 24] | in[at + 40] | in[at + 48] | in[at + 56])
                == 0) {
            int flat = first << PASS_BITS;
            space[x] = flat;
            space[x + 8] = flat;
            space[x + 16] = flat;
            space[x + 24] = flat;
            return;
        }
        int even = first << BITS + 1;
        int turned = in[at + 16] * q[x + 16] * 15137 - in[at + 48] * q[x + 48] * 6270;
        int z1 = in[at + 56] * q[x + 56];
        int z2 = in[at + 40] * q[x + 40];
        int z3 = in[at + 24] * q[x + 24];
        int z4 = in[at + 8] * q[x + 8];
        int inner = -1730 * z1 + 11893 * z2 - 17799 * z3 + 8697 * z4;
        int outer = -4176 * z1 - 4926 * z2 + 7373 * z3 + 20995 * z4;
        int shift = BITS - PASS_BITS + 1;
        int half = 1 << shift - 1;
        space[x] = even + turned + outer + half >> shift;
        space[x + 24] = even + turned - outer + half >> shift;
        space[x + 8] = even - turned + inner + half >> shift;
        space[x + 16] = even - turned - inner + half >> shift;
    }

    private void rowOfFour(int y, byte[] to, int at) {
        int[] in = space;
        int even = in[y] << BITS + 1;
        int turned = in[y + 2] * 15137 - in[y + 6] * 6270;
        int z1 = in[y + 7];
        int z2 = in[y + 5];
        int z3 = in[y + 3];
        int z4 = in[y + 1];
        int inner = -1730 * z1 + 11893 * z2 - 17799 * z3 + 8697 * z4;
        int outer = -4176 * z1 - 4926 * z2 + 7373 * z3 + 20995 * z4;
        int shift = BITS + PASS_BITS + 3 + 1;
        int half = 1 << shift - 1;
        row[0] = even + turned + outer + half >> shift;
        row[1] = even - turned + inner + half >> shift;
        row[2] = even - turned - inner + half >> shift;
        row[3] = even + turned - outer + half >> shift;
        put(0, to, at);
    }

    private void columnOfEight(short[] in, int at, int x) {
        int[] q = steps;
        int z0 = in[at] * q[x];
        if ((in[at + 8]
                        | in[at + 16]
                        | in[at + 24]
                        | in[at + 32]
                        | in[at + 40]
                        | in[at + 48]
                        | in[at + 56])
                == 0) {
            for (int y = 0; y < 64; y += 8) {
                space[x + y] = z0 << PASS_BITS;
            }
            return;
        }
        int z2 = in[at + 16] * q[x + 16];
        int z4 = in[at + 32] * q[x + 32];
        int z6 = in[at + 48] * q[x + 48];
        int both = (z2 + z6) * 4433;
        int even2 = both - z6 * 15137;
        int even3 = both + z2 * 6270;
        int even0 = z0 + z4 << BITS;
        int even1 = z0 - z4 << BITS;
        odd(
                in[at + 56] * q[x + 56],
                in[at + 40] * q[x + 40],
                in[at + 24] * q[x + 24],
                in[at + 8] * q[x + 8]);
        int shift = BITS - PASS_BITS;
        int half = 1 << shift - 1;
        space[x] = even0 + even3 + odd3 + half >> shift;
        space[x + 56] = even0 + even3 - odd3 + half >> shift;
        space[x + 8] = even1 + even2 + odd2 + half >> shift;
        space[x + 48] = even1 + even2 - odd2 + half >> shift;
        space[x + 16] = even1 - even2 + odd1 + half >> shift;
        space[x + 40] = even1 - even2 - odd1 + half >> shift;
        space[x + 24] = even0 - even3 + odd0 + half >> shift;
        space[x + 32] = even0 - even3 - odd0 + half >> shift;
    }

    private int odd0;
    private int odd1;
    private int odd2;
    private int odd3;

    /** The part of the odd coefficients: the seventh, the fifth, the third and the first. */
    private void odd(int z7, int z5, int z3, int z1) {
        int all = (z7 + z3 + z5 + z1) * 9633;
        int a = (z7 + z1) * -7373;
        int b = (z5 + z3) * -20995;
        int c = (z7 + z3) * -16069 + all;
        int d = (z5 + z1) * -3196 + all;
        odd0 = z7 * 2446 + a + c;
        odd1 = z5 * 16819 + b + d;
        odd2 = z3 * 25172 + b + c;
        odd3 = z1 * 12299 + a + d;
    }

    private void rowOfEight(int y, byte[] to, int at) {
        int[] in = space;
        int z2 = in[y + 2];
        int z6 = in[y + 6];
        int both = (z2 + z6) * 4433;
        int even2 = both - z6 * 15137;
        int even3 = both + z2 * 6270;
        int even0 = in[y] + in[y + 4] << BITS;
        int even1 = in[y] - in[y + 4] << BITS;
        odd(in[y + 7], in[y + 5], in[y + 3], in[y + 1]);
        int shift = BITS + PASS_BITS + 3;
        int half = 1 << shift - 1;
        row[0] = even0 + even3 + odd3 + half >> shift;
        row[1] = even1 + even2 + odd2 + half >> shift;
        row[2] = even1 - even2 + odd1 + half >> shift;
        row[3] = even0 - even3 + odd0 + half >> shift;
        put(0, to, at);
        row[4] = even0 - even3 - odd0 + half >> shift;
        row[5] = even1 - even2 - odd1 + half >> shift;
        row[6] = even1 + even2 - odd2 + half >> shift;
        row[7] = even0 + even3 - odd3 + half >> shift;
        put(4, to, at + 4);
    }
}
