package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.backbone.Backbones;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.FeatureMap;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.image.ImageDecoder;
import dev.graft.onnx.OnnxBackbone;
import dev.graft.prediction.Explanation;
import dev.graft.testing.MeanBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where pictures speak for a class, by the embedded network. */
class ExplanationTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");

    private static Head head(int width, Activation activation, boolean standardized) {
        Random random = new Random(3);
        float[] weights = new float[2 * width];
        float[] mean = new float[width];
        float[] scale = new float[width];
        for (int j = 0; j < width; j++) {
            weights[j] = (float) random.nextGaussian();
            weights[width + j] = (float) random.nextGaussian();
            mean[j] = standardized ? random.nextFloat() : 0;
            scale[j] = standardized ? 0.5f + random.nextFloat() : 1;
        }
        var numbers =
                new Head.Parameters(weights, new float[] {1, -2}, mean, scale, 1.5, activation);
        return new Head("v", List.of("cat", "dog"), "net", numbers);
    }

    private static double score(Head head, float[] feature, int label) {
        Head.Parameters numbers = head.parameters();
        double score = numbers.bias()[label];
        for (int j = 0; j < feature.length; j++) {
            score +=
                    (double) numbers.weights()[label * feature.length + j]
                            * (feature[j] - numbers.mean()[j])
                            / numbers.scale()[j];
        }
        return score;
    }

    private static float[] mean(FeatureMap map, int width) {
        float[] mean = new float[width];
        for (int i = 0; i < map.values().length; i++) {
            mean[i / map.positions()] += map.values()[i] / map.positions();
        }
        return mean;
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, value);
        }
        return largest;
    }

    private static List<Head> heads(int width) {
        return List.of(
                head(width, Activation.SOFTMAX, true),
                head(width, Activation.SOFTMAX, false),
                head(width, Activation.SIGMOID, true),
                head(width, Activation.SIGMOID, false));
    }

    @Test
    void theMeanOfAMapAndTheBiasAreTheScoreOfTheUnroundedFeature() throws IOException {
        try (var backbone = OnnxBackbone.open(Backbones.ofUser().resolve(""), 1)) {
            var extractor = new FeatureExtractor(backbone);
            for (String name : List.of("bolt/00.jpg", "gear/01.jpg", "washer/02.jpg")) {
                byte[] file = Files.readAllBytes(SAMPLES.resolve(name));
                float[] tensor =
                        ImageDecoder.decode(
                                file, backbone.pixelPath(), backbone.preprocessing()::apply);
                float[] mean = mean(backbone.map(tensor).orElseThrow(), backbone.width());
                assertArrayEquals(backbone.feature(tensor), mean, 0.01f * largest(mean));
                for (Head head : heads(backbone.width())) {
                    check(Explanation.of(head, extractor, file, head.classes()), head, mean);
                }
            }
        }
    }

    @Test
    void aNetworkWithoutAMapSaysSo() throws IOException {
        byte[] file = Files.readAllBytes(SAMPLES.resolve("bolt/00.jpg"));
        Head head = head(1, Activation.SOFTMAX, false);
        var extractor = new FeatureExtractor(new MeanBackbone());
        Explanation found = Explanation.of(head, extractor, file, head.classes());
        assertEquals(List.of(), found.maps());
        assertNull(found.seen());
        assertEquals(
                "the network mean has no map: its feature is not the mean over the positions of the picture",
                found.reason());
    }

    private static void check(Explanation found, Head head, float[] feature) {
        for (int c = 0; c < head.classes().size(); c++) {
            double expected = score(head, feature, c);
            Explanation.OfClass map = found.maps().get(c);
            double told =
                    map.bias()
                            + map.values().stream()
                                    .flatMap(List::stream)
                                    .mapToDouble(value -> value)
                                    .average()
                                    .orElseThrow();
            assertEquals(expected, told, 1e-4 * Math.abs(expected));
            assertEquals(told, map.score(), 1e-9 * Math.abs(told));
        }
        assertEquals(6, found.maps().getFirst().values().size());
        assertEquals(1, found.seen().width() + 2 * found.seen().left(), 0.02);
        assertTrue(found.seen().width() <= 1);
    }
}
