package dev.graft.index;

/**
 * A feature of length 1 that others are compared with, scaled for products in fixed point with
 * features of about one length each time, so that a very long one takes no digits from the others.
 * For one thread.
 */
final class Asked {
    /** A sum of products is at most 2 to this power. */
    private static final int BITS = 29;

    /** Exponents of lengths, from that of the least to that of the greatest float16. */
    private static final int LEAST = -32;

    private final float[] unit;
    private final float[][] scaled = new float[64][];

    /** Asks for what is like a unit, (width), which is not to be changed. */
    Asked(float[] unit) {
        this.unit = unit;
    }

    /** Number of values. */
    int width() {
        return unit.length;
    }

    /**
     * The cosine of the angle to a feature as {@link KeptFeature.Halves} has it, but for what fixed
     * point cuts: at most 1e-5.
     */
    double cosine(short[] halves, int from, float length) {
        return dot(halves, from, length) / length;
    }

    /** Likewise, of what {@link KeptFeature.Codes} has. */
    double cosine(byte[] codes, int from, float length) {
        int exponent = exponent(length);
        int product = KeptFeature.Codes.product(codes, from, scaledFor(exponent));
        return scaledBack(product, exponent) / length;
    }

    /** The dot product with the values as they are kept. */
    double dot(KeptFeature.Halves feature) {
        return dot(feature.halves(), feature.from(), feature.length());
    }

    /** The dot product with other values of length 1, (width), that begin there. */
    double dot(float[] ofLengthOne, int from) {
        int exponent = exponent(1);
        float[] others = scaledFor(exponent);
        int sum = 0;
        for (int i = 0; i < others.length; i++) {
            sum += (int) (ofLengthOne[from + i] * others[i]);
        }
        return scaledBack(sum, exponent);
    }

    private double dot(short[] halves, int from, float length) {
        int exponent = exponent(length);
        int product = KeptFeature.Halves.product(halves, from, scaledFor(exponent));
        return scaledBack(product, exponent);
    }

    private static double scaledBack(int product, int exponent) {
        return Math.scalb((double) product, exponent - BITS);
    }

    private static int exponent(float length) {
        return Math.getExponent(length) + 1;
    }

    private float[] scaledFor(int exponent) {
        float[] others = scaled[exponent - LEAST];
        if (others == null) {
            others = scaled(BITS - exponent);
            scaled[exponent - LEAST] = others;
        }
        return others;
    }

    private float[] scaled(int power) {
        float[] values = unit.clone();
        float factor = Math.scalb(1f, power);
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return values;
    }
}
