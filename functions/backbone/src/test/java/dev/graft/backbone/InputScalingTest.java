package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.graft.feature.Backbone;
import dev.graft.feature.ConfigurationException;
import dev.graft.image.Preprocessing;
import dev.graft.onnx.OnnxBackbone;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that normalize their input themselves, or give the same feature for everything. */
class InputScalingTest {
    private static final int SIDE = TestNetwork.SIDE;
    private static final Preprocessing USUAL = Preprocessing.imageNet(18, SIDE);
    private static final Preprocessing BYTES = raw(1);
    private static final Preprocessing FRACTIONS = raw(255);

    @TempDir private Path folder;
    private Backbones backbones;
    private final TestNetwork net = new TestNetwork();

    @BeforeEach
    void inAFolderOfItsOwn() {
        backbones =
                new Backbones(
                        folder,
                        new Catalogue(Map.of(), List.of(), List.of()),
                        new PrintStream(System.err));
    }

    private static Preprocessing raw(float scale) {
        return InputScaling.raw(USUAL, scale);
    }

    private String constant(String name, float... values) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(TensorProto.DataType.FLOAT_VALUE);
        if (values.length > 1) {
            tensor.addDims(1).addDims(values.length).addDims(1).addDims(1);
        }
        for (float value : values) {
            tensor.addFloatData(value);
        }
        net.graph.addInitializer(tensor);
        return name;
    }

    /** As exporters of PyTorch write a number. */
    private String constantNode(String name, double value) {
        TensorProto tensor =
                TensorProto.newBuilder()
                        .setDataType(TensorProto.DataType.DOUBLE_VALUE)
                        .addDoubleData(value)
                        .build();
        AttributeProto attribute =
                AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(tensor)
                        .build();
        String stored = net.node(name + ".stored", "Constant", List.of(attribute));
        return net.node(name, "Cast", List.of(TestNetwork.number("to", 1)), stored);
    }

    private Path network(String scaled) throws IOException {
        String x = net.node("relu", "Relu", net.conv("stem", scaled, 3, 8, 3, 2));
        return classifying(x, 8);
    }

    /** Pools, and ends in a linear layer of five classes. */
    private Path classifying(String x, int width) throws IOException {
        String pooled = net.node("pooled", "GlobalAveragePool", x);
        net.gemm("out", net.node("flat", "Flatten", pooled), width, 5);
        return net.save(folder);
    }

    private Preprocessing preprocessing(String scaled) throws IOException {
        return of(network(scaled));
    }

    private Preprocessing of(Path network) {
        try (Backbone backbone = OnnxBackbone.open(backbones.resolve(network.toString()), 1)) {
            return backbone.preprocessing();
        }
    }

    @Test
    void aNetworkWithoutArithmeticWantsImageNets() throws IOException {
        assertEquals(USUAL, preprocessing("in"));
    }

    @Test
    void rescalingOfBytesAsKerasWritesIt() throws IOException {
        assertEquals(
                BYTES, preprocessing(net.node("scaled", "Mul", "in", constant("c", 1 / 255f))));
    }

    @Test
    void rescalingAndNormalizationOfEfficientNet() throws IOException {
        String x = net.node("scaled", "Mul", constant("c", 1 / 255f), "in");
        x = net.node("centred", "Sub", x, constant("mean", 0.485f, 0.456f, 0.406f));
        assertEquals(
                BYTES,
                preprocessing(net.node("normed", "Div", x, constant("d", 0.229f, 0.224f, 0.225f))));
    }

    @Test
    void rescalingOfMobileNetV3() throws IOException {
        String x = net.node("scaled", "Div", "in", constant("c", 127.5f));
        assertEquals(BYTES, preprocessing(net.node("moved", "Sub", x, constant("one", 1))));
    }

    @Test
    void normalizationOfFractions() throws IOException {
        String x = net.node("centred", "Sub", "in", constant("mean", 0.485f, 0.456f, 0.406f));
        assertEquals(
                FRACTIONS,
                preprocessing(net.node("normed", "Div", x, constant("d", 0.229f, 0.224f, 0.225f))));
    }

    @Test
    void twiceTheInputLessOne() throws IOException {
        String x = net.node("twice", "Mul", "in", constant("two", 2));
        assertEquals(FRACTIONS, preprocessing(net.node("moved", "Sub", x, constant("one", 1))));
    }

    @Test
    void aNormOnTheInput() throws IOException {
        String norm =
                net.node(
                        "norm",
                        "BatchNormalization",
                        "in",
                        constantOfThree("s", 1),
                        constantOfThree("b", 0),
                        constantOfThree("m", 120),
                        constantOfThree("v", 3600));
        assertEquals(BYTES, preprocessing(norm));
    }

    private String constantOfThree(String name, float value) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(TensorProto.DataType.FLOAT_VALUE)
                        .addDims(3);
        for (int i = 0; i < 3; i++) {
            tensor.addFloatData(value);
        }
        net.graph.addInitializer(tensor);
        return name;
    }

    @Test
    void movingAloneTellsNothing() throws IOException {
        assertEquals(USUAL, preprocessing(net.node("moved", "Add", "in", constant("a", 0.1f))));
    }

    @Test
    void aFactorThatTellsNothingIsRefusedUnlessTheFileBesideSaysMore() throws IOException {
        Path network = network(net.node("scaled", "Mul", "in", constant("c", 0.2f)));
        String problem = message(network);
        String json = network.toString().replace(".onnx", ".json");
        assertTrue(problem.contains("multiplies its input by 0.2000"), problem);
        assertTrue(problem.contains(json), problem);
        Files.writeString(
                Path.of(json),
                """
                {"resize": "16", "crop": "16", "mean": "1,2,3", "deviation": "1,1,1", "scale": "1",
                 "channels": "BGR", "layout": "NCHW"}
                """);
        assertEquals(List.of(1f, 2f, 3f), of(network).mean());
    }

    private String message(Path network) {
        return assertThrows(
                        ConfigurationException.class, () -> backbones.resolve(network.toString()))
                .getMessage();
    }

    @Test
    void aNetworkThatGivesTheSameForEverythingIsRefused() throws IOException {
        String x = net.conv("stem", "in", 3, 8, 3, 2);
        x = net.node("dead", "Relu", net.node("far", "Sub", x, constant("c", 1e6f)));
        String problem = message(classifying(x, 8));
        assertTrue(problem.contains("the same feature for 5 pictures"), problem);
        assertTrue(problem.contains(".json beside it"), problem);
    }

    @Test
    void aNetworkThatHardlySeesItsInputIsRefused() throws IOException {
        String x =
                net.node("tiny", "Mul", net.conv("stem", "in", 3, 8, 3, 2), constant("c", 1e-6f));
        x = net.node("moved", "Add", x, constant("one", 1));
        String problem = message(classifying(x, 8));
        assertTrue(problem.contains("the same feature for 5 pictures"), problem);
    }

    @Test
    void aNetworkThatOverflowsIsRefused() throws IOException {
        String x =
                net.node(
                        "huge",
                        "Exp",
                        net.node(
                                "x",
                                "Mul",
                                net.conv("stem", "in", 3, 8, 3, 2),
                                constant("c", 1e6f)));
        String problem = message(classifying(x, 8));
        assertTrue(problem.contains("expected finite values"), problem);
        assertTrue(problem.contains(".json beside it"), problem);
    }

    @Test
    void aFeatureTooWideForAnItemIsRefused() throws IOException {
        String x = net.conv("stem", "in", 3, 1000, 1, 1);
        Path network = classifying(x, 1000);
        String problem =
                assertThrows(
                                ConfigurationException.class,
                                () -> backbones.resolve(network + "#stem"))
                        .getMessage();
        assertTrue(problem.contains("256,000 values, expected 200,000 at most"), problem);
    }

    /** The inputs of the folder of cases, which came from elsewhere. */
    @Test
    void theCasesAreTreatedAsTheyShould() {
        Optional<Path> cases = Optional.ofNullable(System.getProperty("cases")).map(Path::of);
        assumeTrue(cases.isPresent(), "no folder of cases");
        Path rescale = cases.orElseThrow().resolve("cnn-rescale.onnx");
        assertEquals(1, of(rescale).scale());
        assertTrue(
                message(cases.orElseThrow().resolve("cnn-dead.onnx")).contains("the same feature"));
        Path wide = Path.of(cases.orElseThrow().resolve("wide.onnx") + "#hidden");
        String problem = message(wide);
        assertTrue(problem.contains("256,000 values"), problem);
    }
}
