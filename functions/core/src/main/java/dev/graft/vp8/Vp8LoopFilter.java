package dev.graft.vp8;

/**
 * Smooths the edges between blocks of a plane (RFC 6386, section 15). Names are those of the text:
 * p0 is the sample before an edge, q0 the one behind it, and each is taken as signed, off 128. For
 * one thread.
 */
final class Vp8LoopFilter {
    private static final int BLOCK = 4;
    private static final int MUCH = 40;
    private static final int SOME = 15;

    private final Vp8Plane plane;
    private final byte[] samples;
    private final boolean simple;

    // of the edge that is being filtered: from one sample to the next one across it, along it, and
    // the differences up to which it is smoothed
    private int across;
    private int along;
    private int beside;
    private int interior;
    private int variance;

    Vp8LoopFilter(Vp8Plane plane, boolean simple) {
        this.plane = plane;
        this.samples = plane.samples;
        this.simple = simple;
    }

    /**
     * Filters the edges of a macroblock on the left and above, and between its blocks.
     *
     * @param level how much, 1..63
     * @param ofInterior differences within a block up to which its edges are smoothed
     * @param within whether between its blocks
     */
    void macroblock(int column, int row, int level, int ofInterior, boolean within) {
        interior = ofInterior;
        variance = level >= MUCH ? 2 : level >= SOME ? 1 : 0;
        int at = plane.at(column, row);
        across = 1;
        along = plane.stride;
        edges(at, level, column > 0, within);
        across = plane.stride;
        along = 1;
        edges(at, level, row > 0, within);
    }

    private void edges(int at, int level, boolean outer, boolean within) {
        if (outer) {
            beside = 2 * (level + 2) + interior;
            if (simple) {
                simple(at);
            } else {
                normal(at, true);
            }
        }
        beside = 2 * level + interior;
        for (int i = BLOCK; within && i < plane.side; i += BLOCK) {
            if (simple) {
                simple(at + i * across);
            } else {
                normal(at + i * across, false);
            }
        }
    }

    private static int clamp(int value) {
        return Math.max(-128, Math.min(127, value));
    }

    private static byte sample(int value) {
        return (byte) (clamp(value) ^ 0x80);
    }

    /** Of a byte, off 128. */
    private static int signed(byte sample) {
        return (byte) (sample ^ 0x80);
    }

    /** Whether the edge before a sample is no real one, and varies little on both sides. */
    private boolean isSmooth(int at, int p1, int p0, int q0, int q1) {
        if (2 * Math.abs(p0 - q0) + (Math.abs(p1 - q1) >> 1) > beside
                || Math.abs(p1 - p0) > interior
                || Math.abs(q1 - q0) > interior) {
            return false;
        }
        int p2 = signed(samples[at - 3 * across]);
        int q2 = signed(samples[at + 2 * across]);
        return Math.abs(p2 - p1) <= interior
                && Math.abs(q2 - q1) <= interior
                && Math.abs(signed(samples[at - 4 * across]) - p2) <= interior
                && Math.abs(signed(samples[at + 3 * across]) - q2) <= interior;
    }

    private void simple(int from) {
        for (int i = 0, at = from; i < plane.side; i++, at += along) {
            int p1 = signed(samples[at - 2 * across]);
            int p0 = signed(samples[at - across]);
            int q0 = signed(samples[at]);
            int q1 = signed(samples[at + across]);
            if (2 * Math.abs(p0 - q0) + (Math.abs(p1 - q1) >> 1) <= beside) {
                adjust(at, p0, q0, clamp(p1 - q1));
            }
        }
    }

    /** Changes the two beside the edge; gives by how much. */
    private int adjust(int at, int p0, int q0, int outer) {
        int all = clamp(outer + 3 * (q0 - p0));
        int off = Math.min(127, all + 4) >> 3;
        int on = Math.min(127, all + 3) >> 3;
        samples[at] = sample(q0 - off);
        samples[at - across] = sample(p0 + on);
        return off;
    }

    private void normal(int from, boolean betweenMacroblocks) {
        for (int i = 0, at = from; i < plane.side; i++, at += along) {
            int p1 = signed(samples[at - 2 * across]);
            int p0 = signed(samples[at - across]);
            int q0 = signed(samples[at]);
            int q1 = signed(samples[at + across]);
            if (!isSmooth(at, p1, p0, q0, q1)) {
                continue;
            }
            if (Math.abs(p1 - p0) > variance || Math.abs(q1 - q0) > variance) {
                adjust(at, p0, q0, clamp(p1 - q1));
            } else if (betweenMacroblocks) {
                adjustThree(at, p1, p0, q0, q1);
            } else {
                int more = adjust(at, p0, q0, 0) + 1 >> 1;
                samples[at + across] = sample(q1 - more);
                samples[at - 2 * across] = sample(p1 + more);
            }
        }
    }

    /** Changes three on each side. */
    private void adjustThree(int at, int p1, int p0, int q0, int q1) {
        int p2 = signed(samples[at - 3 * across]);
        int q2 = signed(samples[at + 2 * across]);
        int all = clamp(clamp(p1 - q1) + 3 * (q0 - p0));
        int most = 27 * all + 63 >> 7;
        int more = 18 * all + 63 >> 7;
        int some = 9 * all + 63 >> 7;
        samples[at] = sample(q0 - most);
        samples[at - across] = sample(p0 + most);
        samples[at + across] = sample(q1 - more);
        samples[at - 2 * across] = sample(p1 + more);
        samples[at + 2 * across] = sample(q2 - some);
        samples[at - 3 * across] = sample(p2 + some);
    }
}
