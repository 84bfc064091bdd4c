package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.Sha256;
import dev.graft.image.NetworkMetadata;
import dev.graft.image.PixelPath;
import dev.graft.image.Preprocessing.ChannelOrder;
import dev.graft.onnx.OnnxBackbone;
import java.io.ByteArrayOutputStream;
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

class BackbonesTest {
    private static final int SIDE = TestNetwork.SIDE;
    private static final String SIDECAR =
            """
            {"resize": "20", "crop": "%d", "mean": "1,2,3", "deviation": "1,1,1", "scale": "1",
             "channels": "BGR", "layout": "NCHW"}
            """;

    @TempDir Path folder;

    private final TestNetwork net = new TestNetwork();

    @ParameterizedTest
    @CsvSource({
        "'', graft-resnet18, 192",
        "resnet10-graft, resnet10-graft, 160",
        "graft-resnet18, graft-resnet18, 192"
    })
    void anEmbeddedOneRuns(String named, String name, int side) {
        try (OnnxBackbone backbone = OnnxBackbone.open(resolve(named), 1)) {
            assertEquals(name, backbone.name());
            assertEquals(512, backbone.width());
            assertEquals(side, backbone.preprocessing().resize());
            assertEquals(side, backbone.preprocessing().crop());
        }
    }

    @Test
    void anEmbeddedOneGivenAsAFileIsTheSameNetwork() throws Exception {
        Path file = folder.resolve("given.onnx");
        Files.write(file, Embedded.GRAFT_RESNET18.bytes());
        try (OnnxBackbone embedded = OnnxBackbone.open(resolve("graft-resnet18"), 1);
                OnnxBackbone given = OnnxBackbone.open(resolve(file.toString()), 1)) {
            assertEquals(embedded.id(), given.id());
        }
    }

    @Test
    void thePackageHoldsTheDefaultOfTheReleaseBeforeUnderItsIdentity() throws Exception {
        Path before = resolve(Embedded.BEFORE.label());
        PackageBackbone.writeBefore(List.of(before), folder);
        try (OnnxBackbone backbone = OnnxBackbone.open(before, 1)) {
            Path kept = folder.resolve("networks").resolve(backbone.id() + ".onnx");
            assertArrayEquals(Files.readAllBytes(before), Files.readAllBytes(kept));
        }
        PackageBackbone.writeBefore(List.of(), folder);
        assertEquals(0, folder.resolve("networks").toFile().list().length, "of an earlier build");
    }

    @Test
    void aFileAlreadyCutPassesAsItIs() throws Exception {
        Path cut = resolve(pooled().toString());
        assertArrayEquals(Files.readAllBytes(cut), Files.readAllBytes(resolve(cut.toString())));
    }

    @Test
    void aNetworkIsCutOnceForEachSetting() throws Exception {
        Path file = pooled();
        Path cut = resolve(file.toString());
        byte[] other = Files.readAllBytes(resolve(file + "#logits"));
        Files.write(cut, other);
        assertArrayEquals(other, Files.readAllBytes(resolve(file.toString())), "kept");
        assertTrue(!cut.equals(resolve(file + "#logits")));
        Files.writeString(beside(file), SIDECAR.formatted(SIDE));
        assertTrue(!cut.equals(resolve(file.toString())));
    }

    @Test
    void preprocessingStandsBesideTheFile() throws Exception {
        Path file = pooled();
        Files.writeString(beside(file), SIDECAR.formatted(SIDE));
        try (OnnxBackbone backbone = OnnxBackbone.open(resolve(file.toString()), 1)) {
            assertEquals(20, backbone.preprocessing().resize());
            assertEquals(ChannelOrder.BGR, backbone.preprocessing().channels());
        }
        Files.writeString(beside(file), SIDECAR.formatted(SIDE - 1));
        assertRefused(file.toString(), "input is NCHW with side 16, but its preprocessing says");
        Files.writeString(beside(file), "{\"resize\": \"21\"}");
        try (OnnxBackbone backbone = OnnxBackbone.open(resolve(file.toString()), 1)) {
            assertEquals(21, backbone.preprocessing().resize());
            assertEquals(SIDE, backbone.preprocessing().crop());
            assertEquals(ChannelOrder.RGB, backbone.preprocessing().channels());
        }
        Files.writeString(beside(file), "[]");
        assertRefused(file.toString(), "expected the preprocessing");
    }

