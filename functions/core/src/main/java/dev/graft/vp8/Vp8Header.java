package dev.graft.vp8;

/**
 * The header of a key frame (RFC 6386, sections 9.2 to 9.11 and 19.2): what holds for all
 * macroblocks.
 */
final class Vp8Header {
    private static final int SEGMENTS = 4;
    private static final int MOST_QUANTIZER = 127;
    private static final int MOST_LEVEL = 63;
    private static final int MOST_DC_OF_COLOUR = 132;
    private static final int LEAST_AC_OF_SECOND = 8;

    /** Whether each macroblock tells its segment. */
    final boolean segmented;

    /** Of the bits that tell it. */
    final int[] segmentProbabilities = {255, 255, 255};

    /** Whether only the luma is filtered, and simply. */
    final boolean simpleFilter;

    /** Of the token's bits, see {@link Vp8Tables#COEFFICIENTS}. */
    final int[] coefficients = Vp8Tables.COEFFICIENTS.clone();

    /** Number of partitions that the tokens are in, by rows in turn. */
    final int partitions;

    /** Of that a macroblock has coefficients; 0 where all may have. */
    final int notSkipped;

    private final boolean absolute;
    private final int[] quantizers = new int[SEGMENTS];
    private final int[] levels = new int[SEGMENTS];
    private final boolean hasSegments;
    private final int level;
    private final int sharpness;
    private final int[] levelOfReference = new int[SEGMENTS];
    private final int[] levelOfMode = new int[SEGMENTS];
    private final boolean adjusted;
    private final int quantizer;
    private final int[] offsets = new int[5];

    Vp8Header(Vp8Bits bits) {
        bits.number(2); // colour space and clamping, which change nothing here
        hasSegments = bits.flag();
        segmented = hasSegments && bits.flag();
        absolute = hasSegments && bits.flag() && readSegments(bits);
        if (segmented) {
            for (int i = 0; i < segmentProbabilities.length; i++) {
                segmentProbabilities[i] = bits.flag() ? bits.number(8) : 255;
            }
        }
        simpleFilter = bits.flag();
        level = bits.number(6);
        sharpness = bits.number(3);
        adjusted = bits.flag();
        if (adjusted && bits.flag()) {
            read(bits, 6, levelOfReference);
            read(bits, 6, levelOfMode);
        }
        partitions = 1 << bits.number(2);
        quantizer = bits.number(7);
        read(bits, 4, offsets);
        bits.flag(); // whether the next frame goes on with these probabilities
        for (int i = 0; i < coefficients.length; i++) {
            if (bits.bit(Vp8Tables.UPDATES[i])) {
                coefficients[i] = bits.number(8);
            }
        }
        notSkipped = bits.flag() ? bits.number(8) : 0;
    }

    /** Gives whether their values are taken as they are, not added. */
    private boolean readSegments(Vp8Bits bits) {
        boolean asTheyAre = bits.flag();
        read(bits, 7, quantizers);
        read(bits, 6, levels);
        return asTheyAre;
    }

    private static void read(Vp8Bits bits, int size, int[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = bits.optional(size);
        }
    }

    /**
     * Factors of the coefficients of a segment (section 14.1).
     *
     * @return first and others of luma, of its second transform, and of colour
     */
    int[] factors(int segment) {
        int index = quantizer;
        if (hasSegments) {
            index = absolute ? quantizers[segment] : index + quantizers[segment];
        }
        int base = Math.clamp(index, 0, MOST_QUANTIZER);
        return new int[] {
            of(Vp8Tables.DC, base + offsets[0]),
            of(Vp8Tables.AC, base),
            2 * of(Vp8Tables.DC, base + offsets[1]),
            Math.max(LEAST_AC_OF_SECOND, of(Vp8Tables.AC, base + offsets[2]) * 155 / 100),
            Math.min(MOST_DC_OF_COLOUR, of(Vp8Tables.DC, base + offsets[3])),
            of(Vp8Tables.AC, base + offsets[4])
        };
    }

    private static int of(int[] table, int index) {
        return table[Math.clamp(index, 0, MOST_QUANTIZER)];
    }

    /** How much a macroblock is filtered, 0..63 (section 9.6). */
    int level(int segment, boolean inBlocks) {
        int ofSegment = level;
        if (hasSegments) {
            ofSegment = absolute ? levels[segment] : level + levels[segment];
        }
        int clamped = Math.clamp(ofSegment, 0, MOST_LEVEL);
        if (!adjusted) {
            return clamped;
        }
        int ofMode = inBlocks ? levelOfMode[0] : 0;
        return Math.clamp(clamped + levelOfReference[0] + ofMode, 0, MOST_LEVEL);
    }

    /** From which difference on the inside of a block of this level is not filtered. */
    int interior(int ofLevel) {
        int limit = ofLevel;
        if (sharpness > 0) {
            limit = Math.min(limit >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
        }
        return Math.max(1, limit);
    }
}
