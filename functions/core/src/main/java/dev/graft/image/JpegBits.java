package dev.graft.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits of a scan of a JPEG file (ITU-T T.81, F.2.2.5), without the bytes that are stuffed into
 * them. The next bits are the highest of {@code bits}; past the end of the data come zeros, and
 * {@link #end} tells whether any of those was taken.
 */
final class JpegBits {
    /** So many bits are at hand after {@link #refill}: a code of 16 and the 15 behind it. */
    static final int ENOUGH = 32;

    private static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final int FIRST_RESTART = 0xd0;
    private static final int LARGEST_DIFFERENCE = 11;

    /** The next bits, from the highest on; read and written by those who decode. */
    long bits;

    /** How many of them there are. */
    int count;

    private final byte[] file;
    private final int lastWord;
    private int at;
    private int zeros;

    /** Of the scan whose data begin there. */
    JpegBits(byte[] file, int at) {
        this.file = file;
        this.at = at;
        lastWord = file.length - Long.BYTES;
    }

    /** Adds bytes to bits of which there are fewer than {@link #ENOUGH}; sets {@link #count}. */
    long refill(long bits, int count) {
        if (at <= lastWord) {
            long word = (long) WORDS.get(file, at);
            // whether one of the bytes is 255
            if ((~word - ONES & word & ONES << 7) == 0) {
                at += 63 - count >> 3;
                this.count = count | 56;
                return bits | word >>> count;
            }
        }
        return byBytes(bits, count);
    }

    private long byBytes(long before, int from) {
        int count = from;
        long bits = count == 0 ? 0 : before & -1L << 64 - count;
        for (; count <= 56; count += 8) {
            if (at >= file.length) {
                zeros += 8;
                continue;
            }
            int next = file[at] & 0xff;
            if (next == 0xff) {
                if (at + 1 >= file.length || file[at + 1] != 0) {
                    zeros += 8;
                    continue;
                }
                at++;
            }
            at++;
            bits |= (long) next << 56 - count;
        }
        this.count = count;
        return bits;
    }

    /** The next symbol of that code. */
    int symbol(JpegCode code) {
        ready();
        int found = code.lookUp(bits);
        bits <<= found & 0xff;
        count -= found & 0xff;
        return found >> 8;
    }

    /** The next bits as a number; at most 16. */
    int number(int length) {
        if (length == 0) {
            return 0;
        }
        ready();
        int number = (int) (bits >>> 64 - length);
        bits <<= length;
        count -= length;
        return number;
    }

    /** Passes over so many bits. */
    void skip(int number) {
        int left = number;
        while (left > count) {
            left -= count;
            bits = refill(0, 0);
        }
        bits <<= left;
        count -= left;
    }

    /** The next difference of that code between the first coefficients of two blocks. */
    int difference(JpegCode code) {
        ready();
        int entry = code.coefficients()[(int) (bits >>> 64 - JpegCode.LOOKED_AT)];
        if (entry != 0) {
            bits <<= entry & 0xff;
            count -= entry & 0xff;
            return entry >> 16;
        }
        int size = symbol(code);
        if (size > LARGEST_DIFFERENCE) {
            throw new IrregularJpegException();
        }
        return signed(size);
    }

    /** A number of so many bits with its sign (T.81, F.2.2.1). */
    int signed(int length) {
        int number = number(length);
        return number < 1 << length >> 1 ? number - (1 << length) + 1 : number;
    }

    private void ready() {
        if (count < ENOUGH) {
            bits = refill(bits, count);
        }
    }

    /** Whether more bits were taken than there are. */
    boolean isOverdrawn() {
        return count < zeros;
    }

    /**
     * Ends a stretch of data at the marker that has to follow at once.
     *
     * @return the place of that marker
     */
    int end() {
        if (isOverdrawn()) {
            throw new IrregularJpegException();
        }
        // what was read ahead of the marker; the rest of a byte is padding
        if (count - zeros >= 8) {
            throw new IrregularJpegException();
        }
        if (at + 1 >= file.length || file[at] != (byte) 0xff || file[at + 1] == 0) {
            throw new IrregularJpegException();
        }
        return at;
    }

    /** Goes over the restart marker with that number, 0 to 7. */
    void restart(int number) {
        if (count < ENOUGH) {
            bits = refill(bits, count);
        }
        int marker = end();
        if ((file[marker + 1] & 0xff) != FIRST_RESTART + number) {
            throw new IrregularJpegException();
        }
        at = marker + 2;
        bits = 0;
        count = 0;
        zeros = 0;
    }

    /** The place of the marker behind the last data. */
    int endOfScan() {
        ready();
        return end();
    }
}
