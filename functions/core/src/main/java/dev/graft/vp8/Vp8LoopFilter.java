package dev.graft.vp8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Smooths the edges between blocks of a plane (RFC 6386, section 15). Names are those of the text:
 * p0 is the sample before an edge, q0 the one behind it. Four samples along an edge are reckoned at
 * once, in lanes of 16 bits of a long. For one thread.
 */
final class Vp8LoopFilter {
    private static final int BLOCK = 4;
    private static final int MUCH = 40;
    private static final int SOME = 15;

    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FOUR =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LANES = 0x0001000100010001L;
    private static final long BYTES = 0xff * LANES;
    private static final long SIGNS = 0x8000800080008000L;

    /** The first of two lanes. */
    private static final long COLUMN = 0x000000ff000000ffL;

    /** Added to lanes that may fall below 0. */
    private static final long OFFSET = 0x4000 * LANES;

    /** The middle of a byte, which stands for 0 where the text has signed numbers. */
    private static final long MIDDLE = 0x80 * LANES;

    private final Vp8Plane plane;
    private final byte[] samples;
    private final int stride;
    private final boolean simple;

    /** Of four samples along the edges each: by line, from the four before a macroblock on. */
    private final long[][] strips;

    // differences up to which an edge is smoothed, see near
    private long interior;
    private long variance;

    Vp8LoopFilter(Vp8Plane plane, boolean simple) {
        this.plane = plane;
        this.samples = plane.samples;
        this.stride = plane.stride;
        this.simple = simple;
        strips = new long[plane.side / BLOCK][BLOCK + plane.side];
    }

    /**
     * Filters the edges of a macroblock on the left and above, and between its blocks.
     *
     * @param level how much, 1..63
     * @param ofInterior differences within a block up to which its edges are smoothed
     * @param within whether between its blocks
     */
    void macroblock(int column, int row, int level, int ofInterior, boolean within) {
        interior = limit(ofInterior);
        variance = limit(level >= MUCH ? 2 : level >= SOME ? 1 : 0);
        long outer = limit(2 * (2 * (level + 2) + ofInterior) + 1);
        long inner = limit(2 * (2 * level + ofInterior) + 1);
        int end = within ? BLOCK + plane.side : 2 * BLOCK;
        int at = plane.at(column, row);
        int from = column > 0 ? 0 : BLOCK;
        columns(at - BLOCK, from, end, false);
        if (edges(from, end, outer, inner)) {
            columns(at - BLOCK, from, end, true);
        }
        from = row > 0 ? 0 : BLOCK;
        rows(at - BLOCK * stride, from, end, false);
        if (edges(from, end, outer, inner)) {
            rows(at - BLOCK * stride, from, end, true);
        }
    }

    private static long limit(int difference) {
        return difference * LANES | SIGNS;
    }

    /** Reads or writes lines that are rows. */
    private void rows(int from, int first, int end, boolean write) {
        for (int i = 0; i < strips.length; i += 2) {
            long[] even = strips[i];
            long[] odd = strips[i + 1];
            for (int line = first; line < end; line++) {
                int at = from + line * stride + i * BLOCK;
                if (write) {
                    EIGHT.set(samples, at, even[line] | odd[line] << Byte.SIZE);
                } else {
                    long eight = (long) EIGHT.get(samples, at);
                    even[line] = eight & BYTES;
                    odd[line] = eight >>> Byte.SIZE & BYTES;
                }
            }
        }
    }

    /** Reads or writes lines that are columns. */
    private void columns(int from, int first, int end, boolean write) {
        for (int i = 0; i < strips.length; i++) {
            for (int line = first; line < end; line += BLOCK) {
                int at = from + line + i * BLOCK * stride;
                if (write) {
                    writeColumns(strips[i], line, at);
                } else {
                    readColumns(strips[i], line, at);
                }
            }
        }
    }

    /** Four lines of four samples. */
    private void readColumns(long[] lines, int line, int at) {
        long even = two(at);
        long odd = two(at + stride);
        for (int x = 0; x < BLOCK; x++) {
            int shift = x * Byte.SIZE;
            lines[line + x] = even >>> shift & COLUMN | (odd >>> shift & COLUMN) << 16;
        }
    }

    private void writeColumns(long[] lines, int line, int at) {
        long even = 0;
        long odd = 0;
        for (int x = 0; x < BLOCK; x++) {
            int shift = x * Byte.SIZE;
            even |= (lines[line + x] & COLUMN) << shift;
            odd |= (lines[line + x] >>> 16 & COLUMN) << shift;
        }
        FOUR.set(samples, at, (int) even);
        FOUR.set(samples, at + stride, (int) odd);
        FOUR.set(samples, at + 2 * stride, (int) (even >>> 32));
        FOUR.set(samples, at + 3 * stride, (int) (odd >>> 32));
    }

