package dev.graft.backbone;

import dev.graft.feature.Backbone;
import dev.graft.feature.ConfigurationException;
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
                                "its feature has %,d values, expected %,d at most, what an item of DynamoDB holds; name a pooled tensor, as in FILE.onnx#TENSOR",
                                backbone.width(),
                                MAX_WIDTH));
            }
            List<float[]> features =
                    pictures().stream()
                            .map(picture -> backbone.preprocessing().apply(picture))
                            .map(backbone::feature)
                            .toList();
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
