package dev.graft.image;

import java.util.List;

/** One scan of a JPEG file: the blocks of some components in the order of ITU-T T.81, A.2. */
abstract class JpegScan {
    /** The data of the scan. */
    final JpegBits bits;

    private final List<Part> parts;
    private final int restartEvery;

    /** A component of the scan. */
    static final class Part {
        final JpegComponent component;
        final JpegCode first;
        final JpegCode others;

        /** The first coefficient of the block before. */
        int predicted;

        /** With the codes of the first coefficient of a block and of the others. */
        Part(JpegComponent component, JpegCode first, JpegCode others) {
            this.component = component;
            this.first = first;
            this.others = others;
        }
    }

    /** With a restart marker after so many units of blocks, 0 for none. */
    JpegScan(List<Part> parts, JpegBits bits, int restartEvery) {
        this.parts = parts;
        this.bits = bits;
        this.restartEvery = restartEvery;
    }

    /** Decodes one block. */
    abstract void block(Part part, int column, int row);

    /** Forgets what went before. */
    void restart() {
        parts.forEach(part -> part.predicted = 0);
    }

    /**
     * Decodes all blocks.
     *
     * @return the place of the marker behind them
     * @throws IrregularJpegException if anything is not as it should be
     */
    int decode() {
        JpegComponent one = parts.getFirst().component;
        boolean alone = parts.size() == 1;
        int rows = alone ? one.rows : one.allRows / one.down;
        int columns = alone ? one.columns : one.allColumns / one.across;
        int left = restartEvery;
        int restarts = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                if (restartEvery > 0 && left-- == 0) {
                    bits.restart(restarts++ & 7);
                    restart();
                    left = restartEvery - 1;
                }
                if (alone) {
                    block(parts.getFirst(), column, row);
                } else {
                    unit(column, row);
                }
            }
            if (bits.isOverdrawn()) {
                throw new IrregularJpegException();
            }
        }
        return bits.endOfScan();
    }

    private void unit(int column, int row) {
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            int across = part.component.across;
            int down = part.component.down;
            for (int y = 0; y < down; y++) {
                for (int x = 0; x < across; x++) {
                    block(part, column * across + x, row * down + y);
                }
            }
        }
    }

    /**
     * The first coefficient of the next block, of which the file has the difference from the block
     * before.
     */
    final int first(Part part) {
        part.predicted += bits.difference(part.first);
        return part.predicted;
    }
}
