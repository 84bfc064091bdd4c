package dev.graft.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import dev.graft.export.OnnxModel;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.FeatureMap;
import dev.graft.feature.Float16;
import dev.graft.feature.Sha256;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.image.NetworkMetadata;
import dev.graft.image.PixelPath;
import dev.graft.image.Preprocessing;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a network of two layers: the mean of each channel, so every result is known. */
class OnnxBackboneTest {
    private static final int SIDE = 4;
    private static final int PIXELS = SIDE * SIDE;

    @TempDir private Path folder;

    private static Map<String, String> metadata() {
        Map<String, String> metadata =
                new HashMap<>(Preprocessing.imageNet(SIDE, SIDE).toMetadata());
        metadata.put(NetworkMetadata.NAME, "Mean");
        metadata.put(NetworkMetadata.FEATURE, "pool");
        return metadata;
    }

    /** Input {@code image}, global average pool, flatten to {@code feature}. */
    private static GraphProto.Builder mean() {
        return GraphProto.newBuilder()
                .setName("mean")
                .addInput(value("image", 1, 3, SIDE, SIDE))
                .addNode(node("GlobalAveragePool", "image", "pool"))
                .addNode(node("Flatten", "pool", "feature"))
                .addOutput(value("feature", 1, 3));
    }

    private static NodeProto node(String type, String input, String output) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addInput(input)
                .addOutput(output)
                .build();
    }

    static ValueInfoProto value(String name, long... shape) {
        TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
        for (long side : shape) {
            dims.addDim(Dimension.newBuilder().setDimValue(side));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                                .setShape(dims)))
                .build();
    }

    private Path save(GraphProto.Builder graph, Map<String, String> metadata) throws IOException {
        ModelProto.Builder model =
                ModelProto.newBuilder()
                        .setIrVersion(7)
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(14))
                        .setGraph(graph);
        metadata.forEach(
                (key, text) ->
                        model.addMetadataProps(
                                StringStringEntryProto.newBuilder().setKey(key).setValue(text)));
        return Files.write(
                Files.createTempFile(folder, "network", ".onnx"), model.build().toByteArray());
    }

    private static float[] pixels(int seed) {
        Random random = new Random(seed);
        float[] pixels = new float[3 * PIXELS];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return pixels;
    }

    private static float[] means(float[] pixels) {
        float[] means = new float[3];
        for (int channel = 0; channel < 3; channel++) {
            double sum = 0;
            for (int i = 0; i < PIXELS; i++) {
                sum += pixels[channel * PIXELS + i];
            }
            means[channel] = (float) (sum / PIXELS);
        }
        return means;
    }

    @Test
    void givesTheFeatureThatTheNetworkDescribes() throws IOException {
        Path file = save(mean(), metadata());
        try (OnnxBackbone backbone = OnnxBackbone.open(file, 1)) {
            assertEquals("Mean", backbone.name());
            assertEquals(3, backbone.width());
            assertEquals(Preprocessing.imageNet(SIDE, SIDE), backbone.preprocessing());
            assertEquals(PixelPath.CURRENT, backbone.pixelPath());
            for (int seed = 0; seed < 5; seed++) {
                float[] pixels = pixels(seed);
                assertArrayEquals(means(pixels), backbone.feature(pixels), 1e-6f);
            }
        }
    }

    @Test
    void givesWhatTheFeatureIsTheMeanOf() throws IOException {
        try (OnnxBackbone backbone = OnnxBackbone.open(save(mean(), metadata()), 1)) {
            float[] pixels = pixels(1);
            FeatureMap map = backbone.map(pixels).orElseThrow();
            assertEquals(SIDE, map.rows());
            assertEquals(SIDE, map.columns());
            assertArrayEquals(pixels, map.values());
            assertThrows(IllegalArgumentException.class, () -> backbone.map(new float[1]));
        }
    }

    /** The largest value of each channel is no mean. */
    @Test
    void hasNoMapWhereTheFeatureIsNoMean() throws IOException {
        GraphProto.Builder largest = mean().clearNode();
        largest.addNode(node("GlobalMaxPool", "image", "pool"));
        largest.addNode(node("Flatten", "pool", "feature"));
        try (OnnxBackbone backbone = OnnxBackbone.open(save(largest, metadata()), 1)) {
            assertEquals(Optional.empty(), backbone.map(pixels(1)));
        }
    }

    @Test
    void aNetworkHasAnIdentityOnEachPixelPath() throws IOException {
        Path file = save(mean(), metadata());
        try (OnnxBackbone before = OnnxBackbone.open(file, 1, PixelPath.P1);
                OnnxBackbone now = OnnxBackbone.open(file, 1, PixelPath.P2)) {
            assertEquals(Sha256.of(file) + "-p1", before.id());
            assertTrue(now.id().endsWith("-p2"), now.id());
        }
    }

    @Test
    void givesTheSameFeatureToManyThreads() throws IOException {
        try (OnnxBackbone backbone = OnnxBackbone.open(save(mean(), metadata()), 2)) {
            IntStream.range(0, 200)
                    .parallel()
                    .forEach(
                            i -> {
                                float[] pixels = pixels(i % 7);
                                float[] feature = backbone.feature(pixels);
                                assertArrayEquals(means(pixels), feature, 1e-6f);
                            });
        }
    }

    @Test
    void takesAnImageOfItsSizeOnly() throws IOException {
        try (OnnxBackbone backbone = OnnxBackbone.open(save(mean(), metadata()), 1)) {
            var wrong =
                    assertThrows(
                            IllegalArgumentException.class, () -> backbone.feature(new float[47]));
            assertEquals("image for backbone Mean has 47 values, expected 48", wrong.getMessage());
        }
    }

    @Test
    void refusesAFileThatIsNoCutNetwork() throws IOException {
        refuses(folder.resolve("none.onnx"), "expected a file, found none");
        refuses(Files.writeString(folder.resolve("text.onnx"), "hello"), "text.onnx");
        refuses(save(mean(), Map.of()), "give the cut network");
        Map<String, String> odd = metadata();
        odd.put(NetworkMetadata.PREFIX + "crop", "many");
        refuses(save(mean(), odd), NetworkMetadata.PREFIX + "crop");
    }

    @Test
    void refusesANetworkOfAnotherShape() throws IOException {
        refuses(
                save(mean().setInput(0, value("image", 1, 3, SIDE + 1, SIDE)), metadata()),
                "expected one float32 input image of shape [1, 3, 4, 4]");
        refuses(
                save(
                        GraphProto.newBuilder()
                                .setName("pool")
                                .addInput(value("image", 1, 3, SIDE, SIDE))
                                .addNode(node("GlobalAveragePool", "image", "feature"))
                                .addOutput(value("feature", 1, 3, 1, 1)),
                        metadata()),
                "expected one float32 output (n, width)");
    }

    @Test
    void refusesANetworkWhoseFeatureIsNotFinite() throws IOException {
        GraphProto.Builder graph = mean().clearOutput();
        graph.addNode(node("Log", "feature", "log")).addOutput(value("log", 1, 3));
        refuses(save(graph, metadata()), "gave -Infinity at 0");
    }

    private static void refuses(Path file, String reason) {
        var refused = assertThrows(ConfigurationException.class, () -> OnnxBackbone.open(file, 1));
        String message = refused.getMessage();
        assertTrue(message.startsWith("backbone " + file + ": "), message);
        assertTrue(message.contains(reason), message);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void theExportedModelGivesTheProbabilitiesOfTheHead(Activation activation) throws Exception {
        Head head =
                new Head(
                        "1",
                        List.of("a", "b"),
                        "b",
                        new Head.Parameters(
                                new float[] {1, -2, 0.5f, 0.25f, 1, -1},
                                new float[] {0.1f, -0.2f},
                                new float[] {0.3f, 0, -0.1f},
                                new float[] {0.5f, 2, 1},
                                1.7,
                                activation));
        byte[] model = OnnxModel.of(Files.readAllBytes(save(mean(), metadata())), head);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (var session = environment.createSession(model)) {
            var described = session.getMetadata().getCustomMetadata();
            assertEquals("[\"a\",\"b\"]", described.get(NetworkMetadata.CLASSES));
            assertEquals("1", described.get(NetworkMetadata.HEAD));
            assertEquals("Mean", described.get(NetworkMetadata.NAME));
            for (int seed = 0; seed < 5; seed++) {
                float[] pixels = pixels(seed);
                long[] shape = {1, 3, SIDE, SIDE};
                try (var image =
                                OnnxTensor.createTensor(
                                        environment, FloatBuffer.wrap(pixels), shape);
                        var result = session.run(Map.of("image", image))) {
                    float[][] found =
                            (float[][]) result.get("probabilities").orElseThrow().getValue();
                    float[] stored = Float16.decode(Float16.encode(means(pixels)));
                    double[] probabilities =
                            IntStream.range(0, 2).mapToDouble(i -> found[0][i]).toArray();
                    assertArrayEquals(
                            head.probabilities(stored),
                            probabilities,
                            2e-3,
                            () -> Arrays.toString(found[0]));
                }
            }
        }
    }
}
