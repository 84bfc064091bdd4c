package dev.graft.image;

import java.awt.image.Raster;

/**
 * How a JPEG without an ICC profile stores cyan, magenta, yellow and black. Its RGB is light
 * through the inks, (1 - ink) x (1 - black), as in Pillow. ImageIO's readers would use whichever
 * CMYK profile they find on the machine instead, and the same file would give another feature
 * elsewhere.
 */
enum JpegInks {
    /** 255 is no ink, as Adobe began and all follow, with or without its marker. */
    AS_LIGHT,
    /** Likewise, and the first three went through the YCbCr transform of JFIF. */
    AS_YCBCR;

    /**
     * @param adobeTransform the colour transform of the Adobe marker; -1 if there is no marker
     */
    static JpegInks of(int adobeTransform) {
        return adobeTransform == 2 ? AS_YCBCR : AS_LIGHT;
    }

    /**
     * @param stored four bands of 8 bits
     * @return height x width x 3 bytes, RGB
     */
    byte[] rgb(Raster stored) {
        int width = stored.getWidth();
        byte[] rgb = new byte[3 * width * stored.getHeight()];
        int[] row = new int[4 * width];
        for (int y = 0, at = 0; y < stored.getHeight(); y++) {
            stored.getPixels(0, y, width, 1, row);
            for (int x = 0; x < row.length; x += 4, at += 3) {
                if (this == AS_YCBCR) {
                    toLight(row, x);
                }
                for (int ink = 0; ink < 3; ink++) {
                    rgb[at + ink] = (byte) ((row[x + ink] * row[x + 3] + 127) / 255);
                }
            }
        }
        return rgb;
    }

    private static void toLight(int[] row, int x) {
        int luma = row[x];
        int blue = row[x + 1] - 128;
        int red = row[x + 2] - 128;
        row[x] = 255 - clip(luma + 1.402 * red);
        row[x + 1] = 255 - clip(luma - 0.344136 * blue - 0.714136 * red);
        row[x + 2] = 255 - clip(luma + 1.772 * blue);
    }

    private static int clip(double value) {
        return Math.clamp(Math.round(value), 0, 255);
    }
}
