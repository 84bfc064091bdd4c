package dev.graft.image;

/**
 * A picture of {@value #SIDE} x {@value #SIDE} grey pixels: little enough to be kept beside each
 * feature, and enough to tell whether two pictures are one, which a feature does not: that says
 * what is shown.
 */
public final class Thumbnail {
    /** Pixels of a side. */
    public static final int SIDE = 24;

    /** Pixels of a side of the coarse picture that is made of it. */
    public static final int COARSE = 8;

    private static final int BLOCK = SIDE / COARSE;

    /** Variance of grey values that counts as noise. */
    public static final double NOISE = 4;

    /** Steps of a {@link #signature} to a length of 1; what is larger than half of that is cut. */
    private static final int STEPS = 2 * Byte.MAX_VALUE;

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
        var across = new Resampling(Interpolation.BILINEAR, image.across(), SIDE, 0, SIDE);
        var down = new Resampling(Interpolation.BILINEAR, image.down(), SIDE, 0, SIDE);
        byte[] pixels = Resampling.resized(image, across, down);
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

    /** A thumbnail at a third of its size: (COARSE x COARSE) grey values, 0..255. */
    public static float[] reduced(byte[] thumbnail) {
        float[] means = new float[COARSE * COARSE];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                float value = (thumbnail[y * SIDE + x] & 0xff) / (float) (BLOCK * BLOCK);
                means[y / BLOCK * COARSE + x / BLOCK] += value;
            }
        }
        return means;
    }

    /** Grey values less their mean and of length 1; shorter where there is little but noise. */
    public static float[] unit(float[] values) {
        double mean = 0;
        for (float value : values) {
            mean += value / values.length;
        }
        double square = NOISE * values.length;
        for (float value : values) {
            square += (value - mean) * (value - mean);
        }
        double length = Math.sqrt(square);
        float[] unit = new float[values.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) ((values[i] - mean) / length);
        }
        return unit;
    }

    /** {@link #reduced} as {@link #unit}. */
    public static float[] coarse(byte[] thumbnail) {
        return unit(reduced(thumbnail));
    }

    /**
     * {@link #coarse} in a byte for each value, to be kept for every image in memory.
     *
     * @return (COARSE x COARSE), of length 0 where there is no thumbnail
     */
    public static byte[] signature(byte[] thumbnail) {
        if (thumbnail.length == 0) {
            return thumbnail;
        }
        float[] coarse = coarse(thumbnail);
        byte[] signature = new byte[coarse.length];
        for (int i = 0; i < signature.length; i++) {
            long steps = Math.round((double) STEPS * coarse[i]);
            signature[i] = (byte) Math.clamp(steps, -Byte.MAX_VALUE, Byte.MAX_VALUE);
        }
        return signature;
    }

    /** How alike two signatures are, about -1..1; -1 where a picture has none. */
    public static double similarity(byte[] signature, byte[] other) {
        if (signature.length == 0 || signature.length != other.length) {
            return -1;
        }
        int sum = 0;
        for (int i = 0; i < signature.length; i++) {
            sum += signature[i] * other[i];
        }
        return sum / ((double) STEPS * STEPS);
    }
}
