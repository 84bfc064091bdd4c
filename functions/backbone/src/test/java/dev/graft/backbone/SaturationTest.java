package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.graft.feature.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which int8 networks give other features on x86 processors without VNNI. */
class SaturationTest {
    private static final int INT8 = TensorProto.DataType.INT8_VALUE;
    private static final int UINT8 = TensorProto.DataType.UINT8_VALUE;
    private static final String REMEDY = "quantize that one with 7-bit weights";

    @TempDir Path folder;

    private final TestNetwork net = new TestNetwork();
    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({
        "127, UINT8, INT8, true",
        "65, UINT8, INT8, true",
        "-128, UINT8, INT8, true",
        "-65, UINT8, INT8, true",
        "64, UINT8, INT8, false",
        "-64, UINT8, INT8, false",
        "127, INT8, INT8, false",
        "127, UINT8, UINT8, false"
    })
    void largeSignedWeightsForUnsignedValuesSaturate(
            int weight, String values, String weights, boolean saturates) throws IOException {
        convolution(quantized(values.equals("INT8") ? INT8 : UINT8), weight, weights);
        Optional<String> problem = Saturation.problem(save());
        assertEquals(saturates, problem.isPresent(), problem::toString);
        problem.ifPresent(
                text ->
                        assertTrue(
                                text.contains(
                                        "layer conv multiplies unsigned 8-bit values by int8 weights of up to "
                                                + Math.abs(weight)),
                                text));
    }

    @Test
    void weightsQuantizedOnlyToSaveSpaceAreFloatsAgain() throws IOException {
        convolution("in", 127, "INT8");
        assertEquals(Optional.empty(), Saturation.problem(save()));
    }

    @Test
    void aLayerThatKeepsTheValuesHidesNothing() throws IOException {
        convolution(net.pool("max", "MaxPool", quantized(UINT8), 3, 1), 127, "INT8");
        assertTrue(Saturation.problem(save()).isPresent());
    }

    @ParameterizedTest
    @CsvSource({"127, true", "64, false"})
    void weightsThatAreQuantizedAtTheStartCountAsQuantized(int weight, boolean saturates)
            throws IOException {
        tensor("w", TensorProto.DataType.FLOAT_VALUE, 6, 3, 1, 1);
        TensorProto.Builder weights = last();
        for (int i = 0; i < 18; i++) {
            weights.addFloatData(i == 17 ? 0.5f * weight : 0.25f);
        }
        perChannel("scale", 0.25f, 0.5f);
        zero("zero", INT8);
        List<AttributeProto> axis = List.of(TestNetwork.number("axis", 0));
        net.node("q", "QuantizeLinear", axis, "w", "scale", "zero");
        net.node("dq", "DequantizeLinear", axis, "q", "scale", "zero");
        convolve(quantized(UINT8), "dq");
        assertEquals(saturates, Saturation.problem(save()).isPresent());
    }

    @ParameterizedTest
    @CsvSource({
        "QLinearConv, 3, 2, UINT8, true",
        "QLinearConv, 3, 2, INT8, false",
        "QLinearMatMul, 3, 2, UINT8, true",
        "QGemm, 3, 2, UINT8, true",
        "ConvInteger, 1, 2, UINT8, true",
        "MatMulInteger, 1, 2, UINT8, true",
        "MatMulInteger, 1, 2, INT8, false",
        "DynamicQuantizeMatMul, 1, -1, UINT8, true"
    })
    void quantizedOperatorsAreLookedAtToo(
            String type, int weights, int zeroPoint, String values, boolean saturates) {
        weights("w", "INT8", 100);
        zero("zero", values.equals("INT8") ? INT8 : UINT8);
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(type).addOutput("out");
        for (int i = 0; i < 6; i++) {
            node.addInput(i == weights ? "w" : i == zeroPoint ? "zero" : "x" + i);
        }
        net.graph.addNode(node);
        assertEquals(saturates, Saturation.problem(net.model()).isPresent());
        assertTrue(Saturation.problem(net.model()).orElse("layer out").contains("layer out"));
    }

