package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.graft.feature.ConfigurationException;
import dev.graft.onnx.OnnxBackbone;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackbonesTest {
    private static final int SIDE = 8;

    @TempDir Path folder;

    @Test
    void gemmIsCutBitForBit() throws Exception {
        GraphProto.Builder graph = trunk();
        node(graph, "GlobalAveragePool", List.of("relu"), "pooled");
        node(graph, "Flatten", List.of("pooled"), "flat");
        node(graph, "Gemm", List.of("flat", weight(graph, "fc", 6, 4)), "logits");
        node(graph, "Softmax", List.of("logits"), "out");
        assertCut(graph, "", "pooled");
        assertCut(graph, "#logits", "logits");
        assertCut(graph, "#flat", "flat");
    }

    @Test
    void ofThreeLinearLayersTheLastOneCounts() throws Exception {
        GraphProto.Builder graph = trunk();
        node(graph, "Flatten", List.of("relu"), "flat");
        node(graph, "MatMul", List.of("flat", weight(graph, "fc1", 6 * SIDE * SIDE, 5)), "a");
        node(graph, "Relu", List.of("a"), "ra");
        node(graph, "MatMul", List.of("ra", weight(graph, "fc2", 5, 7)), "b");
        node(graph, "Relu", List.of("b"), "rb");
        node(graph, "MatMul", List.of("rb", weight(graph, "fc3", 7, 4)), "c");
        node(graph, "Add", List.of("c", weight(graph, "bias", 4)), "out");
        assertCut(graph, "", "rb");
    }

    @Test
    void aConvolutionAfterPoolingIsALinearLayer() throws Exception {
        GraphProto.Builder graph = trunk();
        node(graph, "GlobalAveragePool", List.of("relu"), "pooled");
        node(graph, "Conv", List.of("pooled", weight(graph, "fc", 4, 6, 1, 1)), "conv", 1);
        node(graph, "Flatten", List.of("conv"), "out");
        assertCut(graph, "", "pooled");
    }

    @Test
    void aFileAlreadyCutPassesAsItIs() throws Exception {
        GraphProto.Builder graph = trunk();
        node(graph, "GlobalAveragePool", List.of("relu"), "pooled");
        node(graph, "Flatten", List.of("pooled"), "flat");
        node(graph, "Gemm", List.of("flat", weight(graph, "fc", 6, 4)), "out");
        Path cut = backbones().resolve(save(graph).toString());
        Path again = backbones().resolve(cut.toString());
        assertArrayEquals(Files.readAllBytes(cut), Files.readAllBytes(again));
    }

    @Test
    void whatCannotBeCutIsRefused() throws Exception {
        Path text = Files.writeString(folder.resolve("text.onnx"), "no network");
        assertRefused(text.toString(), "expected an ONNX network");
        assertRefused("nothing", "expected nothing, FILE.onnx");
        assertRefused(folder.resolve("absent.onnx").toString(), "cannot be read");
        GraphProto.Builder dense = trunk();
        node(dense, "Conv", List.of("relu", weight(dense, "map", 4, 6, 1, 1)), "out", 1);
        assertRefused(save(dense).toString(), "expected a linear layer");
        GraphProto.Builder two = trunk();
        node(two, "GlobalAveragePool", List.of("relu"), "p");
        node(two, "GlobalMaxPool", List.of("relu"), "q");
        node(two, "Add", List.of("p", "q"), "out");
        assertRefused(save(two).toString(), "two candidates");
        assertRefused(save(two) + "#nowhere", "nowhere");
        two.setInput(0, value("in", 1, SIDE, SIDE));
        assertRefused(save(two) + "#p", "expected a float32 image input");
    }

    private void assertRefused(String backbone, String reason) {
        String message =
                assertThrows(ConfigurationException.class, () -> backbones().resolve(backbone))
                        .getMessage();
        assertTrue(message.contains(reason), message);
    }

    private void assertCut(GraphProto.Builder graph, String which, String tensor) throws Exception {
        float[] pixels = values(3 * SIDE * SIDE, 5);
        Path full = save(graph.clone().addOutput(ValueInfoProto.newBuilder().setName(tensor)));
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        float[] expected;
        try (OrtSession session = environment.createSession(full.toString());
                OnnxTensor image =
                        OnnxTensor.createTensor(
                                environment,
                                FloatBuffer.wrap(pixels),
                                new long[] {1, 3, SIDE, SIDE});
                OrtSession.Result result = session.run(Map.of("in", image))) {
            FloatBuffer buffer = ((OnnxTensor) result.get(tensor).orElseThrow()).getFloatBuffer();
            expected = new float[buffer.remaining()];
            buffer.get(expected);
        }
        Path cut = backbones().resolve(save(graph) + which);
        try (OnnxBackbone backbone = OnnxBackbone.open(cut, 1)) {
            assertEquals(expected.length, backbone.width());
            assertEquals(SIDE, backbone.preprocessing().crop());
            assertArrayEquals(expected, backbone.feature(pixels));
            assertThrows(IllegalArgumentException.class, () -> backbone.feature(new float[1]));
        }
    }

    private Backbones backbones() {
        return new Backbones(folder.resolve("cache"));
    }

    private Path save(GraphProto.Builder graph) throws Exception {
        ModelProto model =
                ModelProto.newBuilder()
                        .setIrVersion(7)
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                        .setGraph(graph)
                        .build();
        Path file = Files.createTempFile(folder, "network", ".onnx");
        return Files.write(file, model.toByteArray());
    }

    private static GraphProto.Builder trunk() {
        GraphProto.Builder graph =
                GraphProto.newBuilder()
                        .setName("network")
                        .addInput(value("in", 3, SIDE, SIDE))
                        .addOutput(ValueInfoProto.newBuilder().setName("out"));
        node(graph, "Conv", List.of("in", weight(graph, "stem", 6, 3, 1, 1)), "conv0", 1);
        node(graph, "Relu", List.of("conv0"), "relu");
        return graph;
    }

    private static void node(
            GraphProto.Builder graph,
            String type,
            List<String> inputs,
            String output,
            int... side) {
        NodeProto.Builder node =
                NodeProto.newBuilder()
                        .setOpType(type)
                        .setName(output)
                        .addAllInput(inputs)
                        .addOutput(output);
        for (int kernel : side) {
            node.addAttribute(
                    AttributeProto.newBuilder()
                            .setName("kernel_shape")
                            .setType(AttributeProto.AttributeType.INTS)
                            .addInts(kernel)
                            .addInts(kernel));
        }
        graph.addNode(node);
    }

    private static String weight(GraphProto.Builder graph, String name, long... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(TensorProto.DataType.FLOAT_VALUE);
        int size = 1;
        for (long side : shape) {
            tensor.addDims(side);
            size *= (int) side;
        }
        for (float value : values(size, name.hashCode())) {
            tensor.addFloatData(value);
        }
        graph.addInitializer(tensor);
        return name;
    }

    private static ValueInfoProto value(String name, long... shape) {
        TensorShapeProto.Builder dims =
                TensorShapeProto.newBuilder().addDim(Dimension.newBuilder().setDimValue(1));
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

    private static float[] values(int count, int seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