    @Test
    void whatIsNoNetworkIsRefused() throws Exception {
        Path text = Files.writeString(folder.resolve("text.onnx"), "no network");
        assertRefused(text.toString(), "expected an ONNX network");
        Path empty = Files.write(folder.resolve("empty.onnx"), new byte[0]);
        assertRefused(empty.toString(), "found no layers");
        assertRefused(folder.resolve("absent.onnx").toString(), "cannot be read");
        assertRefused("resnet5", "one of resnet18, resnet34, resnet50, resnet101");
        assertRefused("resnet5#logits", "backbone 'resnet5#logits': expected nothing");
    }

    /** Nothing but ONNX Runtime's own operators runs: no library of a user is ever loaded. */
    @Test
    void operatorsOfSomebodyElseAreRefused() throws Exception {
        net.more.add(
                OperatorSetIdProto.newBuilder().setDomain("com.example").setVersion(1).build());
        String x = net.conv("stem", "in", 3, 8, 3, 1);
        x = net.node("flat", "Flatten", net.node("pooled", "GlobalAveragePool", x));
        net.gemm("out", x, 8, 5);
        net.graph.getNodeBuilder(1).setDomain("com.example").setOpType("Shell");
        assertRefused(net.save(folder).toString(), "com.example:Shell");
    }

    @Test
    void withoutALinearLayerAtTheEndTheFeatureMustBeNamed() throws Exception {
        net.conv("out", net.conv("stem", "in", 3, 6, 1, 1), 6, 4, 1, 1);
        assertRefused(net.save(folder).toString(), "neither from a linear layer");
        assertRefused(
                net.save(folder) + "#stm", "no layer gives tensor 'stm'; no tensor near its end");
    }

    @Test
    void twoCandidatesAreNotChosenFrom() throws Exception {
        String x = net.conv("stem", "in", 3, 6, 1, 1);
        String p = net.node("p", "GlobalAveragePool", x);
        net.node("out", "Add", p, net.node("q", "GlobalMaxPool", x));
        assertRefused(net.save(folder).toString(), "two candidates");
    }

    @Test
    void theInputMustBeOneImage() throws Exception {
        Path file = pooled();
        net.graph.setInput(0, TestNetwork.value("in", 1, 1, SIDE, SIDE));
        assertRefused(net.save(folder).toString(), "expected a float32 image input");
        net.graph.setInput(0, TestNetwork.value("in", 1, 7));
        assertRefused(net.save(folder).toString(), "expected a float32 image input");
        net.graph.addInput(TestNetwork.value("more", 1, 7));
        assertRefused(net.save(folder).toString(), "found inputs [in, more]");
        net.graph.clearInput();
        assertRefused(net.save(folder).toString(), "found inputs []");
        assertTrue(Files.exists(file));
    }

    @Test
    void thePackageHoldsTheNetworkAndItsId() throws Exception {
        Path target = folder.resolve("target");
        PackageBackbone.write(resolve(pooled().toString()), target);
        try (OnnxBackbone backbone = OnnxBackbone.open(target.resolve("backbone.onnx"), 1)) {
            String json = Files.readString(target.resolve("backbone.json"));
            assertTrue(json.contains("\"id\" : \"" + backbone.id() + "\""), json);
            assertTrue(json.contains("\"width\" : 6"), json);
        }
    }

    @Test
    void aNetworkTooLargeForAZipIsToldWithTheContainerAsTheRemedy() {
        assertEquals(Optional.empty(), PackageBackbone.tooLarge(178_914_043), "ResNet-101");
        String problem = PackageBackbone.tooLarge(241_816_206).orElseThrow();
        assertTrue(
                problem.startsWith("has 241,816,206 bytes, expected 207,144,000 at most"), problem);
        assertTrue(problem.contains("as container images (mvn package -Dcontainer=true"), problem);
    }