    /** Four samples of a row and, above them, those two rows below. */
    private long two(int at) {
        return (int) FOUR.get(samples, at) & 0xffffffffL
                | (long) (int) FOUR.get(samples, at + 2 * stride) << 32;
    }

    /** Whether any sample may have changed. */
    private boolean edges(int from, int end, long outer, long inner) {
        boolean changed = false;
        for (int at = from + BLOCK; at < end; at += BLOCK) {
            for (long[] lines : strips) {
                changed |= edge(lines, at, at == BLOCK ? outer : inner);
            }
        }
        return changed;
    }

    /** Filters the edge before a line. */
    private boolean edge(long[] lines, int at, long beside) {
        long p1 = lines[at - 2];
        long p0 = lines[at - 1];
        long q0 = lines[at];
        long q1 = lines[at + 1];
        long step = q0 - p0;
        long outer = p1 - q1;
        // |p1 - q1| + 4 |p0 - q0|
        long smooth = near(outer + 4 * step, beside) & near(outer - 4 * step, beside);
        long flat = 0;
        if (!simple) {
            long p2 = lines[at - 3];
            long q2 = lines[at + 2];
            smooth &= near(lines[at - 4] - p2, interior) & near(lines[at + 3] - q2, interior);
            smooth &= near(p2 - p1, interior) & near(q2 - q1, interior);
            smooth &= near(p1 - p0, interior) & near(q1 - q0, interior);
            flat = bytes(smooth & near(p1 - p0, variance) & near(q1 - q0, variance));
        }
        if ((smooth & SIGNS) == 0) {
            return false;
        }
        outer = clamped(outer + MIDDLE);
        if (at == BLOCK && !simple) {
            long all = where(bytes(smooth), clamped(outer + 3 * step), MIDDLE);
            adjustThree(lines, at, where(flat, all, MIDDLE));
            adjust(lines, at, where(~flat, all, MIDDLE), 0);
        } else {
            long all = clamped(where(~flat, outer, MIDDLE) + 3 * step);
            adjust(lines, at, where(bytes(smooth), all, MIDDLE), flat);
        }
        return true;
    }

    /** Changes the two beside the edge, and where it is flat, two more. */
    private static void adjust(long[] lines, int at, long all, long flat) {
        long off = clamped(all + 4 * LANES) >>> 3 & 0x1f * LANES;
        long on = clamped(all + 3 * LANES) >>> 3 & 0x1f * LANES;
        change(lines, at, 16 * LANES - off);
        change(lines, at - 1, on - 16 * LANES);
        if (flat != 0) {
            long more = where(flat, off + LANES >>> 1 & BYTES, 8 * LANES);
            change(lines, at + 1, 8 * LANES - more);
            change(lines, at - 2, more - 8 * LANES);
        }
    }

    /** Changes three on each side. */
    private static void adjustThree(long[] lines, int at, long all) {
        for (int i = 0, ninths = 27; i < 3; i++, ninths -= 9) {
            long more = (ninths * all + 63 * LANES >>> 7 & BYTES) - ninths * LANES;
            change(lines, at + i, -more);
            change(lines, at - 1 - i, more);
        }
    }

    private static void change(long[] lines, int line, long more) {
        lines[line] = clamped(lines[line] + more);
    }

    /**
     * The sign of each lane tells whether a difference is not above a most, which has the signs,
     * and not below its negative.
     */
    private static long near(long difference, long most) {
        return most + difference & most - difference;
    }

    /** 255 in each lane that has its sign. */
    private static long bytes(long lanes) {
        long signs = lanes & SIGNS;
        return (signs >>> 7) - (signs >>> 15);
    }

    /** Bytes where the mask has them, else others. */
    private static long where(long mask, long bytes, long others) {
        return (bytes ^ others) & mask ^ others;
    }

    /** Those between 0 and 255, which they mostly are. */
    private static long clamped(long numbers) {
        return (numbers & ~BYTES) == 0 ? numbers : reallyClamped(numbers + OFFSET);
    }

    private static long reallyClamped(long numbers) {
        long above = numbers + 0x3f00 * LANES & SIGNS;
        long whole = numbers & OFFSET;
        return (numbers | (above >>> 7) - (above >>> 15)) & (whole >>> 6) - (whole >>> 14);
    }
}
