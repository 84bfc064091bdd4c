package dev.graft.index;

import dev.graft.feature.Float16;
import dev.graft.feature.Vectors;
import java.util.Arrays;

/**
 * A feature as it is kept in memory. Products with it are summed in fixed point, since Java's
 * compiler uses the vector instructions of a processor for sums of whole numbers, and not for those
 * of fractions, whose order counts: three times as fast as {@link Vectors#cosineOfUnits}, and the
 * same bits on every machine. Immutable; arrays that are given or taken are not to be changed.
 */
sealed interface KeptFeature {
    /** Number of values. */
    int width();

    /** Euclidean, of the values as they are kept; 1 for zeros. */
    float length();

    /** The feature, (width), a copy. */
    float[] values();

    /** What {@link #length} is the length of, as float16; (width), a copy. */
    short[] float16();

    /** Whether both are kept in the same way and have the same values. */
    boolean isSame(KeptFeature other);

    /** The feature scaled to length 1, (width), a copy. */
    float[] unit();

    /** The same in one byte a value, of 255 steps from the least to the greatest that there is. */
    Codes coded();

    /** Of a feature. */
    static Halves of(float[] feature) {
        return stored(Float16.encode(feature));
    }

    /** Of a feature as {@link Float16} wrote it. */
    static Halves stored(byte[] feature) {
        return Halves.of(feature, new short[feature.length / 2], 0);
    }

    /**
     * Every value, two bytes each.
     *
     * @param halves those of this one, perhaps among those of others, as {@link
     *     Float#floatToFloat16} gives them
     * @param from where its own begin
     */
    record Halves(short[] halves, int from, int width, float length) implements KeptFeature {
        /** Of a feature as {@link Float16} wrote it, put into an array from a place on. */
        static Halves of(byte[] feature, short[] into, int from) {
            int width = feature.length / 2;
            for (int i = 0; i < width; i++) {
                into[from + i] = (short) ((feature[2 * i] & 0xff) | feature[2 * i + 1] << 8);
            }
            return new Halves(into, from, width, Vectors.length(Float16.decode(feature)));
        }

        @Override
        public float[] values() {
            float[] values = new float[width];
            for (int i = 0; i < width; i++) {
                values[i] = Float.float16ToFloat(halves[from + i]);
            }
            return values;
        }

        @Override
        public short[] float16() {
            return Arrays.copyOfRange(halves, from, from + width);
        }

        @Override
        public float[] unit() {
            float[] unit = new float[width];
            for (int i = 0; i < width; i++) {
                unit[i] = Float.float16ToFloat(halves[from + i]) / length;
            }
            return unit;
        }

        /**
         * The sum of the products of the values with others, each cut to a whole number.
         *
         * @param from where the values begin
         * @param others (width), scaled as {@link Asked} does, so that the sum fits
         */
        static int product(short[] halves, int from, float[] others) {
            int sum = 0;
            for (int i = 0; i < others.length; i++) {
                sum += (int) (Float.float16ToFloat(halves[from + i]) * others[i]);
            }
            return sum;
        }

        @Override
        public Codes coded() {
            float[] values = values();
            float most = 0;
            for (float value : values) {
                most = Math.max(most, Math.abs(value));
            }
            float step = most == 0 ? 1 : most / Byte.MAX_VALUE;
            byte[] codes = new byte[values.length];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (byte) Math.round(values[i] / step);
            }
            return Codes.of(codes, step);
        }

        @Override
        public boolean isSame(KeptFeature other) {
            return other instanceof Halves also
                    && Arrays.equals(
                            halves,
                            from,
                            from + width,
                            also.halves,
                            also.from,
                            also.from + also.width);
        }

        /** As {@link Float16} writes them. */
        byte[] bytes() {
            byte[] bytes = new byte[2 * width];
            for (int i = 0; i < width; i++) {
                bytes[2 * i] = (byte) halves[from + i];
                bytes[2 * i + 1] = (byte) (halves[from + i] >> 8);
            }
            return bytes;
        }
    }

    /**
     * Rounded to one byte a value (scalar quantization).
     *
     * @param codes those of this one, perhaps among those of others
     * @param from where its own begin
     * @param step what a code is multiplied by
     */
    record Codes(byte[] codes, int from, int width, float step, float length)
            implements KeptFeature {
        static Codes of(byte[] codes, float step) {
            return of(codes, 0, codes.length, step);
        }

        static Codes of(byte[] codes, int from, int width, float step) {
            long square = 0;
            for (int i = from; i < from + width; i++) {
                square += codes[i] * codes[i];
            }
            float length = square == 0 ? 1 : (float) Math.sqrt((double) square);
            return new Codes(codes, from, width, step, length);
        }

        @Override
        public float[] values() {
            float[] values = new float[width];
            for (int i = 0; i < width; i++) {
                values[i] = codes[from + i] * step;
            }
            return values;
        }

        @Override
        public short[] float16() {
            short[] values = new short[width];
            for (int i = 0; i < width; i++) {
                values[i] = Float.floatToFloat16(codes[from + i]);
            }
            return values;
        }

        @Override
        public float[] unit() {
            return Vectors.unit(values());
        }

        /** See {@link Halves#product}. */
        static int product(byte[] codes, int from, float[] others) {
            int sum = 0;
            for (int i = 0; i < others.length; i++) {
                sum += (int) ((float) codes[from + i] * others[i]);
            }
            return sum;
        }

        @Override
        public Codes coded() {
            return this;
        }

        @Override
        public boolean isSame(KeptFeature other) {
            return other instanceof Codes also
                    && step == also.step
                    && Arrays.equals(
                            codes,
                            from,
                            from + width,
                            also.codes,
                            also.from,
                            also.from + also.width);
        }
    }
}
