package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import dev.graft.feature.ConfigurationException;
import dev.graft.onnx.OnnxBackbone;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights beside the file, as torch writes them by default, and never from elsewhere. */
class ExternalDataTest {
    private static final float[] PIXELS =
            TestNetwork.values(3 * TestNetwork.SIDE * TestNetwork.SIDE, 5);

    @TempDir private Path folder;
    private final TestNetwork net = new TestNetwork();
    private Path inside;
    private Path file;

    @BeforeEach
    void aNetworkWithItsWeightsBesideIt() throws Exception {
        String x = net.node("relu", "Relu", net.conv("stem", "in", 3, 6, 3, 2));
        x = net.node("flat", "Flatten", net.node("pooled", "GlobalAveragePool", x));
        net.gemm("out", x, 6, 4);
        inside = net.save(folder);
        Path home = Files.createDirectories(folder.resolve("home"));
        file = home.resolve("net.onnx");
        save("net.onnx.data");
    }

    /** One file after the other weight, each 64 bytes further on than it need be. */
    private void save(String location) throws Exception {
        ModelProto.Builder model = net.model().toBuilder();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (TensorProto.Builder weight : model.getGraphBuilder().getInitializerBuilderList()) {
            data.writeBytes(new byte[64]);
            ByteBuffer raw =
                    ByteBuffer.allocate(4 * weight.getFloatDataCount())
                            .order(ByteOrder.LITTLE_ENDIAN);
            weight.getFloatDataList().forEach(raw::putFloat);
            weight.clearFloatData()
                    .setDataLocation(DataLocation.EXTERNAL)
                    .addExternalData(entry("location", location))
                    .addExternalData(entry("offset", "" + data.size()))
                    .addExternalData(entry("length", "" + raw.capacity()));
            data.writeBytes(raw.array());
        }
        Files.write(file, model.build().toByteArray());
        if (location.equals("net.onnx.data")) {
            Files.write(file.resolveSibling(location), data.toByteArray());
        }
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    @Test
    void givesTheSameFeatureAsOneFile() throws Exception {
        try (OnnxBackbone one = open(inside);
                OnnxBackbone two = open(file)) {
            assertArrayEquals(one.feature(PIXELS), two.feature(PIXELS));
        }
    }

    @Test
    void theWeightsArePartOfTheIdentity() throws Exception {
        String before = id();
        assertEquals(before, id());
        Path data = file.resolveSibling("net.onnx.data");
        byte[] bytes = Files.readAllBytes(data);
        bytes[65] ^= 1;
        Files.write(data, bytes);
        assertNotEquals(before, id());
    }

    private String id() {
        try (OnnxBackbone backbone = open(file)) {
            return backbone.id();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "/etc/hostname", "sub/../../secret", ""})
    void nothingOutsideTheFolderIsRead(String location) throws Exception {
        Files.write(folder.resolve("secret"), new byte[10_000]);
        save(location);
        assertRefused("which is not in its folder");
    }

    @Test
    void norThroughALink() throws Exception {
        Path data = file.resolveSibling("net.onnx.data");
        Files.move(data, folder.resolve("secret"));
        Files.createSymbolicLink(data, folder.resolve("secret"));
        assertRefused("which is a link out of its folder");
    }

    @Test
    void whatIsMissingIsToldWithWhereToPutIt() throws Exception {
        Files.delete(file.resolveSibling("net.onnx.data"));
        assertRefused("net.onnx.data, and that is missing: put it into " + file.getParent());
    }

    @ParameterizedTest
    @CsvSource({"offset,999999", "length,999999", "offset,-1", "length,many"})
    void aPartThatIsNotThereIsTold(String key, String value) throws Exception {
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        model.getGraphBuilder().getInitializerBuilder(0).getExternalDataBuilderList().stream()
                .filter(entry -> entry.getKey().equals(key))
                .forEach(entry -> entry.setValue(value));
        Files.write(file, model.build().toByteArray());
        assertRefused("the weights of stem.w are at");
    }

    @Test
    void aConstantCannotBeElsewhere() throws Exception {
        ModelProto.Builder model = net.model().toBuilder();
        model.getGraphBuilder()
                .addNodeBuilder()
                .setOpType("Constant")
                .addOutput("constant")
                .addAttribute(
                        AttributeProto.newBuilder()
                                .setName("value")
                                .setType(AttributeProto.AttributeType.TENSOR)
                                .setT(
                                        TensorProto.newBuilder()
                                                .setName("hidden")
                                                .setDataLocation(DataLocation.EXTERNAL)));
        Files.write(file, model.build().toByteArray());
        assertRefused("keeps a constant, hidden, in another file");
    }

    private void assertRefused(String reason) {
        String message = assertThrows(ConfigurationException.class, () -> open(file)).getMessage();
        assertTrue(message.contains(reason), message);
    }

    private OnnxBackbone open(Path network) {
        return OnnxBackbone.open(
                new Backbones(folder.resolve("cache"), Catalogue.bundled(), System.err)
                        .resolve(network.toString()),
                1);
    }
}
