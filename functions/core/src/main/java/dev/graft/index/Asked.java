package dev.graft.index;

/**
 * A feature of length 1 that others are compared with, scaled for {@link KeptFeature#product} with
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

    /** The cosine of the angle to a feature, but for what fixed point cuts: at most 1e-5. */
    double cosine(KeptFeature feature) {
        return dot(feature) / feature.length();
    }

    /** Likewise, of what {@link KeptFeature.Codes} has. */
    double cosine(byte[] codes, int from, float length) {
        int exponent = exponent(length);
        int product = KeptFeature.Codes.product(codes, from, scaledFor(exponent));
        return Math.scalb((double) product, exponent - BITS) / length;
    }

    /** The dot product with the values as they are kept. */
    double dot(KeptFeature feature) {
        int exponent = exponent(feature.length());
        return Math.scalb((double) feature.product(scaledFor(exponent)), exponent - BITS);
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
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.scalb(values[i], power);
        }
        return values;
    }
}
