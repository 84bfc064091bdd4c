package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import dev.graft.onnx.OnnxBackbone;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every family of networks is cut at its feature, with the values of the whole network. */
class TopologiesTest {
    private static final int SIDE = TestNetwork.SIDE;

    @TempDir Path folder;

    private final TestNetwork net = new TestNetwork();

    @Test
    void resNetOfBasicBlocks() throws Exception {
        String x = net.conv("stem", "in", 3, 8, 3, 1);
        x = net.node("stem.relu", "Relu", net.norm("stem.norm", x, 8));
        String a = net.node("a.relu", "Relu", net.norm("a.n1", net.conv("a1", x, 8, 8, 3, 1), 8));
        a = net.norm("a.n2", net.conv("a2", a, 8, 8, 3, 1), 8);
        x = net.node("a", "Relu", net.node("a.sum", "Add", a, x));
        String b = net.node("b.relu", "Relu", net.norm("b.n1", net.conv("b1", x, 8, 12, 3, 2), 12));
        b = net.norm("b.n2", net.conv("b2", b, 12, 12, 3, 1), 12);
        String shortcut = net.norm("b.n3", net.conv("b3", x, 8, 12, 1, 2), 12);
        x = net.node("b", "Relu", net.node("b.sum", "Add", b, shortcut));
        x = net.node("flat", "Flatten", net.node("pooled", "GlobalAveragePool", x));
        net.node("out", "Softmax", net.gemm("fc", x, 12, 5));
        assertCut("", "pooled", 12);
        assertCut("#logits", "fc", 5);
        assertCut("#a", "a", 8 * SIDE * SIDE);
    }

    @Test
    void resNetOfBottlenecksFirstVersion() throws Exception {
        String x = net.node("stem.relu", "Relu", net.conv("stem", "in", 3, 8, 3, 2));
        String a = net.node("a.r1", "Relu", net.norm("a.n1", net.conv("a1", x, 8, 4, 1, 2), 4));
        a = net.node("a.r2", "Relu", net.norm("a.n2", net.conv("a2", a, 4, 4, 3, 1), 4));
        a = net.norm("a.n3", net.conv("a3", a, 4, 16, 1, 1), 16);
        String shortcut = net.norm("a.n4", net.conv("a4", x, 8, 16, 1, 2), 16);
        x = net.node("a", "Relu", net.node("a.sum", "Add", a, shortcut));
        x = net.pool("pooled", "AveragePool", x, 4, 4);
        net.gemm("out", net.node("flat", "Flatten", x), 16, 5);
        assertCut("", "pooled", 16);
        assertCut("#logits", "out", 5);
    }

    @Test
    void resNetOfBottlenecksSecondVersion() throws Exception {
        String x = net.conv("stem", "in", 3, 8, 3, 1);
        String a = net.node("a.r1", "Relu", net.norm("a.n1", x, 8));
        a = net.node("a.r2", "Relu", net.norm("a.n2", net.conv("a1", a, 8, 4, 1, 1), 4));
        a = net.node("a.r3", "Relu", net.norm("a.n3", net.conv("a2", a, 4, 4, 3, 1), 4));
        x = net.node("a.sum", "Add", net.conv("a3", a, 4, 8, 1, 1), x);
        x = net.node("last", "Relu", net.norm("last.norm", x, 8));
        x = net.node("flat", "Flatten", net.node("pooled", "GlobalAveragePool", x));
        x = net.node("fc", "MatMul", x, net.weight("fc.w", 8, 5));
        net.node("out", "Add", net.weight("fc.b", 5), x);
        assertCut("", "pooled", 8);
        assertCut("#logits", "out", 5);
    }

    @Test
    void inceptionWithDropout() throws Exception {
        String x = net.node("stem.relu", "Relu", net.conv("stem", "in", 3, 6, 3, 1));
        x = net.node("lrn", "LRN", List.of(TestNetwork.number("size", 5)), x);
        String one = net.conv("one", x, 6, 4, 1, 1);
        String three = net.conv("three", net.conv("three.in", x, 6, 3, 1, 1), 3, 5, 3, 1);
        String pool = net.conv("four", net.pool("four.in", "MaxPool", x, 3, 1), 6, 2, 1, 1);
        x = net.node("joined", "Relu", net.concat("join", one, three, pool));
        x = net.pool("pooled", "AveragePool", x, SIDE, 1);
        x = net.node("flat", "Flatten", net.node("dropped", "Dropout", x));
        net.node("out", "Softmax", net.gemm("fc", x, 11, 5));
        assertCut("", "pooled", 11);
        assertCut("#logits", "fc", 5);
    }

    @Test
    void vggWithThreeLinearLayers() throws Exception {
        String x = net.node("r1", "Relu", net.conv("c1", "in", 3, 4, 3, 1));
        x = net.node("r2", "Relu", net.conv("c2", x, 4, 4, 3, 1));
        x = net.node("flat", "Flatten", net.pool("p1", "MaxPool", x, 2, 2));
        x = net.node("r3", "Relu", net.gemm("fc6", x, SIDE * SIDE, 9));
        x = net.node("r4", "Relu", net.gemm("fc7", net.node("d3", "Dropout", x), 9, 7));
        net.gemm("out", net.node("d4", "Dropout", x), 7, 5);
        assertCut("", "r4", 7);
        assertCut("#logits", "out", 5);
    }

