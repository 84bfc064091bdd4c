package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import com.google.protobuf.ByteString;
import dev.graft.feature.ConfigurationException;
import dev.graft.image.Preprocessing;
import dev.graft.onnx.OnnxBackbone;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that compute in float16 or int8, take bytes, or decide as they run. */
class NumberTypesTest {
    private static final int SIDE = TestNetwork.SIDE;
    private static final float[] PIXELS = TestNetwork.values(3 * SIDE * SIDE, 5);

    @TempDir private Path folder;
    private final TestNetwork net = new TestNetwork();
    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void float16InsideAndAtTheInput(boolean isAtTheInput) throws Exception {
        if (isAtTheInput) {
            type(DataType.FLOAT16);
        } else {
            net.node("half", "Cast", List.of(TestNetwork.number("to", 10)), "in");
        }
        classifier(isAtTheInput ? "in" : "half");
        inFloat16();
        byte[] half = new byte[2 * PIXELS.length];
        for (int i = 0; i < PIXELS.length; i++) {
            ByteBuffer.wrap(half)
                    .order(ByteOrder.nativeOrder())
                    .putShort(2 * i, Float.floatToFloat16(PIXELS[i]));
        }
        OnnxTensor image =
                isAtTheInput
                        ? OnnxTensor.createTensor(
                                OrtEnvironment.getEnvironment(),
                                direct(half),
                                new long[] {1, 3, SIDE, SIDE},
                                OnnxJavaType.FLOAT16)
                        : image();
        float[] expected = net.run("pooled", image);
        try (OnnxBackbone backbone = open(net.save(folder).toString())) {
            assertArrayEquals(expected, backbone.feature(PIXELS), 2e-3f);
        }
    }

    /** Its normalization is found behind the cast and in float16. */
    @Test
    void normalizationInFloat16IsFound() throws Exception {
        type(DataType.FLOAT16);
        net.graph.addInitializer(
                TensorProto.newBuilder()
                        .setName("scale")
                        .setDataType(DataType.FLOAT.getNumber())
                        .addFloatData(1 / 255f));
        classifier(net.node("scaled", "Mul", "in", "scale"));
        inFloat16();
        try (OnnxBackbone backbone = open(net.save(folder).toString())) {
            assertEquals(1, backbone.preprocessing().scale());
            assertEquals(List.of(0f, 0f, 0f), backbone.preprocessing().mean());
        }
    }

