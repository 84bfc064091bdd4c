package dev.graft.feature;

/**
 * Features as they are stored: IEEE 754 binary16, little-endian, two bytes a value. Half the size
 * of float32 at a relative error of at most 2^-11; values beyond +-65,504 saturate, so that a
 * stored feature is always finite.
 */
public final class Float16 {
    private static final float MAX = 65_504f;

    private Float16() {}

    /**
     * Encodes a feature.
     *
     * @param values (width), finite
     * @return 2 x width bytes
     */
    public static byte[] encode(float[] values) {
        byte[] bytes = new byte[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            short half = Float.floatToFloat16(Math.clamp(values[i], -MAX, MAX));
            bytes[2 * i] = (byte) half;
            bytes[2 * i + 1] = (byte) (half >> 8);
        }
        return bytes;
    }

    /**
     * Decodes a feature.
     *
     * @param bytes 2 x width bytes
     * @return (width)
     */
    public static float[] decode(byte[] bytes) {
        float[] values = new float[bytes.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    Float.float16ToFloat((short) ((bytes[2 * i] & 0xff) | bytes[2 * i + 1] << 8));
        }
        return values;
    }
}
