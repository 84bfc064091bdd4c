package dev.graft.image;

import java.util.List;

/** A scan of some bits of some coefficients (ITU-T T.81, G.2). */
final class ProgressiveScan extends JpegScan {
    private final Range range;
    private int endedBlocks;

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
        short[] all = component.coefficients();
        int at = (row * component.allColumns + column) * JpegComponent.BLOCK;
        if (range.from == 0) {
            firstOfBlock(part, all, at);
        } else if (range.before == 0) {
            others(part.others, all, at);
        } else {
            refined(part.others, all, at);
        }
    }

    private void firstOfBlock(Part part, short[] all, int at) {
        if (range.before > 0) {
            all[at] |= (short) (bits.number(1) << range.low);
            return;
        }
        all[at] = (short) (first(part) << range.low);
    }

    private void others(JpegCode code, short[] all, int at) {
        if (endedBlocks > 0) {
            endedBlocks--;
            return;
        }
        for (int k = range.from; k <= range.to; k++) {
            int symbol = bits.symbol(code);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (size > 0) {
                k += run;
                int value = bits.signed(size);
                check(k);
                all[at + InverseDct.place(k)] = (short) (value << range.low);
            } else if (run == 15) {
                k += run;
            } else {
                endedBlocks = (1 << run) + bits.number(run) - 1;
                return;
            }
        }
    }

    private void refined(JpegCode code, short[] all, int at) {
        int k = range.from;
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
                int fresh = size == 0 ? 0 : bits.number(1) == 1 ? 1 << range.low : -1 << range.low;
                k = pass(run, k, all, at);
                if (size > 0) {
                    check(k);
                    all[at + InverseDct.place(k)] = (short) fresh;
                }
            }
        }
        if (endedBlocks > 0) {
            pass(JpegComponent.BLOCK, k, all, at);
            endedBlocks--;
        }
    }

    /** Over so many coefficients that are zero; those that are not get a bit each. */
    private int pass(int zeros, int from, short[] all, int at) {
        int left = zeros;
        int k = from;
        for (; k <= range.to; k++) {
            int place = at + InverseDct.place(k);
            int value = all[place];
            if (value == 0) {
                if (--left < 0) {
                    break;
                }
            } else if (bits.number(1) == 1 && (value & 1 << range.low) == 0) {
                all[place] += (short) ((value > 0 ? 1 : -1) << range.low);
            }
        }
        return k;
    }

    private void check(int k) {
        if (k > range.to) {
            throw new IrregularJpegException();
        }
    }
}
