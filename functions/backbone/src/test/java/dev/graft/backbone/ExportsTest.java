package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import dev.graft.feature.ConfigurationException;
import dev.graft.image.Preprocessing.Layout;
import dev.graft.onnx.OnnxBackbone;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Networks as Hugging Face Optimum, transformers and torch write them: axes without numbers,
 * several outputs, encoders without a linear layer at the end. Each feature is held against ONNX
 * Runtime on the whole network.
 */
class ExportsTest {
    private static final int SIDE = TestEncoders.SIDE;
    private static final int WIDTH = TestEncoders.WIDTH;
    private static final float[] PIXELS = TestNetwork.values(3 * SIDE * SIDE, 5);

    @TempDir private Path folder;

    @Test
    void axesWithoutNumbersTakeTheUsualSide() throws Exception {
        Path file = TestEncoders.resNetNetwork().save(folder);
        try (OnnxBackbone backbone = open(file.toString())) {
            assertEquals(224, backbone.preprocessing().crop());
            assertEquals(256, backbone.preprocessing().resize());
            assertEquals(Layout.NCHW, backbone.preprocessing().layout());
        }
    }

    @Test
    void axesWithoutNumbersTakeTheSideThatTheFileBesideSays() throws Exception {
        assertSame(TestEncoders.resNetNetwork(), "", "pooled");
    }

    @ParameterizedTest
    @CsvSource({"num_channels,''", "c,'\"layout\": \"NHWC\", '"})
    void channelsCanBeLast(String axis, String layout) throws Exception {
        TestNetwork net = TestEncoders.resNetNetwork();
        net.graph.setInput(0, TestNetwork.symbolic("in", "n", "h", "w", axis));
        String planar =
                net.node(
                        "planar", "Transpose", List.of(TestNetwork.ints("perm", 0, 3, 1, 2)), "in");
        net.graph.getNodeBuilder(0).setInput(0, planar);
        var last = net.graph.getNode(net.graph.getNodeCount() - 1);
        net.graph.removeNode(net.graph.getNodeCount() - 1).addNode(0, last);
        Path file = net.save(folder);
        Files.writeString(
                beside(file),
                "{%s\"resize\": \"%d\", \"crop\": \"%d\"}".formatted(layout, SIDE, SIDE));
        try (OnnxBackbone backbone = open(file.toString())) {
            assertEquals(Layout.NHWC, backbone.preprocessing().layout());
            assertArrayEquals(
                    net.run("pooled", image(1, SIDE, SIDE, 3)), backbone.feature(PIXELS), 2e-6f);
        }
    }

    @Test
    void aNetworkForAnotherSizeSaysWhereToSayIt() throws Exception {
        Path file = TestEncoders.vitNetwork().save(folder);
        String problem = refused(file.toString());
        assertTrue(problem.contains("cannot be run on an image of 224 x 224 pixels"), problem);
        assertTrue(problem.contains("say so in " + beside(file)), problem);
    }

    @Test
    void thePooledOutputIsTaken() throws Exception {
        assertSame(TestEncoders.vitNetwork(), "", "pooler_output");
        assertSame(TestEncoders.clipNetwork(), "", "image_embeds");
        assertSame(TestEncoders.siglipNetwork(), "", "pooler_output");
    }

    @Test
    void anEncoderWithNothingButItsPooledOutputHasNoLinearLayer() throws Exception {
        TestNetwork net = TestEncoders.vitNetwork();
        net.graph.removeOutput(0);
        assertSame(net, "", "pooler_output");
        net = TestEncoders.symbolic("out");
        TestEncoders.encoder(net, true, "hidden");
        String first = net.node("cls", "Gather", TestEncoders.axis(1), "hidden", net.whole("z", 0));
        net.node("out", "Flatten", first);
        assertSame(net, "#hidden", "hidden");
        assertSame(net, "#cls", "cls");
    }

    @Test
    void anyOutputAndAnyTensorCanBeNamed() throws Exception {
        assertSame(TestEncoders.clipNetwork(), "#post", "post");
        assertSame(TestEncoders.vitNetwork(), "#last_hidden_state", "last_hidden_state");
    }

    @Test
    void scoresAndTheFeatureBesideThemAreToldApart() throws Exception {
        TestNetwork net = TestEncoders.resNetNetwork();
        net.graph.addOutput(output("flat"));
        assertSame(net, "", "pooled");
        assertSame(net, "#flat", "flat");
        assertSame(net, "#logits", "logits");
        net = TestEncoders.resNetNetwork();
        net.node("features", "Identity", "flat");
        net.graph.addOutput(output("features"));
        assertSame(net, "", "features");
    }

    @Test
    void severalCandidatesAreListedAsTheyAreToBeWritten() throws Exception {
        TestNetwork net = TestEncoders.resNetNetwork();
        net.gemm("other", net.gemm("hidden", "flat", WIDTH, 7), 7, 6);
        net.graph.addOutput(output("other"));
        Path file = save(net);
        String problem = refused(file.toString());
        assertTrue(problem.contains("its outputs [logits, other] have several"), problem);
        for (String option : new String[] {"#logits (n, 5)", "#other (n, 6)", "#hidden (n, 7)"}) {
            assertTrue(problem.contains("-Dbackbone=" + file + option), option + " in " + problem);
        }
    }

