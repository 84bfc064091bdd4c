package dev.graft.vp8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key frame of VP8, as lossy WebP has it (RFC 6386; RFC 9649, section 2.5), in 1.5 bytes a pixel
 * of memory. For one thread.
 */
public final class Vp8Picture {
    private static final int FRAME_TAG = 3;
    private static final int HEADER = 10;
    private static final int START_CODE = 0x2a019d;
    private static final int SIDE = 16;
    private static final int LUMA_BLOCKS = 16;

    /** So many pixels further the filter and the colours reach. */
    private static final int REACH = 8;

    private final int width;
    private final int height;
    private final int columns;
    private final int rows;

    /** Macroblocks that pixels are needed of, a row and a column. */
    private final int columnsSeen;

    private final int rowsSeen;
    private final Vp8Bits modes;
    private final Vp8Header header;
    private final List<Vp8Bits> tokens = new ArrayList<>();
    private final Vp8Residuals residuals;
    private final Vp8Prediction prediction;
    private final int[] half = new int[16];
    private final Vp8Plane luma;
    private final Vp8Plane blue;
    private final Vp8Plane red;

    /** Modes of the blocks above, 4 a macroblock, and on the left. */
    private final byte[] above;

    private final byte[] left = new byte[4];
    private final byte[] blockModes = new byte[LUMA_BLOCKS];

    /** Of each macroblock how much it is filtered, and whether between its blocks, too. */
    private final byte[] levels;

    private final boolean[] inside;

    private Vp8Picture(byte[] file, int from, int end, int right, int bottom) {
        width = number(file, from + 6, 2) & 0x3fff;
        height = number(file, from + 8, 2) & 0x3fff;
        columns = (width + SIDE - 1) / SIDE;
        rows = (height + SIDE - 1) / SIDE;
        columnsSeen = Math.min(columns, (right + REACH + SIDE - 1) / SIDE);
        rowsSeen = Math.min(rows, (bottom + REACH + SIDE - 1) / SIDE);
        int firstEnd = firstEnd(file, from);
        modes = new Vp8Bits(file, from + HEADER, firstEnd);
        header = new Vp8Header(modes);
        int at = firstEnd + 3 * (header.partitions - 1);
        for (int i = 0; i < header.partitions; i++) {
            boolean last = i == header.partitions - 1;
            int next = last ? end : at + number(file, firstEnd + 3 * i, 3);
            if (at > end || next > end) {
                throw new IndexOutOfBoundsException();
            }
            tokens.add(new Vp8Bits(file, at, next));
            at = next;
        }
        residuals = new Vp8Residuals(columns, header.coefficients);
        luma = new Vp8Plane(columns, rowsSeen, SIDE);
        blue = new Vp8Plane(columns, rowsSeen, SIDE / 2);
        red = new Vp8Plane(columns, rowsSeen, SIDE / 2);
        prediction = new Vp8Prediction(luma);
        above = new byte[4 * columns];
        levels = new byte[columns * rows];
        inside = new boolean[columns * rows];
    }

    /** Where the first partition, of the modes, ends. */
    private static int firstEnd(byte[] file, int from) {
        return from + HEADER + (number(file, from, FRAME_TAG) >> 5);
    }

