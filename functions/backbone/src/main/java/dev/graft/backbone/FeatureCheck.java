package dev.graft.backbone;

import dev.graft.feature.Backbone;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.Vectors;
import dev.graft.image.RgbImage;
import dev.graft.onnx.OnnxBackbone;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Shows a network a handful of drawn pictures and looks at the features: nothing can be learned
 * from features that are the same for all of them.
 */
final class FeatureCheck {
    /** An item of DynamoDB has at most 400 KB, of which 9 KB are left for all but the values. */
    static final int MAX_WIDTH = 200_000;

    /** Below this distance, relative to the length of the feature, two features are the same. */
    private static final double SAME = 0.01;

    /** Cosine of the features of two pictures that look the same. */
    private static final double NEARLY_THE_SAME = 0.7;

    /** Of 255. */
    private static final int BRIGHTER = 8;

    /** Of a picture of 64 pixels. */
    private static final int MARGIN = 2;

    private static final int SIDE = 64;

    private FeatureCheck() {}

    /**
     * What is wrong with the features of a network, as a sentence that can follow its name; empty
     * if nothing is.
     *
     * @param network a cut network
     */
    static Optional<String> problem(Path network) {
        try (Backbone backbone = OnnxBackbone.open(network, 1)) {
            if (backbone.width() > MAX_WIDTH) {
                return Optional.of(
                        String.format(
                                Locale.ROOT,
                                "its feature has %,d values, expected %,d at most, what an item of"
                                        + " DynamoDB holds; name a pooled tensor, as in"
                                        + " FILE.onnx#TENSOR",
                                backbone.width(),
                                MAX_WIDTH));
            }
            List<float[]> features =
                    pictures().stream().map(picture -> feature(backbone, picture)).toList();
            double difference = largestDifference(features);
            return difference >= SAME
                    ? Optional.empty()
                    : Optional.of(
                            "it gives the same feature for %d pictures that have nothing in common"
                                    .formatted(features.size()));
        } catch (ConfigurationException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What is unusual about the features of a network, likewise: near-duplicates and images unlike
     * all others are told by the cosine of features, and in some networks that of two pictures that
     * look the same is low.
     *
     * @param network a cut network that has no {@link #problem}
     */
    static Optional<String> warning(Path network) {
        try (Backbone backbone = OnnxBackbone.open(network, 1)) {
            double cosine = cosineOfNearlyTheSame(backbone);
            return cosine >= NEARLY_THE_SAME
                    ? Optional.empty()
                    : Optional.of(
                            String.format(
                                    Locale.ROOT,
                                    "pictures that are nearly the same get features of cosine %.2f,"
                                            + " expected %.1f at least: near-duplicates will be missed,"
                                            + " and known kinds of images taken for unknown."
                                            + " torchvision's ResNet weights IMAGENET1K_V2 are like"
                                            + " that, IMAGENET1K_V1 are not",
                                    cosine,
                                    NEARLY_THE_SAME));
        }
    }

    /** Of the drawn pictures and nearly the same, the median. */
    static double cosineOfNearlyTheSame(Backbone backbone) {
        return pictures().stream()
                .mapToDouble(
                        picture ->
                                Vectors.cosine(
                                        feature(backbone, picture),
                                        feature(backbone, nearlyTheSame(picture))))
                .sorted()
                .skip(2)
                .findFirst()
                .orElseThrow();
    }

    private static float[] feature(Backbone backbone, RgbImage picture) {
        return backbone.feature(backbone.preprocessing().apply(picture));
    }

    /** A little brighter, and without its margin: what anybody would call the same picture. */
    private static RgbImage nearlyTheSame(RgbImage picture) {
        int side = SIDE - 2 * MARGIN;
        byte[] pixels = new byte[3 * side * side];
        for (int i = 0; i < pixels.length; i++) {
            int row = i / (3 * side) + MARGIN;
            int value = picture.pixels()[3 * SIDE * row + 3 * MARGIN + i % (3 * side)] & 0xff;
            pixels[i] = (byte) Math.min(255, value + BRIGHTER);
        }
        return new RgbImage(side, side, pixels);
    }

    /** The largest distance of two features, relative to the longer one. */
    static double largestDifference(List<float[]> features) {
        double largest = 0;
        for (float[] a : features) {
            for (float[] b : features) {
                double distance = 0;
                double length = 0;
                for (int i = 0; i < a.length; i++) {
                    distance += (a[i] - b[i]) * (double) (a[i] - b[i]);
                    length += Math.max(a[i] * (double) a[i], b[i] * (double) b[i]);
                }
                largest = Math.max(largest, length == 0 ? 0 : Math.sqrt(distance / length));
            }
        }
        return largest;
    }

    /** A gradient, a chequered board, a disc, noise and stripes. */
    private static List<RgbImage> pictures() {
        Random random = new Random(1);
        List<RgbImage> pictures = new ArrayList<>();
        pictures.add(drawn((x, y) -> 0x010101 * (4 * x)));
        pictures.add(drawn((x, y) -> (x / 8 + y / 8) % 2 == 0 ? 0xe02020 : 0x2020e0));
        pictures.add(drawn((x, y) -> Math.hypot(x - 32, y - 32) < 20 ? 0x109030 : 0xffffff));
        pictures.add(drawn((x, y) -> random.nextInt(0x1000000)));
        pictures.add(drawn((x, y) -> (x + 2 * y) % 12 < 6 ? 0x101010 : 0xf0c020));
        return pictures;
    }

    private interface Drawing {
        /** The colour of a pixel, 0xRRGGBB. */
        int colour(int x, int y);
    }

    private static RgbImage drawn(Drawing drawing) {
        byte[] pixels = new byte[3 * SIDE * SIDE];
        for (int i = 0; i < SIDE * SIDE; i++) {
            int colour = drawing.colour(i % SIDE, i / SIDE);
            pixels[3 * i] = (byte) (colour >> 16);
            pixels[3 * i + 1] = (byte) (colour >> 8);
            pixels[3 * i + 2] = (byte) colour;
        }
        return new RgbImage(SIDE, SIDE, pixels);
    }
}
