package dev.graft.image;

/**
 * One component of a JPEG picture, such as luminance, and its samples. Its blocks come out as
 * {@code side} x {@code side} samples, where 8 x 8 are stored.
 */
final class JpegComponent {
    /** Coefficients of a block. */
    static final int BLOCK = 64;

    final int id;
    final int across;
    final int down;
    final int table;

    /** Samples a side that a block becomes: 1, 2, 4 or 8. */
    final int side;

    /**
     * Blocks a row that hold samples of the picture, without those that only fill the last unit.
     */
    final int columns;

    final int rows;

    /** Blocks a row, with those that only fill the last unit. */
    final int allColumns;

    final int allRows;

    /** Samples a row that belong to the picture, and rows of them. */
    final int width;

    final int height;

    final byte[] samples;
    private short[] coefficients = {};
    private short[] firsts = {};
    private long[] others = {};

    private InverseDct transform = InverseDct.NONE;

    /** The blocks that become samples. */
    private Window blocks;

    /** As the header of the frame tells it. */
    record Told(int id, int across, int down, int table) {}

    /**
     * Of a picture.
     *
     * @param width in pixels
     * @param height in pixels
     * @param across most samples a row that a component has in a unit of blocks
     * @param down most rows of them
     */
    record Size(int width, int height, int across, int down) {}

    JpegComponent(Told told, int side, Size size) {
        id = told.id();
        across = told.across();
        down = told.down();
        table = told.table();
        this.side = side;
        int unitsAcross = Math.ceilDiv(size.width(), 8 * size.across());
        int unitsDown = Math.ceilDiv(size.height(), 8 * size.down());
        allColumns = unitsAcross * across;
        allRows = unitsDown * down;
        columns = Math.ceilDiv(size.width() * across, 8 * size.across());
        rows = Math.ceilDiv(size.height() * down, 8 * size.down());
        width = Math.ceilDiv(size.width() * across * side, 8 * size.across());
        height = Math.ceilDiv(size.height() * down * side, 8 * size.down());
        samples = new byte[allColumns * side * allRows * side];
        blocks = new Window(0, 0, allColumns, allRows);
    }

    /** Leaves out the blocks that have none of these samples. */
    void only(Window read) {
        blocks =
                new Window(
                        Math.max(0, read.left() / side),
                        Math.max(0, read.top() / side),
                        Math.min(allColumns, Math.ceilDiv(read.right(), side)),
                        Math.min(allRows, Math.ceilDiv(read.bottom(), side)));
    }

    /** Whether the samples of a block are read. */
    boolean isRead(int column, int row) {
        return blocks.contains(column, row);
    }

    /** Samples from one row to the next. */
    int stride() {
        return allColumns * side;
    }

    /** Of each block that is read 64 in natural order, kept where they come in several scans. */
    short[] coefficients() {
        if (coefficients.length == 0) {
            int read = (blocks.right() - blocks.left()) * (blocks.bottom() - blocks.top());
            coefficients = new short[Math.multiplyExact(read, BLOCK)];
        }
        return coefficients;
    }

    /** Of each block the first, which {@link #coefficients} are without until all have come. */
    short[] firsts() {
        if (firsts.length == 0) {
            firsts = new short[allColumns * allRows];
        }
        return firsts;
    }

    /**
     * Of each block whether those behind the first are other than 0: bit k of the one at k in
     * zigzag order.
     */
    long[] others() {
        if (others.length == 0) {
            others = new long[allColumns * allRows];
        }
        return others;
    }

    /** Where the coefficients of a block begin. */
    int kept(int column, int row) {
        int width = blocks.right() - blocks.left();
        return ((row - blocks.top()) * width + column - blocks.left()) * BLOCK;
    }

    /** Where the samples of a block begin. */
    int place(int column, int row) {
        return (row * stride() + column) * side;
    }

    InverseDct transform() {
        return transform;
    }

    /** With the quantization table that holds for its first scan, in zigzag order. */
    void quantizedBy(int[] steps) {
        if (transform == InverseDct.NONE) {
            transform = new InverseDct(steps, side);
        }
    }

    /** Turns the coefficients that were kept into samples, as far as these are read. */
    void transformKept() {
        short[] kept = coefficients();
        for (int row = blocks.top(); row < blocks.bottom(); row++) {
            for (int column = blocks.left(); column < blocks.right(); column++) {
                int block = row * allColumns + column;
                int at = kept(column, row);
                kept[at] = firsts()[block];
                transform.holds(others()[block]);
                transform.samples(kept, at, samples, place(column, row), stride());
            }
        }
        coefficients = new short[0];
        others = new long[0];
        firsts = new short[0];
    }
}
