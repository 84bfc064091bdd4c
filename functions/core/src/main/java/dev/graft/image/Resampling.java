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
    private final int taps;
    private final int[] starts;
    private final int[] lengths;
    private final int[] weights;

    /**
     * For outputs {@code from} to {@code from + outputs - 1} of a side resized to {@code target}.
     */
    Resampling(Interpolation interpolation, ImageSide side, int target, int from, int outputs) {
        int source = side.samples();
        double scale = (double) side.length() / side.reduction() / target;
        double stretch = Math.max(scale, 1);
        double reach = interpolation.reach() * stretch;
        this.outputs = outputs;
        taps = Math.min(source, 2 * (int) Math.ceil(reach) + 1);
        starts = new int[outputs];
        lengths = new int[outputs];
        weights = new int[outputs * taps];
        double[] kernel = new double[taps];
        for (int out = 0; out < outputs; out++) {
            double centre = (from + out + 0.5) * scale;
            int start = Math.max(0, (int) (centre - reach + 0.5));
            int length = Math.min(source, (int) (centre + reach + 0.5)) - start;
            double sum = 0;
            for (int i = 0; i < length; i++) {
                kernel[i] = interpolation.weight((start + i - centre + 0.5) * (1 / stretch));
                sum += kernel[i];
            }
            for (int i = 0; i < length; i++) {
                weights[out * taps + i] = fixedPoint(kernel[i] / sum);
            }
            starts[out] = start;
            lengths[out] = length;
        }
    }

    /** Half away from zero, as the C code rounds. */
    private static int fixedPoint(double weight) {
        return (int) (weight * (1 << BITS) + Math.copySign(0.5, weight));
    }

    /** First source pixel that is read. */
    int first() {
        return starts[0];
    }

    /** One after the last source pixel that is read. */
    int end() {
        return starts[outputs - 1] + lengths[outputs - 1];
    }

    /** Rows {@code fromRow} to {@code toRow - 1}, each resized: rows x outputs x 3 bytes. */
    byte[] horizontal(RgbImage image, int fromRow, int toRow) {
        byte[] source = image.pixels();
        byte[] target = new byte[(toRow - fromRow) * outputs * 3];
        for (int row = fromRow, at = 0; row < toRow; row++) {
            int line = row * image.columns() * 3;
            for (int out = 0; out < outputs; out++, at += 3) {
                int pixel = line + starts[out] * 3;
                int weight = out * taps;
                int red = HALF;
                int green = HALF;
                int blue = HALF;
                for (int end = weight + lengths[out]; weight < end; weight++, pixel += 3) {
                    int w = weights[weight];
                    red += (source[pixel] & 0xff) * w;
                    green += (source[pixel + 1] & 0xff) * w;
                    blue += (source[pixel + 2] & 0xff) * w;
                }
                target[at] = round(red);
                target[at + 1] = round(green);
                target[at + 2] = round(blue);
            }
        }
        return target;
    }

    /**
     * Every column resized.
     *
     * @param source rows x stride bytes, beginning with row {@link #first}
     * @return outputs x stride bytes
     */
    byte[] vertical(byte[] source, int stride) {
        byte[] target = new byte[outputs * stride];
        int[] sums = new int[stride];
        for (int out = 0; out < outputs; out++) {
            Arrays.fill(sums, HALF);
            for (int i = 0; i < lengths[out]; i++) {
                int line = (starts[out] - first() + i) * stride;
                int w = weights[out * taps + i];
                for (int x = 0; x < stride; x++) {
                    sums[x] += (source[line + x] & 0xff) * w;
                }
            }
            for (int x = 0; x < stride; x++) {
                target[out * stride + x] = round(sums[x]);
            }
        }
        return target;
    }

    private static byte round(int sum) {
        return (byte) Math.clamp(sum >> BITS, 0, 255);
    }
}
