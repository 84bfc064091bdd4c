package dev.graft.image;

/**
 * A picture of {@value #SIDE} x {@value #SIDE} grey pixels: little enough to be kept beside each
 * feature, and enough to tell whether two pictures are one, which a feature does not: that says
 * what is shown.
 */
public final class Thumbnail {
    /** Pixels of a side. */
    public static final int SIDE = 24;

    /** Weights of red, green and blue in the luminance of ITU-R BT.601, of 256. */
    private static final int RED = 77;

    private static final int GREEN = 150;
    private static final int BLUE = 29;

    private Thumbnail() {}

    /**
     * Resizes the whole picture, whatever its shape.
     *
     * @return (SIDE, SIDE) unsigned bytes, row by row from the top
     */
    public static byte[] of(RgbImage image) {
        var across = new Resampling(Interpolation.BILINEAR, image.width(), SIDE, 0, SIDE);
        var down = new Resampling(Interpolation.BILINEAR, image.height(), SIDE, 0, SIDE);
        byte[] rows = across.horizontal(image, down.first(), down.end());
        byte[] pixels = down.vertical(rows, SIDE * 3);
        byte[] grey = new byte[SIDE * SIDE];
        for (int i = 0; i < grey.length; i++) {
            int sum =
                    RED * (pixels[3 * i] & 0xff)
                            + GREEN * (pixels[3 * i + 1] & 0xff)
                            + BLUE * (pixels[3 * i + 2] & 0xff);
            grey[i] = (byte) ((sum + 128) >> 8);
        }
        return grey;
    }
}
