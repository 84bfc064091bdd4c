package dev.graft.image;

import java.util.Arrays;

/**
 * One axis of the antialiased resize: which source pixels make each output pixel, and with what
 * weight.
 *
 * <p>The numbers are those of Pillow's {@code Image.resize} on 8-bit images (python-pillow/Pillow,
 * src/libImaging/Resample.c): a kernel that is as many output pixels wide as {@link Interpolation}
 * says, at least as many source pixels, cut off at the border and scaled to sum 1; weights in 22
 * bits of fixed point; horizontal first, rounded to 8 bits in between. Ours computes only the
 * window that is asked for and never a pixel outside it.
 */
final class Resampling {
    private static final int BITS = 22;
    private static final int HALF = 1 << (BITS - 1);

    private final int outputs;

    /** An image that is enlarged is made of so many source pixels at a time, in one pass each. */
    private static final int PAIR = 2;

    /**
     * How many source pixels each output is made of, as many for each: at a border or where the
     * kernel is narrower, some have no weight.
     */
    private final int taps;

    private final int[] starts;

    /** (taps, outputs) */
    private final int[][] weights;

    /**
     * For outputs {@code from} to {@code from + outputs - 1} of a side resized to {@code target}.
     */
    Resampling(Interpolation interpolation, ImageSide side, int target, int from, int outputs) {
        Source source = Source.of(interpolation, side, target);
        this.outputs = outputs;
        int most = 0;
        for (int out = 0; out < outputs; out++) {
            double centre = source.centre(from + out);
            most = Math.max(most, source.end(centre) - source.first(centre));
        }
        taps = most;
        starts = new int[outputs];
        weights = new int[taps][outputs];
        double[] kernel = new double[taps];
        for (int out = 0; out < outputs; out++) {
            double centre = source.centre(from + out);
            int first = source.first(centre);
            int length = source.end(centre) - first;
            double sum = 0;
            for (int i = 0; i < length; i++) {
                kernel[i] = interpolation.weight((first + i - centre + 0.5) * (1 / source.stretch));
                sum += kernel[i];
            }
            starts[out] = Math.min(first, source.samples - taps);
            int before = first - starts[out];
            for (int i = 0; i < length; i++) {
                weights[before + i][out] = fixedPoint(kernel[i] / sum);
            }
        }
    }

    /**
     * The side that outputs are made of.
     *
     * @param scale source pixels for each output
     * @param stretch the same, at least 1
     * @param reach half the width of the kernel in source pixels
     */
    private record Source(int samples, double scale, double stretch, double reach) {
        static Source of(Interpolation interpolation, ImageSide side, int target) {
            double scale = (double) side.length() / side.reduction() / target;
            double stretch = Math.max(scale, 1);
            return new Source(side.samples(), scale, stretch, interpolation.reach() * stretch);
        }

        double centre(int output) {
            return (output + 0.5) * scale;
        }

        int first(double centre) {
            return Math.max(0, (int) (centre - reach + 0.5));
        }

        int end(double centre) {
            return Math.min(samples, (int) (centre + reach + 0.5));
        }
    }

    /**
     * Source pixels.
     *
     * @param end one after the last
     */
    record Span(int first, int end) {}

    /** The source pixels that have weight, without the weights; parameters as above. */
    static Span read(
            Interpolation interpolation, ImageSide side, int target, int from, int outputs) {
        Source source = Source.of(interpolation, side, target);
        return new Span(
                source.first(source.centre(from)), source.end(source.centre(from + outputs - 1)));
    }

    /** Half away from zero, as the C code rounds. */
    private static int fixedPoint(double weight) {
        return (int) (weight * (1 << BITS) + Math.copySign(0.5, weight));
    }

    /** What takes the rows of a resized image, from the top. */
    interface Rows {
        /**
         * Takes a row.
         *
         * @param samples 3 x columns: all red, all green, all blue, each 0..255; overwritten by the
         *     next row
         */
        void take(int row, int[] samples);
    }

    /**
     * Both axes.
     *
     * @param image that {@code across} and {@code down} are of
     * @param target takes the outputs of {@code down}, each of those of {@code across}
     */
    static void resize(RgbImage image, Resampling across, Resampling down, Rows target) {
        Row row = across.new Row();
        int[][] rows = new int[down.taps][3 * across.outputs];
        int[] sums = new int[3 * across.outputs];
        int next = down.starts[0];
        for (int out = 0; out < down.outputs; out++) {
            int end = down.starts[out] + down.taps;
            for (; next < end; next++) {
                row.resize(image.pixels(), 3 * next * image.columns(), rows[next % down.taps]);
            }
            down.vertical(out, rows, sums);
            target.take(out, sums);
        }
    }