    @Test
    void bytesAreThePixelsAsTheyAre() throws Exception {
        type(DataType.UINT8);
        classifier(net.node("real", "Cast", List.of(TestNetwork.number("to", 1)), "in"));
        byte[] bytes = new byte[PIXELS.length];
        float[] pixels = new float[PIXELS.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7);
            pixels[i] = bytes[i] & 0xff;
        }
        OnnxTensor image =
                OnnxTensor.createTensor(
                        OrtEnvironment.getEnvironment(),
                        direct(bytes),
                        new long[] {1, 3, SIDE, SIDE},
                        OnnxJavaType.UINT8);
        float[] expected = net.run("pooled", image);
        Path file = net.save(folder);
        try (OnnxBackbone backbone = open(file.toString())) {
            Preprocessing found = backbone.preprocessing();
            assertEquals(InputScaling.raw(found, 1), found);
            assertArrayEquals(expected, backbone.feature(pixels), 1e-3f);
        }
        Files.writeString(
                Path.of(file.toString().replace(".onnx", ".json")), "{\"mean\": \"1,2,3\"}");
        String problem =
                assertThrows(ConfigurationException.class, () -> open(file.toString()))
                        .getMessage();
        assertTrue(problem.contains("its input takes bytes"), problem);
    }

    /** QOperator, as static quantization of ONNX Runtime writes it. */
    @ParameterizedTest
    @ValueSource(ints = {64, 127})
    void operatorsOnQuantizedValues(int largest) throws Exception {
        quantized("x");
        String x = net.node("in8", "QuantizeLinear", "in", "x.scale", "x.zero");
        quantized("c");
        int8("w", largest, 6, 3, 1, 1);
        x =
                net.node(
                        "c8",
                        "QLinearConv",
                        x,
                        "x.scale",
                        "x.zero",
                        "w",
                        "w.scale",
                        "w.zero",
                        "c.scale",
                        "c.zero");
        quantized("p");
        x = contrib("p8", "QLinearGlobalAveragePool", x, "c.scale", "c.zero", "p.scale", "p.zero");
        x = net.node("flat", "Flatten", x);
        quantized("s");
        int8("v", largest, 6, 4);
        x =
                net.node(
                        "s8",
                        "QLinearMatMul",
                        x,
                        "p.scale",
                        "p.zero",
                        "v",
                        "v.scale",
                        "v.zero",
                        "s.scale",
                        "s.zero");
        net.node("out", "DequantizeLinear", x, "s.scale", "s.zero");
        net.node("real", "DequantizeLinear", "p8", "p.scale", "p.zero");
        float[] expected = net.run("real", image());
        assertFeature(expected, "");
        assertFeature(net.run("out", image()), "#logits");
        assertFeature(expected, "#p8");
        assertEquals(largest > 64, warning().contains("its layer c8 multiplies"), warning());
    }

    /** As {@code quantize_dynamic} writes it. */
    @ParameterizedTest
    @ValueSource(ints = {64, 127})
    void scalesThatAreComputedAsItRuns(int largest) throws Exception {
        String x = net.node("pooled", "GlobalAveragePool", net.conv("stem", "in", 3, 6, 1, 1));
        x = net.node("flat", "Flatten", x);
        net.graph.addNode(
                NodeProto.newBuilder()
                        .setOpType("DynamicQuantizeLinear")
                        .addInput(x)
                        .addAllOutput(List.of("q", "q.scale", "q.zero")));
        int8("w", largest, 6, 4);
        x = net.node("sum", "MatMulInteger", "q", "w", "q.zero", "w.zero");
        x = net.node("sum.real", "Cast", List.of(TestNetwork.number("to", 1)), x);
        String scale = net.node("scale", "Mul", "q.scale", "w.scale");
        x = net.node("scaled", "Mul", x, scale);
        net.node("out", "Add", x, net.weight("bias", 4));
        assertFeature(net.run("pooled", image()), "");
        assertFeature(net.run("out", image()), "#logits");
        assertEquals(largest > 64, warning().contains("its layer sum multiplies"), warning());
    }

    /** A branch that reads tensors from outside, and the input of the network itself. */
    @Test
    void branchesSeeTheTensorsAroundThem() throws Exception {
        net.conv("stem", "in", 3, 6, 1, 1);
        net.node("pooled.in", "GlobalAveragePool", "in");
        String shape = net.node("shape", "Shape", "in");
        String rank = net.node("rank", "Size", shape);
        String isFour = net.node("is.four", "Equal", rank, net.whole("four", 4));
        GraphProto then = branch("then", node("GlobalAveragePool", "stem", "then.out"));
        GraphProto other = branch("other", node("Concat", "in", "other.out"));
        other =
                other.toBuilder()
                        .setNode(
                                0,
                                node("Concat", "in", "other.out").toBuilder()
                                        .addInput("in")
                                        .addAttribute(TestNetwork.number("axis", 1)))
                        .build();
        String x =
                net.node(
                        "if",
                        "If",
                        List.of(graph("then_branch", then), graph("else_branch", other)),
                        isFour);
        net.gemm("out", net.node("flat", "Flatten", x), 6, 4);
        assertFeature(net.run("if", image()), "");
    }

    private void assertFeature(float[] expected, String option) throws Exception {
        try (OnnxBackbone backbone = open(net.save(folder) + option)) {
            assertArrayEquals(expected, backbone.feature(PIXELS), 2e-6f);
        }
    }

    private void classifier(String input) {
        String x = net.node("relu", "Relu", net.conv("stem", input, 3, 6, 3, 2));
        x = net.node("flat", "Flatten", net.node("pooled", "GlobalAveragePool", x));
        net.gemm("out", x, 6, 4);
    }

    private void type(DataType type) {
        net.graph
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .setElemType(type.getNumber());
    }

    private void inFloat16() {
        for (TensorProto.Builder weight : net.graph.getInitializerBuilderList()) {
            ByteBuffer raw =
                    ByteBuffer.allocate(2 * weight.getFloatDataCount())
                            .order(ByteOrder.LITTLE_ENDIAN);
            weight.getFloatDataList().forEach(value -> raw.putShort(Float.floatToFloat16(value)));
            weight.clearFloatData()
                    .setDataType(DataType.FLOAT16.getNumber())
                    .setRawData(ByteString.copyFrom(raw.flip()));
        }
    }

    /** Scale and zero point of unsigned values. */
    private void quantized(String name) {
        net.graph.addInitializer(
                TensorProto.newBuilder()
                        .setName(name + ".scale")
                        .setDataType(DataType.FLOAT.getNumber())
                        .addFloatData(0.03f));
        net.graph.addInitializer(
                TensorProto.newBuilder()
                        .setName(name + ".zero")
                        .setDataType(DataType.UINT8.getNumber())
                        .addInt32Data(120));
    }

    private void int8(String name, int largest, long... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(DataType.INT8.getNumber());
        int size = 1;
        for (long side : shape) {
            tensor.addDims(side);
            size *= (int) side;
        }
        float[] values = TestNetwork.values(size, name.hashCode());
        for (int i = 0; i < size; i++) {
            tensor.addInt32Data(
                    i == 0 ? largest : (int) Math.clamp(30 * values[i], -largest, largest));
        }
        net.graph.addInitializer(tensor);
        net.graph.addInitializer(
                TensorProto.newBuilder()
                        .setName(name + ".scale")
                        .setDataType(DataType.FLOAT.getNumber())
                        .addFloatData(0.01f));
        net.graph.addInitializer(
                TensorProto.newBuilder()
                        .setName(name + ".zero")
                        .setDataType(DataType.INT8.getNumber())
                        .addInt32Data(0));
    }

    /** An operator of ONNX Runtime's own. */
    private String contrib(String name, String type, String... inputs) {
        net.node(name, type, inputs);
        net.graph.getNodeBuilder(net.graph.getNodeCount() - 1).setDomain("com.microsoft");
        net.more.add(
                OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1).build());
        return name;
    }

    private static GraphProto branch(String name, NodeProto node) {
        return GraphProto.newBuilder()
                .setName(name)
                .addNode(node)
                .addOutput(
                        ValueInfoProto.newBuilder()
                                .setName(node.getOutput(0))
                                .setType(TestNetwork.symbolic("x", "a", "b", "c", "d").getType()))
                .build();
    }

    private static NodeProto node(String type, String input, String output) {
        return NodeProto.newBuilder().setOpType(type).addInput(input).addOutput(output).build();
    }

    private static AttributeProto graph(String name, GraphProto graph) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(graph)
                .build();
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length)
                .order(ByteOrder.nativeOrder())
                .put(bytes)
                .flip();
    }

    private static OnnxTensor image() throws Exception {
        return OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(),
                FloatBuffer.wrap(PIXELS),
                new long[] {1, 3, SIDE, SIDE});
    }

    private String warning() {
        return terminal.toString(StandardCharsets.UTF_8);
    }

    private OnnxBackbone open(String backbone) {
        PrintStream out = new PrintStream(terminal, true, StandardCharsets.UTF_8);
        return OnnxBackbone.open(
                new Backbones(folder.resolve("cache"), Catalogue.bundled(), out).resolve(backbone),
                1);
    }
}