    @Test
    void depthwiseWithSqueezeAndExcitation() throws Exception {
        String x = net.conv("stem", "in", 3, 8, 3, 2);
        x = net.node("stem.swish", "Mul", x, net.node("stem.gate", "Sigmoid", x));
        x = net.norm("d.norm", net.depthwise("d", x, 8, 1), 8);
        String gate = net.conv("se1", net.node("se.pool", "GlobalAveragePool", x), 8, 2, 1, 1);
        gate = net.conv("se2", net.node("se.relu", "Relu", gate), 2, 8, 1, 1);
        x = net.node("se", "Mul", x, net.node("se.gate", "Sigmoid", gate));
        x = net.conv("project", x, 8, 10, 1, 1);
        x = net.node("head", "HardSwish", x);
        x = net.node("pooled", "ReduceMean", List.of(TestNetwork.ints("axes", 2, 3)), x);
        net.gemm("fc", net.node("flat", "Flatten", x), 10, 5);
        net.node("out", "Identity", "fc");
        assertCut("", "pooled", 10);
        assertCut("#logits", "out", 5);
    }

    @Test
    void aConvolutionAfterPoolingIsALinearLayer() throws Exception {
        String x = net.node("relu", "Relu", net.conv("stem", "in", 3, 6, 1, 1));
        x = net.node("pooled", "GlobalAveragePool", x);
        net.node("out", "Flatten", net.conv("fc", x, 6, 4, 1, 1));
        assertCut("", "pooled", 6);
    }

    @Test
    void aConvolutionAsTheLastLayerMayFollowAnother() throws Exception {
        String x = net.node("relu", "Relu", net.conv("stem", "in", 3, 6, 1, 1));
        x = net.node("pooled", "GlobalAveragePool", x);
        x = net.node("wider", "Relu", net.conv("head", x, 6, 9, 1, 1));
        net.node("out", "Flatten", net.conv("fc", x, 9, 4, 1, 1));
        assertCut("", "wider", 9);
        assertCut("#logits", "out", 4);
    }

    /** fb.resnet.torch's ResNet-200, of four channels: 3, 24, 36 and 3 bottlenecks. */
    @Test
    void resNet200() throws Exception {
        String x = net.node("stem.relu", "Relu", net.conv("stem", "in", 3, 4, 3, 1));
        int[] blocks = {3, 24, 36, 3};
        int layers = 2;
        for (int stage = 0; stage < blocks.length; stage++) {
            for (int block = 0; block < blocks[stage]; block++) {
                String name = "s" + stage + "b" + block;
                int stride = block == 0 && stage > 0 ? 2 : 1;
                String y = net.node(name + ".r1", "Relu", net.conv(name + ".1", x, 4, 2, 1, 1));
                y = net.node(name + ".r2", "Relu", net.conv(name + ".2", y, 2, 2, 3, stride));
                y = net.conv(name + ".3", y, 2, 4, 1, 1);
                x = stride == 1 ? x : net.conv(name + ".s", x, 4, 4, 1, 2);
                x = net.node(name, "Relu", net.node(name + ".sum", "Add", y, x));
                layers += 3;
            }
        }
        assertEquals(200, layers);
        x = net.node("flat", "Flatten", net.node("pooled", "GlobalAveragePool", x));
        net.node("out", "Softmax", net.gemm("fc", x, 4, 5));
        assertCut("", "pooled", 4);
        assertCut("#logits", "fc", 5);
    }

    private void assertCut(String which, String tensor, int width) throws Exception {
        float[] pixels = TestNetwork.values(3 * SIDE * SIDE, 5);
        Path file = net.save(folder);
        Backbones backbones =
                new Backbones(folder.resolve("cache"), Catalogue.bundled(), System.err);
        Path cut = backbones.resolve(file + which);
        try (OnnxBackbone backbone = OnnxBackbone.open(cut, 1)) {
            assertEquals(width, backbone.width());
            assertEquals(SIDE, backbone.preprocessing().crop());
            assertArrayEquals(whole(tensor, pixels), backbone.feature(pixels));
            assertThrows(IllegalArgumentException.class, () -> backbone.feature(new float[1]));
        }
        var left = ModelProto.parseFrom(Files.readAllBytes(cut)).getGraph();
        boolean classes =
                which.isEmpty()
                        && left.getInitializerList().stream()
                                .anyMatch(
                                        weight ->
                                                weight.getName().startsWith("fc.")
                                                        || weight.getName().startsWith("out."));
        assertTrue(!classes, "the weights of the last layer are dropped");
    }

    private float[] whole(String tensor, float[] pixels) throws Exception {
        try (OnnxTensor image =
                OnnxTensor.createTensor(
                        OrtEnvironment.getEnvironment(),
                        FloatBuffer.wrap(pixels),
                        new long[] {1, 3, SIDE, SIDE})) {
            return net.run(tensor, image);
        }
    }
}