    @ParameterizedTest
    @EnumSource(Embedded.class)
    void noEmbeddedNetworkSaturates(Embedded network) throws IOException {
        Path file = Files.write(folder.resolve("embedded.onnx"), network.bytes());
        assertEquals(Optional.empty(), Saturation.problem(file));
    }

    @Test
    void theLaptopWarnsAndGoesOn() throws IOException {
        Path network = saturating();
        PrintStream out = new PrintStream(terminal, true, StandardCharsets.UTF_8);
        Backbones backbones = new Backbones(folder.resolve("cache"), Catalogue.bundled(), out);
        for (int start = 0; start < 2; start++) {
            assertTrue(Files.exists(backbones.resolve(network.toString())));
            String said = terminal.toString(StandardCharsets.UTF_8);
            assertTrue(said.startsWith("warning: backbone " + network + ": its layer conv"), said);
            assertTrue(said.contains(REMEDY), said);
            terminal.reset();
        }
        backbones.resolve("");
        assertEquals("", terminal.toString(StandardCharsets.UTF_8));
    }

    @Test
    void itIsNotDeployed() throws IOException {
        Path cut =
                new Backbones(folder.resolve("cache"), Catalogue.bundled(), System.err)
                        .resolve(saturating().toString());
        Path target = folder.resolve("target");
        String message =
                assertThrows(ConfigurationException.class, () -> PackageBackbone.write(cut, target))
                        .getMessage();
        assertTrue(message.contains("cannot be deployed: its layer conv"), message);
        assertTrue(message.contains(REMEDY), message);
        assertFalse(Files.exists(target.resolve("backbone.onnx")));
    }

    private Path saturating() throws IOException {
        convolution(quantized(UINT8), 127, "INT8");
        return save();
    }

    private Path save() throws IOException {
        return net.save(folder);
    }

    /** The input as 8-bit values and back. */
    private String quantized(int type) {
        perChannel("x.scale", 0.1f);
        zero("x.zero", type);
        net.node("x.q", "QuantizeLinear", "in", "x.scale", "x.zero");
        return net.node("x.dq", "DequantizeLinear", "x.q", "x.scale", "x.zero");
    }

    /** A convolution of 8-bit weights, the last of them given, and the rest of a network. */
    private void convolution(String input, int weight, String type) {
        weights("w", type, weight);
        perChannel("w.scale", 0.01f);
        zero("w.zero", type.equals("INT8") ? INT8 : UINT8);
        convolve(input, net.node("dq", "DequantizeLinear", "w", "w.scale", "w.zero"));
    }

    private void convolve(String input, String weights) {
        List<AttributeProto> kernel = List.of(TestNetwork.ints("kernel_shape", 1, 1));
        String x = net.node("relu", "Relu", net.node("conv", "Conv", kernel, input, weights));
        x = net.node("flat", "Flatten", net.node("pooled", "GlobalAveragePool", x));
        net.gemm("out", x, 6, 4);
    }

    private void weights(String name, String type, int last) {
        tensor(name, type.equals("INT8") ? INT8 : UINT8, 6, 3, 1, 1);
        byte[] values = new byte[18];
        values[17] = (byte) last;
        last().setRawData(ByteString.copyFrom(values));
    }

    private void perChannel(String name, float... scales) {
        long[] shape = scales.length == 1 ? new long[0] : new long[] {6};
        tensor(name, TensorProto.DataType.FLOAT_VALUE, shape);
        for (int i = 0; i < (scales.length == 1 ? 1 : 6); i++) {
            last().addFloatData(scales[Math.min(i, scales.length - 1)]);
        }
    }

    /** The zero point 0. */
    private void zero(String name, int type) {
        tensor(name, type);
        last().addInt32Data(0);
    }

    private void tensor(String name, int type, long... shape) {
        net.graph.addInitializer(TensorProto.newBuilder().setName(name).setDataType(type));
        for (long side : shape) {
            last().addDims(side);
        }
    }

    private TensorProto.Builder last() {
        return net.graph.getInitializerBuilder(net.graph.getInitializerCount() - 1);
    }
}
