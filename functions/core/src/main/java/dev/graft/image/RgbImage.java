package dev.graft.image;

/**
 * An upright image of 8-bit sRGB pixels without transparency. The array is shared, not copied:
 * whoever gets an image only reads it.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param pixels height x width x 3 unsigned bytes, row by row from the top, red, green, blue
 */
public record RgbImage(int width, int height, byte[] pixels) {
    /**
     * @throws IllegalArgumentException if a side is less than 1 or {@code pixels} has another
     *     length
     */
    public RgbImage {
        if (width < 1 || height < 1 || pixels.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "image of "
                            + (width + " x " + height + " has " + pixels.length + " bytes")
                            + ", expected height x width x 3 and both sides at least 1");
        }
    }
}