    /**
     * The whole result in memory: outputs of {@code down} x outputs of {@code across} x 3 bytes.
     */
    static byte[] resized(RgbImage image, Resampling across, Resampling down) {
        int columns = across.outputs;
        byte[] pixels = new byte[3 * columns * down.outputs];
        resize(
                image,
                across,
                down,
                (row, samples) -> interleave(samples, pixels, 3 * columns * row));
        return pixels;
    }

    /** Pixels of 3 bytes, red, green and blue. */
    static void interleave(int[] samples, byte[] pixels, int from) {
        int columns = samples.length / 3;
        for (int x = 0, at = from; x < columns; x++, at += 3) {
            pixels[at] = (byte) samples[x];
            pixels[at + 1] = (byte) samples[columns + x];
            pixels[at + 2] = (byte) samples[2 * columns + x];
        }
    }

    /**
     * What rows are resized with. The pixels that outputs are made of are looked up one by one, and
     * all else is arrays that are read at the same place, so that the compiler uses vector
     * instructions.
     */
    private final class Row {
        private final int first = starts[0];

        /** Red, and from bit 8 on green, and from bit 16 on blue. */
        private final int[] pixels = new int[starts[outputs - 1] + taps - first];

        /** (taps, outputs): of the tap of each output. */
        private final int[][] of = new int[taps][outputs];

        private final int[][] colours = new int[3][outputs];

        /** A row that begins there: all red, all green, all blue. */
        void resize(byte[] source, int line, int[] target) {
            for (int x = 0, at = line + 3 * first; x < pixels.length; x++, at += 3) {
                pixels[x] =
                        source[at] & 0xff
                                | (source[at + 1] & 0xff) << 8
                                | (source[at + 2] & 0xff) << 16;
            }
            for (int tap = 0; tap < taps; tap++) {
                for (int out = 0; out < outputs; out++) {
                    of[tap][out] = pixels[starts[out] - first + tap];
                }
            }
            for (int c = 0; c < colours.length; c++) {
                colour(8 * c, colours[c]);
                System.arraycopy(colours[c], 0, target, c * outputs, outputs);
            }
        }

        private void colour(int shift, int[] sums) {
            if (taps == PAIR) {
                pair(of[0], of[1], shift, sums);
                return;
            }
            Arrays.fill(sums, HALF);
            for (int tap = 0; tap < taps; tap++) {
                add(of[tap], shift, weights[tap], sums);
            }
            round(sums);
        }

        private void pair(int[] left, int[] right, int shift, int[] mixed) {
            int[] ofLeft = weights[0];
            int[] ofRight = weights[1];
            for (int out = 0; out < mixed.length; out++) {
                int sum =
                        (left[out] >> shift & 0xff) * ofLeft[out]
                                + (right[out] >> shift & 0xff) * ofRight[out];
                mixed[out] = Math.max(0, Math.min(255, (sum + HALF) >> BITS));
            }
        }

        private static void add(int[] of, int shift, int[] weights, int[] sums) {
            for (int out = 0; out < sums.length; out++) {
                sums[out] += (of[out] >> shift & 0xff) * weights[out];
            }
        }
    }

    /**
     * One output row. Rows and sums are arrays of whole numbers that are read at the same place, so
     * that the compiler uses vector instructions.
     *
     * @param rows source row i at i modulo their number
     */
    private void vertical(int out, int[][] rows, int[] sums) {
        if (taps == PAIR) {
            int[] above = rows[starts[out] % PAIR];
            int[] below = rows[(starts[out] + 1) % PAIR];
            mix(above, weights[0][out], below, weights[1][out], sums);
            return;
        }
        Arrays.fill(sums, HALF);
        for (int i = 0; i < taps; i++) {
            add(sums, rows[(starts[out] + i) % taps], weights[i][out]);
        }
        round(sums);
    }

    private static void add(int[] sums, int[] row, int weight) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += row[x] * weight;
        }
    }

    private static void mix(int[] a, int ofA, int[] b, int ofB, int[] mixed) {
        for (int x = 0; x < mixed.length; x++) {
            int sum = a[x] * ofA + b[x] * ofB;
            mixed[x] = Math.max(0, Math.min(255, (sum + HALF) >> BITS));
        }
    }

    private static void round(int[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] = Math.max(0, Math.min(255, sums[x] >> BITS));
        }
    }
}
