package dev.graft.spark;

/**
 * Features as they are stored, IEEE 754 binary16, little-endian, decoded by hand: Java 17 does not
 * do it.
 */
final class Float16 {
    private static final int SIGN = 0x8000;
    private static final int FRACTION = 0x3ff;
    private static final int INFINITE = 0x1f;
    private static final float SMALLEST = 0x1p-24f;
    private static final int MORE_BIAS = 127 - 15;

    private Float16() {}

    /**
     * Decodes a feature.
     *
     * @param bytes 2 x width bytes
     * @return (width)
     */
    static double[] decode(byte[] bytes) {
        double[] values = new double[bytes.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = decode((bytes[2 * i] & 0xff) | (bytes[2 * i + 1] & 0xff) << 8);
        }
        return values;
    }

    /** Decodes the lower 16 bits. */
    static float decode(int half) {
        int exponent = half >> 10 & 0x1f;
        int fraction = half & FRACTION;
        if (exponent == 0) {
            float subnormal = fraction * SMALLEST;
            return (half & SIGN) == 0 ? subnormal : -subnormal;
        }
        int wide = exponent == INFINITE ? 0xff : exponent + MORE_BIAS;
        return Float.intBitsToFloat((half & SIGN) << 16 | wide << 23 | fraction << 13);
    }
}
