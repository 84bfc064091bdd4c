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
        int block = row * component.allColumns + column;
        if (range.from == 0) {
            firstOfBlock(part, component.firsts(), block);
            return;
        }
        boolean read = component.isRead(column, row);
        short[] all = read ? component.coefficients() : unread;
        int at = read ? component.kept(column, row) : 0;
        if (range.before == 0) {
            component.others()[block] |= others(part.others, all, at);
        } else {
            component.others()[block] |= refined(part.others, all, at, component.others()[block]);
        }
    }

    private void firstOfBlock(Part part, short[] firsts, int at) {
        if (range.before > 0) {
            firsts[at] |= (short) (bits.number(1) << range.low);
            return;
        }
        firsts[at] = (short) (first(part) << range.low);
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

    /** Gives which are new among those other than 0; those known before get a bit each. */
    private long refined(JpegCode code, short[] all, int at, long known) {
        long left = known & -1L << range.from & -1L >>> Long.SIZE - 1 - range.to;
        long fresh = 0;
        long next = bits.bits;
        int count = bits.count;
        for (int k = range.from; k <= range.to && endedBlocks == 0; k++) {
            if (count < JpegBits.ENOUGH) {
                next = bits.refill(next, count);
                count = bits.count;
            }
            int found = code.lookUp(next);
            int zeros = found >> 12;
            int size = found >> 8 & 15;
            next <<= found & 0xff;
            count -= found & 0xff;
            if (size == 0 && zeros < 15) {
                endedBlocks = (1 << zeros) + (int) (next >>> 1 >>> Long.SIZE - 1 - zeros);
                next <<= zeros;
                count -= zeros;
                break;
            }
            int value = (int) (next >> Long.SIZE - 1) * -2 - 1 << range.low;
            next <<= size;
            count -= size;
            for (; left != 0; left &= left - 1) {
                int place = Long.numberOfTrailingZeros(left);
                if (place - k > zeros) {
                    break;
                }
                zeros -= place - k;
                k = place + 1;
                if (count == 0) {
                    next = bits.refill(next, count);
                    count = bits.count;
                }
                correct(next, all, at + InverseDct.place(place));
                next <<= 1;
                count--;
            }
            k += zeros;
            if (size > 0) {
                check(k, size);
                all[at + InverseDct.place(k)] = (short) value;
                fresh |= 1L << k;
            }
        }
        bits.bits = next;
        bits.count = count;
        return endedBlocks > 0 ? ended(left, all, at, fresh) : fresh;
    }

    /** Corrects what is left of a block without further coefficients; gives the new ones. */
    private long ended(long which, short[] all, int at, long fresh) {
        endedBlocks--;
        if (all == unread) {
            bits.skip(Long.bitCount(which));
            return fresh;
        }
        long next = bits.bits;
        int count = bits.count;
        for (long left = which; left != 0; left &= left - 1) {
            if (count == 0) {
                next = bits.refill(next, count);
                count = bits.count;
            }
            correct(next, all, at + InverseDct.place(Long.numberOfTrailingZeros(left)));
            next <<= 1;
            count--;
        }
        bits.bits = next;
        bits.count = count;
        return fresh;
    }

    /** Adds the next bit to a coefficient. */
    private void correct(long next, short[] all, int place) {
        int more = (int) (next >>> Long.SIZE - 1) << range.low & ~all[place];
        all[place] += (short) (all[place] > 0 ? more : -more);
    }

    private void check(int k, int size) {
        if (size > 1) {
            throw new IrregularJpegException();
        }
        check(k);
    }

    private void check(int k) {
        if (k > range.to) {
            throw new IrregularJpegException();
        }
    }
}
