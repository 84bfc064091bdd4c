package dev.graft.vp8;

/**
 * The boolean entropy decoder of VP8 (RFC 6386, section 7). Behind the end of its bytes stand
 * zeros; whoever reads far into these reads a file that breaks off. For one thread.
 */
final class Vp8Bits {
    /** Where the eight bits that are compared stand in {@link #value}. */
    private static final int WINDOW = 48;

    private static final int EVEN = 128;

    private final byte[] bytes;
    private final int end;
    private int at;
    private long value;
    private int range = 255;

    /** Bits of {@link #value} below the window; less than 0 when the next ones are needed. */
    private int left = -Byte.SIZE;

    Vp8Bits(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** Whether more was read than there is, but for what is read ahead. */
    boolean isBeyond() {
        return at - (left >> 3) > end + 2;
    }

    private void fill() {
        for (int shift = WINDOW - Byte.SIZE - left; shift >= 0; shift -= Byte.SIZE) {
            long next = at < end ? bytes[at] & 0xffL : 0;
            at++;
            value |= next << shift;
            left += Byte.SIZE;
        }
    }

    /**
     * The next bit.
     *
     * @param probability of 0, in 256th
     */
    boolean bit(int probability) {
        if (left < 0) {
            fill();
        }
        int split = 1 + ((range - 1) * probability >> 8);
        long wide = (long) split << WINDOW;
        boolean one = value >= wide;
        if (one) {
            value -= wide;
            range -= split;
        } else {
            range = split;
        }
        int shift = Integer.numberOfLeadingZeros(range) - (Integer.SIZE - Byte.SIZE);
        range <<= shift;
        value <<= shift;
        left -= shift;
        return one;
    }

    /** The next bit, 0 or 1. */
    int one(int probability) {
        return bit(probability) ? 1 : 0;
    }

    /** A bit whose values are as likely. */
    boolean flag() {
        return bit(EVEN);
    }

    /** A number of so many bits. */
    int number(int bits) {
        int number = 0;
        for (int i = 0; i < bits; i++) {
            number = number << 1 | one(EVEN);
        }
        return number;
    }

    /**
     * A number of so many bits and its sign, behind a bit that tells whether it is there; else 0.
     */
    int optional(int bits) {
        if (!flag()) {
            return 0;
        }
        int number = number(bits);
        return flag() ? -number : number;
    }
}
