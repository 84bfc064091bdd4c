package dev.graft.image;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How pixels become the input of a backbone: the image is resized to {@code resize}, its shorter
 * side where nothing else is said, the centre {@code crop} x {@code crop} is taken, and every value
 * becomes (pixel / scale - mean) / deviation. Immutable and safe for use by many threads.
 *
 * <p>Sizes and the place of the crop are those of torchvision's {@code Resize} and {@code
 * CenterCrop} (pytorch/vision, torchvision/transforms/functional.py), with {@link Fit#PAD} those of
 * timm's {@code ResizeKeepRatio} and {@code CenterCropOrPad} (huggingface/pytorch-image-models,
 * timm/data/transforms.py); the resize is Pillow's. Only what the crop shows is computed.
 *
 * @param resize side after resizing, in pixels, 1 to 8192; which one, {@code fit} says
 * @param crop side of the centre crop, in pixels, 1 to {@code resize}
 * @param mean per channel, in the order of {@code channels}, in units of pixel / scale
 * @param deviation per channel, likewise; positive
 * @param scale what a pixel value 0..255 is divided by first, such as 255 or 1; positive
 * @param channels order of the channels
 * @param layout order of the axes
 * @param interpolation of the resize
 * @param fit which side is resized
 */
public record Preprocessing(
        int resize,
        int crop,
        List<Float> mean,
        List<Float> deviation,
        float scale,
        ChannelOrder channels,
        Layout layout,
        Interpolation interpolation,
        Fit fit) {

    /** The keys of {@link #toMetadata}, without {@code graft.}. */
    public static final List<String> KEYS =
            List.of(
                    "resize",
                    "crop",
                    "mean",
                    "deviation",
                    "scale",
                    "channels",
                    "layout",
                    "interpolation",
                    "fit");

    private static final int LARGEST_RESIZE = 8192;
    private static final int LARGEST_REDUCTION = 8;

    /** So many pixels are left for each that is seen. */
    private static final int LEFT = 2;

    /** Order of the colour channels. */
    public enum ChannelOrder {
        RGB,
        BGR
    }

    /** Order of the axes of one image. */
    public enum Layout {
        /** channel, row, column */
        NCHW,
        /** row, column, channel */
        NHWC
    }

    /**
     * @throws IllegalArgumentException if a value breaks its rule above; names key, value and rule
     */
    public Preprocessing {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        check("resize", resize, resize >= 1 && resize <= LARGEST_RESIZE, "1 to " + LARGEST_RESIZE);
        check("crop", crop, crop >= 1 && crop <= resize, "1 to graft.resize = " + resize);
        check("mean", mean, three(mean), "3 finite numbers");
        boolean positive = deviation.stream().allMatch(value -> value > 0);
        check("deviation", deviation, three(deviation) && positive, "3 positive numbers");
        check("scale", scale, scale > 0 && Float.isFinite(scale), "a positive number");
    }

    /** As most networks trained on ImageNet with PyTorch take it: RGB, NCHW, pixels 0..1. */
    public static Preprocessing imageNet(int resize, int crop) {
        return new Preprocessing(
                resize,
                crop,
                List.of(0.485f, 0.456f, 0.406f),
                List.of(0.229f, 0.224f, 0.225f),
                255,
                ChannelOrder.RGB,
                Layout.NCHW,
                Interpolation.BILINEAR,
                Fit.CROP);
    }

    /** The same sizes for other values; the parameters are those of this record. */
    public Preprocessing withValues(
            List<Float> mean, List<Float> deviation, float scale, ChannelOrder channels) {
        return new Preprocessing(
                resize, crop, mean, deviation, scale, channels, layout, interpolation, fit);
    }

    /** The same with another order of the axes. */
    public Preprocessing withLayout(Layout layout) {
        return new Preprocessing(
                resize, crop, mean, deviation, scale, channels, layout, interpolation, fit);
    }

    /**
     * The input of the backbone for one image.
     *
     * @return 3 x crop x crop values, in the order of {@code layout}, without a batch axis
     */
    public float[] apply(RgbImage image) {
        return apply(image, new float[values()]);
    }

    /** How many values the input of the backbone has. */
    public int values() {
        return 3 * crop * crop;
    }

    /** The same in memory that is there, of which each value is written. */
    public float[] apply(RgbImage image, float[] values) {
        float[][] tables = {table(0), table(1), table(2)};
        resizeSeen(image, (at, samples) -> normalize(samples, tables, values, at));
        return values;
    }

    /** A row of samples, whose first pixel is the one with that number of all. */
    private void normalize(int[] samples, float[][] tables, float[] values, int pixel) {
        int columns = samples.length / 3;
        for (int channel = 0; channel < 3; channel++) {
            float[] table = tables[channel];
            int from = columns * other(channel);
            if (layout == Layout.NCHW) {
                int to = channel * crop * crop + pixel;
                for (int x = 0; x < columns; x++) {
                    values[to + x] = table[samples[from + x]];
                }
            } else {
                int to = channel + 3 * pixel;
                for (int x = 0; x < columns; x++) {
                    values[to + 3 * x] = table[samples[from + x]];
                }
            }
        }
    }

    /** The colour, counted from red on, that a channel has, and the other way round. */
    private int other(int channel) {
        return channels == ChannelOrder.RGB ? channel : 2 - channel;
    }

    /**
     * Which part of a picture a backbone sees, in shares of its sides; of a picture with a border
     * it begins before 0 and ends after 1.
     */
    public record Region(double left, double top, double width, double height) {}

    /** What is seen of a picture of this size in pixels. */
    public Region seen(int width, int height) {
        double across = resized(width, width, height);
        double down = resized(height, width, height);
        return new Region(
                centre((int) across, crop) / across,
                centre((int) down, crop) / down,
                crop / across,
                crop / down);
    }

    /** The resized and cropped image, before normalization: crop x crop pixels. */
    RgbImage cropped(RgbImage image) {
        byte[] pixels = new byte[3 * crop * crop];
        resizeSeen(image, (at, samples) -> Resampling.interleave(samples, pixels, 3 * at));
        return new RgbImage(crop, crop, pixels);
    }

    /**
     * Resizes what is seen. Of a picture with borders these come first, whole rows of their colour.
     *
     * @param target takes rows by the number of their first pixel of crop x crop
     */
    private void resizeSeen(RgbImage image, Resampling.Rows target) {
        int width = resized(image.width(), image.width(), image.height());
        int height = resized(image.height(), image.width(), image.height());
        if (Math.min(width, height) < crop) {
            int[] row = border();
            for (int y = 0; y < crop; y++) {
                target.take(crop * y, row);
            }
        }
        int first = crop * Math.max(0, -centre(height, crop)) + Math.max(0, -centre(width, crop));
        Resampling.resize(
                image,
                resampling(image.across(), width),
                resampling(image.down(), height),
                (row, samples) -> target.take(first + crop * row, samples));
    }

    /** What {@link #apply} reads of an upright image of these sides. */
    Window window(ImageSide across, ImageSide down) {
        int width = across.length();
        int height = down.length();
        Resampling.Span columns = read(across, resized(width, width, height));
        Resampling.Span rows = read(down, resized(height, width, height));
        return new Window(columns.first(), rows.first(), columns.end(), rows.end());
    }

    private Resampling.Span read(ImageSide side, int resized) {
        return Resampling.read(interpolation, side, resized, first(resized), seen(resized));
    }

    /** Of what the crop shows of a side that is resized to this length. */
    private Resampling resampling(ImageSide side, int resized) {
        return new Resampling(interpolation, side, resized, first(resized), seen(resized));
    }

    /** First pixel of a resized side that is seen. */
    private int first(int resized) {
        return Math.max(0, centre(resized, crop));
    }

    /** How many of them are. */
    private int seen(int resized) {
        return Math.min(crop, resized);
    }

    /**
     * What both sides of an image may be divided by while it is decoded: 1, 2, 4 or 8, so that at
     * least twice the pixels that are seen are left for the resize, and enough for a {@link
     * ThumbnailFile}.
     */
    int reduction(int width, int height) {
        int reduction = 1;
        while (reduction < LARGEST_REDUCTION && isEnough(width, height, 2 * reduction)) {
            reduction *= 2;
        }
        return reduction;
    }

    private boolean isEnough(int width, int height, int reduction) {
        return width / reduction >= LEFT * (long) resized(width, width, height)
                && height / reduction >= LEFT * (long) resized(height, width, height)
                && Math.max(width, height) / reduction >= ThumbnailFile.SIDE;
    }

    /** The length of one side of an image after resizing. */
    private int resized(int side, int width, int height) {
        int shorter = Math.min(width, height);
        int longer = Math.max(width, height);
        return switch (fit) {
            case CROP -> (int) Math.min(Integer.MAX_VALUE, (long) resize * side / shorter);
            case SQUASH -> resize;
            case PAD -> (int) Math.max(1, Math.rint(side / ((double) longer / resize)));
        };
    }

    /** Where the crop begins; half to even, as Python rounds; negative for a border. */
    private static int centre(int side, int crop) {
        return crop > side ? -((crop - side) / 2) : (int) Math.rint((side - crop) / 2.0);
    }

    /** A row of the mean colour, so that borders are 0 once they are normalized. */
    private int[] border() {
        int[] samples = new int[3 * crop];
        for (int colour = 0; colour < 3; colour++) {
            long level = (long) Math.rint(mean.get(other(colour)) * scale);
            Arrays.fill(samples, crop * colour, crop * (colour + 1), Math.clamp(level, 0, 255));
        }
        return samples;
    }

    private float[] table(int channel) {
        float[] table = new float[256];
        for (int pixel = 0; pixel < table.length; pixel++) {
            table[pixel] = (pixel / scale - mean.get(channel)) / deviation.get(channel);
        }
        return table;
    }

    /**
     * As metadata of a model file, the inverse of {@link #fromMetadata}. {@code interpolation} and
     * {@code fit} are only there where they are not the usual ones, as they are part of the
     * identity of features that were stored before there were others.
     */
    public Map<String, String> toMetadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(NetworkMetadata.PREFIX + "resize", Integer.toString(resize));
        metadata.put(NetworkMetadata.PREFIX + "crop", Integer.toString(crop));
        metadata.put(NetworkMetadata.PREFIX + "mean", commas(mean));
        metadata.put(NetworkMetadata.PREFIX + "deviation", commas(deviation));
        metadata.put(NetworkMetadata.PREFIX + "scale", Float.toString(scale));
        metadata.put(NetworkMetadata.PREFIX + "channels", channels.name());
        metadata.put(NetworkMetadata.PREFIX + "layout", layout.name());
        if (interpolation != Interpolation.BILINEAR) {
            metadata.put(NetworkMetadata.PREFIX + "interpolation", interpolation.toString());
        }
        if (fit != Fit.CROP) {
            metadata.put(NetworkMetadata.PREFIX + "fit", fit.toString());
        }
        return metadata;
    }

    /**
     * From the metadata of a model file; other keys are left alone.
     *
     * @throws IllegalArgumentException if one of the first seven {@link #KEYS} is missing or any
     *     breaks its rule; names key, value and rule
     */
    public static Preprocessing fromMetadata(Map<String, String> found) {
        Map<String, String> metadata = new LinkedHashMap<>(found);
        metadata.putIfAbsent(NetworkMetadata.PREFIX + "interpolation", "bilinear");
        metadata.putIfAbsent(NetworkMetadata.PREFIX + "fit", "crop");
        return new Preprocessing(
                read(metadata, "resize", "a whole number such as 256", Integer::valueOf),
                read(metadata, "crop", "a whole number such as 224", Integer::valueOf),
                read(metadata, "mean", "3 numbers such as 0.485,0.456,0.406", NUMBERS),
                read(metadata, "deviation", "3 numbers such as 0.229,0.224,0.225", NUMBERS),
                read(metadata, "scale", "a number such as 255", Float::valueOf),
                read(metadata, "channels", "RGB or BGR", ChannelOrder::valueOf),
                read(metadata, "layout", "NCHW or NHWC", Layout::valueOf),
                read(
                        metadata,
                        "interpolation",
                        "bilinear or bicubic",
                        text -> named(Interpolation.class, text)),
                read(metadata, "fit", "crop, squash or pad", text -> named(Fit.class, text)));
    }

    private static <E extends Enum<E>> E named(Class<E> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }

    private static final Function<String, List<Float>> NUMBERS =
            text ->
                    Arrays.stream(text.split(",", -1))
                            .map(String::strip)
                            .map(Float::valueOf)
                            .toList();

    private static <T> T read(
            Map<String, String> metadata, String name, String rule, Function<String, T> parse) {
        String text = metadata.get(NetworkMetadata.PREFIX + name);
        try {
            if (text != null) {
                return parse.apply(text.strip());
            }
        } catch (IllegalArgumentException malformed) {
            // told below
        }
        throw wrong(name, text == null ? "missing" : "'" + text + "'", rule);
    }

    private static void check(String name, Object value, boolean holds, String rule) {
        if (!holds) {
            throw wrong(name, value, rule);
        }
    }

    private static IllegalArgumentException wrong(String name, Object value, String rule) {
        return new IllegalArgumentException(
                NetworkMetadata.PREFIX + name + " is " + value + ", expected " + rule);
    }

    private static boolean three(List<Float> values) {
        return values.size() == 3 && values.stream().allMatch(Float::isFinite);
    }

    private static String commas(List<Float> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
