package dev.graft.image;

/**
 * A Huffman code of a JPEG file (ITU-T T.81, annex C), as tables that are looked up with the next
 * bits of a scan.
 */
final class JpegCode {
    /** Bits that {@link #coefficients} and {@link #lookUp} look at. */
    static final int LOOKED_AT = 10;

    /** Bits that {@link #skips} and {@link #pairs} look at. */
    static final int SKIPPED_AT = 12;

    /** What the end of a block adds to the place of the next coefficient. */
    static final int END_OF_BLOCK = 128;

    private static final int LONGEST = 16;

    /** Symbol and length of the code, or 0 where it is longer than the bits looked at. */
    private final short[] symbols = new short[1 << LOOKED_AT];

    /** One after the last code of each length, aligned to 16 bits; 0 where there is none. */
    private final int[] ends = new int[LONGEST + 1];

    private final int[] firsts = new int[LONGEST + 1];
    private final int[] places = new int[LONGEST + 1];
    private final byte[] values;
    private int[] coefficients = {};
    private int[] skips = {};
    private long[] pairs = {};

    /**
     * @param lengths at 1 to 16 how many codes there are of that length
     * @param values of all codes, in their order
     */
    JpegCode(int[] lengths, byte[] values) {
        this.values = values;
        int code = 0;
        int place = 0;
        for (int length = 1; length <= LONGEST; length++) {
            firsts[length] = code;
            places[length] = place;
            for (int i = 0; i < lengths[length]; i++, code++, place++) {
                if (length <= LOOKED_AT) {
                    int shift = LOOKED_AT - length;
                    short entry = (short) ((values[place] & 0xff) << 5 | length);
                    for (int end = 0; end < 1 << shift; end++) {
                        symbols[(code << shift) + end] = entry;
                    }
                }
            }
            // no code is all ones
            if (lengths[length] > 0 && code >= 1 << length) {
                throw new IrregularJpegException();
            }
            ends[length] = lengths[length] == 0 ? 0 : code << LONGEST - length;
            code <<= 1;
        }
    }

    /** The length of the code that the bits begin with, and its symbol shifted by 8. */
    int lookUp(long bits) {
        int entry = symbols[(int) (bits >>> 64 - LOOKED_AT)];
        if (entry != 0) {
            return (entry >> 5 & 0xff) << 8 | entry & 31;
        }
        int next = (int) (bits >>> 64 - LONGEST);
        for (int length = LOOKED_AT + 1; length <= LONGEST; length++) {
            if (next < ends[length]) {
                int code = next >> LONGEST - length;
                if (code < firsts[length]) {
                    break;
                }
                return (values[places[length] + code - firsts[length]] & 0xff) << 8 | length;
            }
        }
        throw new IrregularJpegException();
    }

    /**
     * For the next bits the whole coefficient where they hold it: its value shifted by 16, what it
     * adds to the place shifted by 8, and how many bits it has; 0 where they do not.
     */
    int[] coefficients() {
        if (coefficients.length == 0) {
            int[] table = new int[1 << LOOKED_AT];
            for (int next = 0; next < table.length; next++) {
                int entry = symbols[next];
                int length = entry & 31;
                int size = entry >> 5 & 15;
                if (entry != 0 && length + size <= LOOKED_AT) {
                    table[next] = coefficient((long) next << 64 - LOOKED_AT);
                }
            }
            coefficients = table;
        }
        return coefficients;
    }

    /** The coefficient that the bits begin with, as {@link #coefficients} has it. */
    int coefficient(long bits) {
        int found = lookUp(bits);
        int length = found & 0xff;
        int run = found >> 12;
        int size = found >> 8 & 15;
        if (size == 0) {
            if (run != 0 && run != 15) {
                throw new IrregularJpegException();
            }
            return (run == 0 ? END_OF_BLOCK : 16) << 8 | length;
        }
        int value = (int) (bits << length >>> 64 - size);
        if (value < 1 << size - 1) {
            value -= (1 << size) - 1;
        }
        return value << 16 | run + 1 << 8 | length + size;
    }

    /**
     * For the next bits as many whole coefficients as they hold: how many bits these have, shifted
     * by 8 what they add to the place, and shifted by 16 what those before the end of the block do;
     * 0 where there is none.
     */
    int[] skips() {
        if (skips.length == 0) {
            int[] table = new int[1 << SKIPPED_AT];
            int[] single = coefficients();
            for (int next = 0; next < table.length; next++) {
                int length = 0;
                int before = 0;
                int whole = 0;
                while (whole < END_OF_BLOCK && before < 64) {
                    int left = next << length & (1 << SKIPPED_AT) - 1;
                    int entry = single[left >> SKIPPED_AT - LOOKED_AT];
                    if (entry == 0 || length + (entry & 0xff) > SKIPPED_AT) {
                        break;
                    }
                    before = whole;
                    whole += entry >> 8 & 0xff;
                    length += entry & 0xff;
                }
                table[next] = Math.min(before, 64) << 16 | Math.min(whole, 255) << 8 | length;
            }
            skips = table;
        }
        return skips;
    }

    /**
     * For the next bits the whole coefficient that they begin with, as {@link #coefficients} has
     * it, and shifted by 32 the one behind it, or 0 where they do not hold it or the block has
     * ended; 0 where they hold neither. The bits of both are counted with the first.
     */
    long[] pairs() {
        if (pairs.length == 0) {
            long[] table = new long[1 << SKIPPED_AT];
            int[] single = coefficients();
            for (int next = 0; next < table.length; next++) {
                int first = single[next >> SKIPPED_AT - LOOKED_AT];
                int length = first & 0xff;
                int left = next << length & (1 << SKIPPED_AT) - 1;
                int second = single[left >> SKIPPED_AT - LOOKED_AT];
                boolean both =
                        first != 0
                                && (first >> 8 & 0xff) < END_OF_BLOCK
                                && length + (second & 0xff) <= SKIPPED_AT;
                int all = both ? first + (second & 0xff) : first;
                table[next] = (both ? (long) second << 32 : 0) | all & 0xffffffffL;
            }
            pairs = table;
        }
        return pairs;
    }
}
