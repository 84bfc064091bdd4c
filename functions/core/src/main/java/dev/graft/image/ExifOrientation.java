package dev.graft.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The turn a camera wrote into EXIF (tag 0x0112 of CIPA DC-008), and how to undo it. */
final class ExifOrientation {
    private static final int UPRIGHT = 1;
    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    private ExifOrientation() {}

    /**
     * From a TIFF structure. The standard stores the turn in 16 bits, some writers in 32.
     *
     * @return 1 to 8; 1 where the structure is malformed or silent
     */
    static int of(ByteBuffer tiff, PixelPath path) {
        try {
            ByteBuffer exif = tiff.slice();
            exif.order(exif.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            int directory = exif.getInt(4);
            int entries = Short.toUnsignedInt(exif.getShort(directory));
            for (int i = 0; i < entries; i++) {
                int entry = directory + 2 + 12 * i;
                int type = exif.getShort(entry + 2);
                boolean number = type == SHORT || type == LONG && path != PixelPath.P1;
                if (exif.getShort(entry) == TAG && number) {
                    int value = type == LONG ? exif.getInt(entry + 8) : exif.getShort(entry + 8);
                    return value >= UPRIGHT && value <= 8 ? value : UPRIGHT;
                }
            }
        } catch (IndexOutOfBoundsException malformed) {
            // as if it were silent
        }
        return UPRIGHT;
    }

    /** Whether the sides change places. */
    static boolean isTransposed(int orientation) {
        return orientation > 4;
    }

    private static boolean mirrorsColumns(int orientation) {
        return orientation == 2 || orientation == 3 || orientation > 6;
    }

    private static boolean mirrorsRows(int orientation) {
        return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    }

    /**
     * Where the pixels stand before the turn that are in a window after it.
     *
     * @param columns of the image as stored
     * @param rows of it
     */
    static Window asStored(Window upright, int orientation, int columns, int rows) {
        Window stored = isTransposed(orientation) ? upright.transposed() : upright;
        if (mirrorsColumns(orientation)) {
            stored = stored.mirrored(columns);
        }
        return mirrorsRows(orientation) ? stored.transposed().mirrored(rows).transposed() : stored;
    }

    /** The image as it is meant to be seen. */
    static RgbImage turn(RgbImage image, int orientation) {
        if (orientation == UPRIGHT) {
            return image;
        }
        int width = image.columns();
        int height = image.rows();
        boolean mirrorColumns = mirrorsColumns(orientation);
        boolean mirrorRows = mirrorsRows(orientation);
        boolean transposed = isTransposed(orientation);
        int across = transposed ? height : 1;
        int down = transposed ? 1 : width;
        byte[] from = image.pixels();
        byte[] to = new byte[from.length];
        for (int row = 0, at = 0; row < height; row++) {
            int line = (mirrorRows ? height - 1 - row : row) * down;
            for (int column = 0; column < width; column++, at += 3) {
                int target = 3 * (line + (mirrorColumns ? width - 1 - column : column) * across);
                to[target] = from[at];
                to[target + 1] = from[at + 1];
                to[target + 2] = from[at + 2];
            }
        }
        return transposed
                ? new RgbImage(image.height(), image.width(), image.reduction(), to)
                : new RgbImage(image.width(), image.height(), image.reduction(), to);
    }
}