    private static int number(byte[] file, int at, int bytes) {
        int number = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            number = number << Byte.SIZE | file[at + i] & 0xff;
        }
        return number;
    }

    /**
     * Decodes a frame. Its code is read to the end whatever is needed, so that it breaks off or not
     * whoever asks.
     *
     * @param file that it stands in
     * @param from where it begins
     * @param end behind its last byte
     * @param right from this column on no pixels are needed
     * @param bottom nor from this row on
     * @return null if it is no key frame, or breaks off
     */
    public static @Nullable Vp8Picture read(byte[] file, int from, int end, int right, int bottom) {
        if (end - from < HEADER || number(file, from + FRAME_TAG, 3) != START_CODE) {
            return null;
        }
        int tag = number(file, from, FRAME_TAG);
        boolean shown = (tag & 1) == 0 && (tag >> 1 & 7) <= 3 && (tag & 0x10) != 0;
        if (!shown || firstEnd(file, from) > end) {
            return null;
        }
        try {
            Vp8Picture picture = new Vp8Picture(file, from, end, right, bottom);
            return picture.read() ? picture : null;
        } catch (IndexOutOfBoundsException breaksOff) {
            return null;
        }
    }

    /** In pixels. */
    public int width() {
        return width;
    }

    /** In pixels. */
    public int height() {
        return height;
    }

    /**
     * RGB, 3 bytes a pixel, row by row, of the pixels in a window; the others are left black. Edges
     * between blocks are smoothed unless the picture is divided: means of pixels smooth them, too.
     * To be asked once.
     *
     * @param reduction by which each side is divided and then rounded up: 1, 2, 4 or 8
     * @param left first column of the divided picture
     * @param top first row
     * @param right one after the last column, which was said to be needed
     * @param bottom one after the last row, likewise
     */
    public byte[] rgb(int reduction, int left, int top, int right, int bottom) {
        if (reduction == 1) {
            filter();
        }
        Vp8Colours colours = new Vp8Colours(width, height, luma, blue, red);
        return colours.rgb(reduction, left, top, right, bottom);
    }

    private boolean read() {
        int[][] factors = new int[4][];
        for (int segment = 0; segment < factors.length; segment++) {
            factors[segment] = header.factors(segment);
        }
        for (int row = 0; row < rows; row++) {
            Arrays.fill(left, (byte) 0);
            residuals.startRow();
            Vp8Bits ofRow = tokens.get(row % header.partitions);
            for (int column = 0; column < columns; column++) {
                macroblock(column, row, ofRow, factors);
            }
            if (row < rowsSeen) {
                luma.extend(row);
            }
            if (modes.isBeyond() || ofRow.isBeyond()) {
                return false;
            }
        }
        return true;
    }

    private void macroblock(int column, int row, Vp8Bits ofRow, int[][] factors) {
        int segment = header.segmented ? segment() : 0;
        boolean skipped = header.notSkipped > 0 && modes.bit(header.notSkipped);
        int mode = mode(column);
        int colourMode = colourMode();
        boolean inBlocks = mode == Vp8Prediction.IN_BLOCKS;
        boolean any = false;
        if (skipped) {
            residuals.skip(column, !inBlocks);
        } else {
            any = residuals.read(ofRow, column, !inBlocks, factors[segment]);
        }
        int place = row * columns + column;
        levels[place] = (byte) header.level(segment, inBlocks);
        inside[place] = inBlocks || any;
        // a block is predicted from the macroblock above on the right, too
        if (row >= rowsSeen || column >= columnsSeen + rowsSeen - row) {
            return;
        }
        if (inBlocks) {
            blocks(column, row);
        } else {
            Vp8Prediction.whole(mode, luma, column, row);
            boolean second = residuals.counts[Vp8Residuals.BLOCKS - 1] > 0;
            if (second) {
                Vp8Transform.second(residuals.coefficients);
            }
            for (int i = 0; i < LUMA_BLOCKS; i++) {
                add(i, luma, luma.at(column, row) + (i >> 2) * 4 * luma.stride + (i & 3) * 4);
            }
        }
        colour(colourMode, blue, column, row, LUMA_BLOCKS);
        colour(colourMode, red, column, row, LUMA_BLOCKS + 4);
    }

    private int segment() {
        int[] probabilities = header.segmentProbabilities;
        return modes.bit(probabilities[0])
                ? 2 + modes.one(probabilities[2])
                : modes.one(probabilities[1]);
    }

    /** Section 11.2 and 11.3; of a macroblock in blocks, the modes of these, too. */
    private int mode(int column) {
        if (!modes.bit(145)) {
            for (int i = 0; i < LUMA_BLOCKS; i++) {
                int x = 4 * column + (i & 3);
                int y = i >> 2;
                byte mode = (byte) blockMode(9 * (10 * above[x] + left[y]));
                above[x] = mode;
                left[y] = mode;
                blockModes[i] = mode;
            }
            return Vp8Prediction.IN_BLOCKS;
        }
        int mode;
        int ofBlocks;
        if (modes.bit(156)) {
            boolean motion = modes.bit(128);
            mode = motion ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
            ofBlocks = motion ? Vp8Prediction.BLOCK_TRUE_MOTION : Vp8Prediction.BLOCK_HORIZONTAL;
        } else {
            boolean vertical = modes.bit(163);
            mode = vertical ? Vp8Prediction.VERTICAL : Vp8Prediction.DC;
            ofBlocks = vertical ? Vp8Prediction.BLOCK_VERTICAL : Vp8Prediction.BLOCK_DC;
        }
        Arrays.fill(above, 4 * column, 4 * column + 4, (byte) ofBlocks);
        Arrays.fill(left, (byte) ofBlocks);
        return mode;
    }

    private int colourMode() {
        if (!modes.bit(142)) {
            return Vp8Prediction.DC;
        }
        if (!modes.bit(114)) {
            return Vp8Prediction.VERTICAL;
        }
        return modes.bit(183) ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
    }

    /** The tree of section 11.2, whose leaves are modes; {@code at} their probabilities. */
    private int blockMode(int at) {
        int[] p = Vp8Tables.MODES;
        if (!modes.bit(p[at])) {
            return 0;
        }
        if (!modes.bit(p[at + 1])) {
            return 1;
        }
        if (!modes.bit(p[at + 2])) {
            return 2;
        }
        if (!modes.bit(p[at + 3])) {
            if (!modes.bit(p[at + 4])) {
                return 3;
            }
            return modes.bit(p[at + 5]) ? 6 : 5;
        }
        if (!modes.bit(p[at + 6])) {
            return 4;
        }
        if (!modes.bit(p[at + 7])) {
            return 7;
        }
        return modes.bit(p[at + 8]) ? 9 : 8;
    }

    private void blocks(int column, int row) {
        int first = luma.at(column, row);
        for (int i = 0; i < LUMA_BLOCKS; i++) {
            int at = first + (i >> 2) * 4 * luma.stride + (i & 3) * 4;
            boolean last = (i & 3) == 3;
            int beyond = last ? first - luma.stride + SIDE : at - luma.stride + 4;
            prediction.block(blockModes[i], at, beyond);
            add(i, luma, at);
        }
    }

    private void colour(int mode, Vp8Plane plane, int column, int row, int block) {
        Vp8Prediction.whole(mode, plane, column, row);
        int at = plane.at(column, row);
        for (int i = 0; i < 4; i++) {
            add(block + i, plane, at + (i >> 1) * 4 * plane.stride + (i & 1) * 4);
        }
    }

    private void add(int block, Vp8Plane plane, int at) {
        int from = block * Vp8Residuals.SIZE;
        int[] coefficients = residuals.coefficients;
        if (residuals.counts[block] > 1) {
            Vp8Transform.add(coefficients, from, plane, at, half);
        } else if (coefficients[from] != 0) {
            Vp8Transform.addFirst(coefficients[from], plane, at);
        }
    }

    private void filter() {
        List<Vp8Plane> planes = header.simpleFilter ? List.of(luma) : List.of(luma, blue, red);
        for (Vp8Plane plane : planes) {
            Vp8LoopFilter filter = new Vp8LoopFilter(plane, header.simpleFilter);
            for (int row = 0; row < rowsSeen; row++) {
                for (int column = 0; column < columnsSeen; column++) {
                    int place = row * columns + column;
                    int level = levels[place];
                    if (level > 0) {
                        int interior = header.interior(level);
                        filter.macroblock(column, row, level, interior, inside[place]);
                    }
                }
            }
        }
    }
}
