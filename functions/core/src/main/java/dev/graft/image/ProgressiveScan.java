package dev.graft.image;

import java.util.List;

/** A scan of some bits of some coefficients (ITU-T T.81, G.2). */
final class ProgressiveScan extends JpegScan {
    private final Range range;
    private int endedBlocks;

    /** Takes the coefficients of blocks that are not read. */
    private final short[] unread = new short[JpegComponent.BLOCK];

    /**
     * Which coefficients a scan tells.
     *
     * @param from first of them, in zigzag order
     * @param to last of them
     * @param before the lowest bit that was known before it, 0 for none
     * @param low the lowest bit that is known after it
     */
    record Range(int from, int to, int before, int low) {}

    ProgressiveScan(List<Part> parts, JpegBits bits, int restartEvery, Range range) {
        super(parts, bits, restartEvery);
        this.range = range;
    }

    @Override
    void restart() {
        super.restart();
        endedBlocks = 0;
    }

    @Override
    void block(Part part, int column, int row) {
        JpegComponent component = part.component;
        boolean read = component.isRead(column, row);
        short[] all = read ? component.coefficients() : unread;
        int at = read ? component.kept(column, row) : 0;
        int block = row * component.allColumns + column;
        if (range.from == 0) {
            firstOfBlock(part, all, at);
        } else if (range.before == 0) {
            component.others()[block] |= others(part.others, all, at);
        } else {
            component.others()[block] |= refined(part.others, all, at, component.others()[block]);
        }
    }

    private void firstOfBlock(Part part, short[] all, int at) {
        if (range.before > 0) {
            all[at] |= (short) (bits.number(1) << range.low);
            return;
        }
        all[at] = (short) (first(part) << range.low);
    }

    /** Gives which are other than 0. */
    private long others(JpegCode code, short[] all, int at) {
        if (endedBlocks > 0) {
            endedBlocks--;
            return 0;
        }
        long fresh = 0;
        for (int k = range.from; k <= range.to; k++) {
            int symbol = bits.symbol(code);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (size > 0) {
                k += run;
                short value = (short) (bits.signed(size) << range.low);
                check(k);
                all[at + InverseDct.place(k)] = value;
                fresh |= value == 0 ? 0 : 1L << k;
            } else if (run == 15) {
                k += run;
            } else {
                endedBlocks = (1 << run) + bits.number(run) - 1;
                break;
            }
        }
        return fresh;
    }

    /** Gives which are new among those other than 0. */
    private long refined(JpegCode code, short[] all, int at, long known) {
        int k = range.from;
        long fresh = 0;
        if (endedBlocks == 0) {
            for (; k <= range.to; k++) {
                int symbol = bits.symbol(code);
                int run = symbol >> 4;
                int size = symbol & 15;
                if (size == 0 && run < 15) {
                    endedBlocks = (1 << run) + bits.number(run);
                    break;
                }
                if (size > 1) {
                    throw new IrregularJpegException();
                }
                int value = size == 0 ? 0 : bits.number(1) == 1 ? 1 << range.low : -1 << range.low;
                k = pass(run, k, all, at, known);
                if (size > 0) {
                    check(k);
                    all[at + InverseDct.place(k)] = (short) value;
                    fresh |= 1L << k;
                }
            }
        }
        if (endedBlocks > 0) {
            pass(JpegComponent.BLOCK, k, all, at, known);
            endedBlocks--;
        }
        return fresh;
    }

    /**
     * Over so many coefficients that are zero, to the next one; those that are not get a bit each.
     */
    private int pass(int zeros, int from, short[] all, int at, long known) {
        int left = zeros;
        int k = from;
        long within = known & -1L << from & -1L >>> Long.SIZE - 1 - range.to;
        if (zeros == JpegComponent.BLOCK && all == unread) {
            bits.skip(Long.bitCount(within));
            return range.to + 1;
        }
        long next = bits.bits;
        int count = bits.count;
        for (; within != 0; within &= within - 1) {
            int place = Long.numberOfTrailingZeros(within);
            if (place - k > left) {
                break;
            }
            left -= place - k;
            k = place + 1;
            if (count == 0) {
                next = bits.refill(next, count);
                count = bits.count;
            }
            int value = all[at + InverseDct.place(place)];
            int more = (int) (next >>> Long.SIZE - 1) << range.low & ~value;
            all[at + InverseDct.place(place)] += (short) (value > 0 ? more : -more);
            next <<= 1;
            count--;
        }
        bits.bits = next;
        bits.count = count;
        return Math.min(k + left, range.to + 1);
    }

    private void check(int k) {
        if (k > range.to) {
            throw new IrregularJpegException();
        }
    }
}