    /** Few, large features that turn with the brightness, as torchvision's second weights do. */
    @Test
    void aNetworkThatTellsNearlyTheSamePicturesApartIsWarnedAbout() throws Exception {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        Backbones backbones =
                new Backbones(
                        folder.resolve("cache"),
                        Catalogue.bundled(),
                        new PrintStream(terminal, true, StandardCharsets.UTF_8));
        backbones.resolve(pooled().toString());
        assertEquals("", terminal.toString(StandardCharsets.UTF_8));
        TestNetwork wild = new TestNetwork();
        String x = wild.conv("stem", "in", 3, 24, 1, 1);
        x = wild.node("pooled", "GlobalAveragePool", x);
        wild.graph.addInitializer(
                TensorProto.newBuilder()
                        .setName("large")
                        .setDataType(TensorProto.DataType.FLOAT_VALUE)
                        .addFloatData(400));
        x = wild.node("turned", "Sin", wild.node("many", "Mul", x, "large"));
        wild.gemm("out", wild.node("flat", "Flatten", x), 24, 4);
        backbones.resolve(wild.save(folder).toString());
        String warning = terminal.toString(StandardCharsets.UTF_8);
        assertTrue(warning.contains("pictures that are nearly the same get features of"), warning);
        assertTrue(warning.contains("IMAGENET1K_V2"), warning);
    }

    @Test
    void thePackageHoldsTheNamesOfItsNetworkAndOfNoOther() throws Exception {
        Path names = folder.resolve("target").resolve("backbone.names.safetensors");
        PackageBackbone.write(resolve("graft-resnet18"), folder.resolve("target"));
        assertArrayEquals(Embedded.GRAFT_RESNET18.names().orElseThrow(), Files.readAllBytes(names));
        PackageBackbone.write(resolve("resnet10-graft"), folder.resolve("target"));
        assertFalse(Files.exists(names), "of another network");
    }

    @Test
    void aCutNetworkKeepsTheIdOfItsFirstCutAndNamesItsSource() throws Exception {
        Path file = pooled();
        Path cut = resolve(file.toString());
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(cut)).toBuilder();
        assertEquals(NetworkMetadata.CUT, last(model).getKey());
        String first = last(model).getValue();
        model.removeMetadataProps(model.getMetadataPropsCount() - 1);
        assertEquals(NetworkMetadata.SOURCE, last(model).getKey());
        assertEquals(Sha256.of(file), last(model).getValue());
        model.removeMetadataProps(model.getMetadataPropsCount() - 1);
        assertEquals(first, Sha256.of(model.build().toByteArray()), "as version 1 cut it");
        try (OnnxBackbone backbone = OnnxBackbone.open(cut, 1, PixelPath.P1)) {
            assertEquals(first + "-p1", backbone.id());
        }
    }

    @Test
    void aCutNetworkThatWasChangedIsAnotherNetwork() throws Exception {
        Path cut = resolve(pooled().toString());
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(cut));
        Path changed = folder.resolve("changed.onnx");
        Files.write(changed, model.toBuilder().setProducerName("quantizer").build().toByteArray());
        try (OnnxBackbone before = OnnxBackbone.open(cut, 1);
                OnnxBackbone after = OnnxBackbone.open(resolve(changed.toString()), 1)) {
            assertNotEquals(before.id(), after.id());
        }
    }

    private static StringStringEntryProto last(ModelProto.Builder model) {
        return model.getMetadataProps(model.getMetadataPropsCount() - 1);
    }

    private Path pooled() throws Exception {
        String x = net.node("relu", "Relu", net.conv("stem", "in", 3, 6, 1, 1));
        x = net.node("flat", "Flatten", net.node("pooled", "GlobalAveragePool", x));
        net.gemm("out", x, 6, 4);
        return net.save(folder);
    }

    private static Path beside(Path file) {
        return Path.of(file.toString().replace(".onnx", ".json"));
    }

    private void assertRefused(String backbone, String reason) {
        String message =
                assertThrows(ConfigurationException.class, () -> resolve(backbone)).getMessage();
        assertTrue(message.contains(reason), message);
    }

    private Path resolve(String backbone) {
        return new Backbones(folder.resolve("cache"), Catalogue.bundled(), System.err)
                .resolve(backbone);
    }
}
