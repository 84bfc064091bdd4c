package dev.graft.image;

/**
 * An upright image of 8-bit sRGB pixels without transparency. The array is shared, not copied:
 * whoever gets an image only reads it.
 *
 * @param width of the file in pixels, at least 1
 * @param height likewise
 * @param reduction what both sides were divided by when it was decoded, as no more is needed; 1 for
 *     all pixels
 * @param pixels rows x columns x 3 unsigned bytes, row by row from the top, red, green, blue
 */
public record RgbImage(int width, int height, int reduction, byte[] pixels) {
    /**
     * @throws IllegalArgumentException if a side or the reduction is less than 1 or {@code pixels}
     *     has another length
     */
    public RgbImage {
        if (width < 1
                || height < 1
                || reduction < 1
                || pixels.length
                        != 3L * Math.ceilDiv(width, reduction) * Math.ceilDiv(height, reduction)) {
            throw new IllegalArgumentException(
                    "image of "
                            + (width + " x " + height + " pixels divided by " + reduction)
                            + (" has " + pixels.length + " bytes, expected height x width x 3")
                            + " and both sides at least 1");
        }
    }

    /** With all its pixels. */
    public RgbImage(int width, int height, byte[] pixels) {
        this(width, height, 1, pixels);
    }

    /** Pixels a row that are in memory. */
    int columns() {
        return across().samples();
    }

    /** Rows that are in memory. */
    int rows() {
        return down().samples();
    }

    ImageSide across() {
        return new ImageSide(width, reduction);
    }

    ImageSide down() {
        return new ImageSide(height, reduction);
    }
}
