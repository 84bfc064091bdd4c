package dev.graft.image;

import java.util.Arrays;
import java.util.List;

/**
 * A scan of whole blocks (ITU-T T.81, F.2). Of a block that becomes one sample all coefficients but
 * the first are passed over, and so they are of one that is not read; of one that becomes four,
 * they are summed up as they come.
 */
final class SequentialScan extends JpegScan {
    private static final int END = JpegCode.END_OF_BLOCK;
    private static final int LAST = JpegComponent.BLOCK - 1;

    /** Where a coefficient goes by its place in the file; what follows the block goes behind it. */
    private static final int[] PLACES = new int[3 * JpegComponent.BLOCK];

    static {
        Arrays.fill(PLACES, JpegComponent.BLOCK);
        for (int k = 0; k < JpegComponent.BLOCK; k++) {
            PLACES[k] = InverseDct.place(k);
        }
    }

    private final short[] block = new short[JpegComponent.BLOCK + 1];

    SequentialScan(List<Part> parts, JpegBits bits, int restartEvery) {
        super(parts, bits, restartEvery);
    }

    @Override
    void block(Part part, int column, int row) {
        JpegComponent component = part.component;
        int first = (short) first(part);
        if (!component.isRead(column, row)) {
            skip(part.others);
            return;
        }
        int at = component.place(column, row);
        InverseDct transform = component.transform();
        switch (component.side) {
            case 1 -> {
                component.samples[at] = transform.flat(first);
                skip(part.others);
            }
            case 2 -> four(part, first, at);
            default -> {
                int last = coefficients(part.others);
                if (last > 0) {
                    block[0] = (short) first;
                    transform.endsAt(last);
                    transform.samples(block, 0, component.samples, at, component.stride());
                    Arrays.fill(block, (short) 0);
                } else {
                    transform.flat(first, component.samples, at, component.stride());
                }
            }
        }
    }

    private void skip(JpegCode code) {
        int[] skips = code.skips();
        int[] single = code.coefficients();
        long next = bits.bits;
        int count = bits.count;
        int k = 1;
        while (k < JpegComponent.BLOCK) {
            if (count < JpegCode.SKIPPED_AT) {
                next = bits.refill(next, count);
                count = bits.count;
            }
            int entry = skips[(int) (next >>> 64 - JpegCode.SKIPPED_AT)];
            if (entry == 0 || k + (entry >> 16) >= JpegComponent.BLOCK) {
                if (count < JpegBits.ENOUGH) {
                    next = bits.refill(next, count);
                    count = bits.count;
                }
                entry = single[(int) (next >>> 64 - JpegCode.LOOKED_AT)];
                entry = entry == 0 ? code.coefficient(next) : entry;
            }
            next <<= entry & 0xff;
            count -= entry & 0xff;
            k += entry >> 8 & 0xff;
        }
        bits.bits = next;
        bits.count = count;
        check(k);
    }

    private void four(Part part, int first, int at) {
        JpegComponent component = part.component;
        InverseDct transform = component.transform();
        JpegCode code = part.others;
        byte[] lengths = code.pairLengths();
        int[] pairs = code.pairs();
        long[] weights = transform.weights;
        long sum = 0;
        long next = bits.bits;
        int count = bits.count;
        int k = 1;
        while (k < JpegComponent.BLOCK) {
            if (count < JpegCode.SKIPPED_AT) {
                next = bits.refill(next, count);
                count = bits.count;
            }
            int looked = (int) (next >>> 64 - JpegCode.SKIPPED_AT);
            int length = lengths[looked];
            int pair = pairs[looked];
            int place = k + (pair & 0xff) - 1;
            int further = pair >> 8 & 0xff;
            int value = (byte) (pair >> 16);
            int other = pair >> 24;
            if (pair == 0 || place >= JpegComponent.BLOCK - 1 && further != 0) {
                if (count < JpegBits.ENOUGH) {
                    next = bits.refill(next, count);
                    count = bits.count;
                }
                int one = code.coefficient(next);
                length = one & 0xff;
                place = k + (one >> 8 & 0xff) - 1;
                value = one >> 16;
                further = 0;
                other = 0;
            }
            next <<= length;
            count -= length;
            sum += value * weights[place & JpegComponent.BLOCK - 1];
            k = place + 1 + further;
            sum += other * weights[k - 1 & JpegComponent.BLOCK - 1];
        }
        bits.bits = next;
        bits.count = count;
        check(k);
        transform.four(first, sum, component.samples, at, component.stride());
    }

    /** Reads those into the block; the place behind which all are zero. */
    private int coefficients(JpegCode code) {
        int[] single = code.coefficients();
        long next = bits.bits;
        int count = bits.count;
        int k = 1;
        while (k < JpegComponent.BLOCK) {
            if (count < JpegCode.LOOKED_AT) {
                next = bits.refill(next, count);
                count = bits.count;
            }
            int entry = single[(int) (next >>> 64 - JpegCode.LOOKED_AT)];
            if (entry == 0) {
                if (count < JpegBits.ENOUGH) {
                    next = bits.refill(next, count);
                    count = bits.count;
                }
                entry = code.coefficient(next);
            }
            next <<= entry & 0xff;
            count -= entry & 0xff;
            k += entry >> 8 & 0xff;
            block[PLACES[k - 1]] = (short) (entry >> 16);
        }
        bits.bits = next;
        bits.count = count;
        check(k);
        return k > END ? k - END - 1 : LAST;
    }

    /** Whether the block ended by its last coefficient or by the sign of its end. */
    private static void check(int k) {
        if (k > JpegComponent.BLOCK && k < END) {
            throw new IrregularJpegException();
        }
    }
}