    @Test
    void tokensWithoutAPooledOutputAreListedWithWhatCanBeMadeOfThem() throws Exception {
        TestNetwork net = TestEncoders.vitNetwork();
        net.graph.removeOutput(1);
        Path file = save(net);
        String problem = refused(file.toString());
        assertTrue(problem.contains("-Dbackbone=" + file + "#cls (n, 8)"), problem);
        assertTrue(problem.contains("-Dbackbone=" + file + "#mean (n, 8)"), problem);
        assertTrue(problem.contains("-Dbackbone=" + file + "#cls+mean (n, 16)"), problem);
        problem = refused(file + "#nothing");
        assertTrue(problem.contains("no layer gives tensor 'nothing'"), problem);
        assertTrue(problem.contains("-Dbackbone=" + file + "#cls+mean (n, 16)"), problem);
    }

    @Test
    void theClassTokenTheMeanOfTheOthersOrBoth() throws Exception {
        TestNetwork net = TestEncoders.vitNetwork();
        float[] tokens = net.run("last_hidden_state", image(1, 3, SIDE, SIDE));
        assertEquals(17 * WIDTH, tokens.length);
        float[] both = new float[2 * WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            double sum = 0;
            for (int token = 1; token < 17; token++) {
                sum += tokens[token * WIDTH + i];
            }
            both[i] = tokens[i];
            both[WIDTH + i] = (float) (sum / 16);
        }
        String file = save(net).toString();
        try (OnnxBackbone cls = open(file + "#cls");
                OnnxBackbone mean = open(file + "#mean");
                OnnxBackbone joined = open(file + "#cls+mean")) {
            assertArrayEquals(Arrays.copyOf(both, WIDTH), cls.feature(PIXELS), 1e-6f);
            assertArrayEquals(
                    Arrays.copyOfRange(both, WIDTH, 2 * WIDTH), mean.feature(PIXELS), 1e-6f);
            assertArrayEquals(both, joined.feature(PIXELS), 1e-6f);
            assertEquals(3, Set.of(cls.id(), mean.id(), joined.id()).size());
        }
    }

    @Test
    void whereNoTokenIsOfTheClassTheMeanIsThatOfAll() throws Exception {
        TestNetwork net = TestEncoders.siglipNetwork();
        float[] tokens = net.run("last_hidden_state", image(1, 3, SIDE, SIDE));
        float[] mean = new float[WIDTH];
        for (int i = 0; i < tokens.length; i++) {
            mean[i % WIDTH] += tokens[i] / 16;
        }
        String file = save(net).toString();
        try (OnnxBackbone backbone = open(file + "#mean")) {
            assertArrayEquals(mean, backbone.feature(PIXELS), 1e-5f);
        }
        assertTrue(refused(file + "#cls").contains("has no class token, its 16 tokens"));
        assertTrue(refused(file + "#cls").contains("#mean (n, 8)"));
    }

    /** A model of images and texts: what depends on the image alone can be its feature. */
    @Test
    void anotherInputIsLeftOutWhereTheFeatureDoesNotDependOnIt() throws Exception {
        TestNetwork net = TestEncoders.clipNetwork();
        float[] expected = net.run("image_embeds", image(1, 3, SIDE, SIDE));
        net.graph.addInput(TestNetwork.symbolic("input_ids", "batch_size", "length"));
        net.node("text_embeds", "MatMul", "input_ids", net.weight("text", 5, 6));
        net.graph.addOutput(output("text_embeds"));
        String file = save(net).toString();
        try (OnnxBackbone backbone = open(file)) {
            assertArrayEquals(expected, backbone.feature(PIXELS), 2e-6f);
        }
        String problem = refused(file + "#text_embeds");
        assertTrue(problem.contains("expected one that depends on the image in alone"), problem);
    }

    /** The inputs of the folder of cases, which came from elsewhere. */
    @Test
    void theCasesAreAccepted() {
        assumeTrue(System.getProperty("cases") != null, "no folder of cases");
        Path cases = Path.of(System.getProperty("cases"));
        Map<String, Integer> widths =
                Map.of(
                        "hf-symbolic.onnx", 32,
                        "cnn-feat2.onnx", 32,
                        "cnn-feat2.onnx#logits", 10,
                        "cnn-feat2.onnx#features", 32);
        widths.forEach(
                (name, width) -> {
                    try (OnnxBackbone backbone = open(cases.resolve(name).toString())) {
                        assertEquals(width, backbone.width(), name);
                    }
                });
    }

    private void assertSame(TestNetwork net, String option, String tensor) throws Exception {
        float[] expected = net.run(tensor, image(1, 3, SIDE, SIDE));
        try (OnnxBackbone backbone = open(save(net) + option)) {
            assertEquals(SIDE, backbone.preprocessing().crop());
            assertArrayEquals(expected, backbone.feature(PIXELS), 2e-6f);
        }
    }

    private static ValueInfoProto output(String name) {
        return ValueInfoProto.newBuilder().setName(name).build();
    }

    private static OnnxTensor image(long... shape) throws Exception {
        return OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), FloatBuffer.wrap(PIXELS), shape);
    }

    private Path save(TestNetwork net) throws Exception {
        Path file = net.save(folder);
        Files.writeString(
                beside(file), "{\"resize\": \"%d\", \"crop\": \"%d\"}".formatted(SIDE, SIDE));
        return file;
    }

    private static Path beside(Path file) {
        return Path.of(file.toString().replace(".onnx", ".json"));
    }

    private String refused(String backbone) {
        return assertThrows(ConfigurationException.class, () -> open(backbone)).getMessage();
    }

    private OnnxBackbone open(String backbone) {
        Path cut =
                new Backbones(folder.resolve("cache"), Catalogue.bundled(), System.err)
                        .resolve(backbone);
        return OnnxBackbone.open(cut, 1);
    }
}
