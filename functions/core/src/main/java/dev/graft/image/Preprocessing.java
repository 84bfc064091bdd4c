package dev.graft.image;

import java.util.List;

/**
 * How pixels become the input of a backbone: the shorter side is resized to {@code resize}, the
 * centre {@code crop} x {@code crop} is taken, and every value becomes (pixel / scale - mean) /
 * deviation.
 *
 * @param resize shorter side after resizing, in pixels
 * @param crop side of the centre crop, in pixels
 * @param mean per channel, in the order of {@code channels}, in units of pixel / scale
 * @param deviation per channel, likewise
 * @param scale what a pixel value 0..255 is divided by first: 255 or 1
 * @param channels order of the channels
 * @param layout order of the axes
 */
public record Preprocessing(
        int resize,
        int crop,
        List<Float> mean,
        List<Float> deviation,
        float scale,
        ChannelOrder channels,
        Layout layout) {

    /** Part of every backbone id: a change of the algorithm makes old features incomparable. */
    public static final int VERSION = 1;

    /** Order of the colour channels. */
    public enum ChannelOrder {
        RGB,
        BGR
    }

    /** Order of the axes of one image. */
    public enum Layout {
        NCHW,
        NHWC
    }
}
