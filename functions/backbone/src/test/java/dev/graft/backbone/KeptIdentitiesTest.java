package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.graft.image.PixelPath;
import dev.graft.onnx.OnnxBackbone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The identity of a network names the features that are stored, so it outlasts every change of the
 * code that cuts networks. Recorded on 2026-11-28; a new line may be added, none may change.
 */
class KeptIdentitiesTest {
    private static final Map<String, String> RECORDED =
            Map.ofEntries(
                    Map.entry("default", "d2f027275af26ee8 a6623dc4d2ca7be7"),
                    Map.entry("resnet10-graft", "fdcc4fa16dc07e1b 4dac53c5d1bed8a8"),
                    Map.entry("residual", "7418e4f655de88c8 6e8257679349c585"),
                    Map.entry("residual#logits", "5a80cb1dc658d670 aca54c573112d99d"),
                    Map.entry("residual#relu", "66078589241536ad 21ce68235c9d746b"),
                    Map.entry("with FILE.json", "7bc5b21c1a71e7a4 603316ae2a8d5292"),
                    Map.entry("scaled", "c4d3b33922918d61 29a04bf0c9387e0a"),
                    Map.entry("interleaved", "361ad986094dce84 075293d3f8cbc100"));

    @TempDir private Path folder;

    @Test
    void everyNetworkKeepsTheIdentityItHad() throws Exception {
        Map<String, String> found = new TreeMap<>();
        found.put("default", ids(""));
        found.put("resnet10-graft", ids("resnet10-graft"));
        String file = Files.write(folder.resolve("residual.onnx"), residual(false)).toString();
        for (String suffix : List.of("", "#logits", "#relu")) {
            found.put("residual" + suffix, ids(file + suffix));
        }
        Files.writeString(
                folder.resolve("residual.json"),
                """
                {"resize": "20", "crop": "16", "mean": "1,2,3", "deviation": "1,1,2", "scale": "1",
                 "channels": "BGR", "layout": "NCHW"}
                """);
        found.put("with FILE.json", ids(file));
        Path scaled = Files.write(folder.resolve("scaled.onnx"), residual(true));
        found.put("scaled", ids(scaled.toString()));
        Path last = Files.write(folder.resolve("interleaved.onnx"), interleaved());
        found.put("interleaved", ids(last.toString()));
        assertEquals(new TreeMap<>(RECORDED), found);
    }

    /** Of pixel paths 1 and 2, shortened. */
    private String ids(String backbone) {
        Path cut =
                new Backbones(folder.resolve("cache"), Catalogue.bundled(), System.err)
                        .resolve(backbone);
        try (OnnxBackbone first = OnnxBackbone.open(cut, 1, PixelPath.P1);
                OnnxBackbone second = OnnxBackbone.open(cut, 1, PixelPath.P2)) {
            return first.id().substring(0, 16) + " " + second.id().substring(0, 16);
        }
    }

    private static byte[] residual(boolean isScaled) {
        TestNetwork net = new TestNetwork();
        String x = isScaled ? net.node("bytes", "Mul", "in", small(net)) : "in";
        x = net.conv("stem", x, 3, 8, 3, 1);
        String branch = net.node("relu", "Relu", net.norm("norm", net.conv("c", x, 8, 8, 3, 1), 8));
        x = net.node("sum", "Add", branch, x);
        x = net.node("flat", "Flatten", net.node("pooled", "GlobalAveragePool", x));
        x = net.node("fc", "MatMul", x, net.weight("fc.w", 8, 5));
        net.node("out", "Softmax", net.node("scores", "Add", net.weight("fc.b", 5), x));
        return net.bytes();
    }

    private static String small(TestNetwork net) {
        net.graph.addInitializer(
                TensorProto.newBuilder()
                        .setName("small")
                        .setDataType(TensorProto.DataType.FLOAT_VALUE)
                        .addFloatData(1 / 255f));
        return "small";
    }

    private static byte[] interleaved() {
        TestNetwork net = new TestNetwork();
        int side = TestNetwork.SIDE;
        net.graph.setInput(0, TestNetwork.value("in", 1, side, side, 3));
        String x =
                net.node(
                        "planar", "Transpose", List.of(TestNetwork.ints("perm", 0, 3, 1, 2)), "in");
        x = net.conv("stem", x, 3, 8, 3, 1);
        x = net.node("pooled", "ReduceMean", List.of(TestNetwork.ints("axes", 2, 3)), x);
        net.gemm("out", net.node("flat", "Flatten", x), 8, 5);
        return net.bytes();
    }
}
