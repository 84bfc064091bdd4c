package dev.graft.image;

import java.util.Arrays;

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

    /** The same of longer codes, by the next 16 bits less {@link #firstLong}. */
    private final short[] longSymbols;

    private final int firstLong;
    private int[] coefficients = {};
    private int[] skips = {};
    private int[] pairs = {};
    private byte[] pairLengths = {};

    /**
     * @param lengths at 1 to 16 how many codes there are of that length
     * @param values of all codes, in their order
     */
    JpegCode(int[] lengths, byte[] values) {
        int[] firsts = new int[LONGEST + 2];
        for (int length = 1; length <= LONGEST; length++) {
            firsts[length + 1] = firsts[length] + (lengths[length] << LONGEST - length);
            // no code is all ones
            if (lengths[length] > 0 && firsts[length + 1] >= 1 << LONGEST) {
                throw new IrregularJpegException();
            }
        }
        firstLong = firsts[LOOKED_AT + 1];
        longSymbols = new short[firsts[LONGEST + 1] - firstLong];
        for (int length = 1, place = 0; length <= LONGEST; length++) {
            for (int i = 0; i < lengths[length]; i++, place++) {
                short entry = (short) ((values[place] & 0xff) << 5 | length);
                int from = firsts[length] + (i << LONGEST - length);
                int end = from + (1 << LONGEST - length);
                if (length <= LOOKED_AT) {
                    int shift = LONGEST - LOOKED_AT;
                    Arrays.fill(symbols, from >> shift, end >> shift, entry);
                } else {
                    Arrays.fill(longSymbols, from - firstLong, end - firstLong, entry);
                }
            }
        }
    }

    /** The length of the code that the bits begin with, and its symbol shifted by 8. */
    int lookUp(long bits) {
        int entry = symbols[(int) (bits >>> 64 - LOOKED_AT)];
        if (entry == 0) {
            int at = (int) (bits >>> 64 - LONGEST) - firstLong;
            if (at >= longSymbols.length) {
                throw new IrregularJpegException();
            }
            entry = longSymbols[at];
        }
        return (entry >> 5) << 8 | entry & 31;
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
     * For the next bits one or two whole coefficients, where they hold them: what the first adds to
     * the place, shifted by 8 what the second does, 0 for none, shifted by 16 the value of the
     * first and by 24 that of the second; 0 where there is none or it does not fit.
     */
    int[] pairs() {
        makePairs();
        return pairs;
    }

    /**
     * How many bits those have. The next look waits for this alone, and a table of bytes stays next
     * to the processor.
     */
    byte[] pairLengths() {
        makePairs();
        return pairLengths;
    }

    private void makePairs() {
        if (pairs.length > 0) {
            return;
        }
        int[] table = new int[1 << SKIPPED_AT];
        byte[] lengths = new byte[table.length];
        for (int next = 0; next < table.length; next++) {
            int first = small(next, 0);
            int length = first & 0xff;
            boolean isLast = first == 0 || (first >> 8 & 0xff) >= END_OF_BLOCK;
            int second = isLast ? 0 : small(next, length);
            table[next] =
                    second >> 16 << 24 | first & 0xff0000 | second & 0xff00 | first >> 8 & 0xff;
            lengths[next] = (byte) (length + (second & 0xff));
        }
        pairLengths = lengths;
        pairs = table;
    }

    /** The coefficient behind so many of the bits; 0 where they do not hold it or it is large. */
    private int small(int looked, int from) {
        long bits = (long) looked << Long.SIZE - SKIPPED_AT + from;
        int entry = symbols[(int) (bits >>> 64 - LOOKED_AT)];
        int end = from + (entry & 31) + (entry >> 5 & 15);
        if (entry == 0 || end > SKIPPED_AT) {
            return 0;
        }
        int found = coefficient(bits);
        return (byte) (found >> 16) == found >> 16 ? found : 0;
    }
}
