package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;

/**
 * Small networks with seeded weights, shaped as Hugging Face Optimum exports them: every axis of
 * the input symbolic, shapes computed inside the graph. An image is 16 x 16, a token 4 x 4.
 */
public final class TestEncoders {
    /** Side of the image that their position embedding is made for. */
    public static final int SIDE = TestNetwork.SIDE;

    static final int WIDTH = 8;
    private static final int PATCH = 4;
    private static final int PATCHES = (SIDE / PATCH) * (SIDE / PATCH);

    private TestEncoders() {}

    /** A vision transformer, as AutoModel: {@code last_hidden_state} and {@code pooler_output}. */
    public static byte[] vit() {
        return vitNetwork().bytes();
    }

    static TestNetwork vitNetwork() {
        TestNetwork net = symbolic("last_hidden_state", "pooler_output");
        encoder(net, true, "last_hidden_state");
        String first = first(net, "last_hidden_state", "pooler.token");
        net.node("pooler_output", "Tanh", net.gemm("pooler", first, WIDTH, WIDTH));
        return net;
    }

    /** CLIP's image encoder: {@code image_embeds}, a projection, and {@code last_hidden_state}. */
    public static byte[] clip() {
        return clipNetwork().bytes();
    }

    static TestNetwork clipNetwork() {
        TestNetwork net = symbolic("image_embeds", "last_hidden_state");
        encoder(net, true, "last_hidden_state");
        String first = first(net, "last_hidden_state", "token");
        String normed = norm(net, "post", first);
        net.node("image_embeds", "MatMul", normed, net.weight("projection", WIDTH, 6));
        return net;
    }

    /** SigLIP's: no class token, and a query that looks at all tokens. */
    static TestNetwork siglipNetwork() {
        TestNetwork net = symbolic("last_hidden_state", "pooler_output");
        encoder(net, false, "last_hidden_state");
        String query = net.weight("query", 1, 1, WIDTH);
        String seen = attention(net, "head", query, "last_hidden_state");
        String mlp = net.node("mlp.in", "MatMul", seen, net.weight("mlp.in.w", WIDTH, WIDTH));
        mlp = net.node("mlp.out", "MatMul", mlp, net.weight("mlp.out.w", WIDTH, WIDTH));
        first(net, net.node("head.sum", "Add", seen, mlp), "pooler_output");
        return net;
    }

    /** A ResNet that classifies. */
    public static byte[] resNet() {
        return resNetNetwork().bytes();
    }

    static TestNetwork resNetNetwork() {
        TestNetwork net = symbolic("logits");
        String x = net.node("stem.relu", "Relu", net.conv("stem", "in", 3, WIDTH, 3, 2));
        String y = net.node("a.relu", "Relu", net.conv("a1", x, WIDTH, WIDTH, 3, 1));
        y = net.conv("a2", y, WIDTH, WIDTH, 3, 1);
        x = net.node("a", "Relu", net.node("a.sum", "Add", y, x));
        x = net.node("pooled", "GlobalAveragePool", x);
        String batch = batch(net, x);
        String shape = net.node("flat.shape", "Concat", axis(0), batch, net.whole("rest", -1));
        net.gemm("logits", net.node("flat", "Reshape", x, shape), WIDTH, 5);
        return net;
    }

    static TestNetwork symbolic(String... outputs) {
        TestNetwork net = new TestNetwork();
        net.opset = 17;
        net.graph.setInput(
                0, TestNetwork.symbolic("in", "batch_size", "num_channels", "height", "width"));
        net.graph.clearOutput();
        for (String output : outputs) {
            net.graph.addOutput(ValueInfoProto.newBuilder().setName(output));
        }
        return net;
    }

    /** One block between an embedding and a norm. */
    static void encoder(TestNetwork net, boolean hasClassToken, String output) {
        String kernel = net.weight("patch.w", WIDTH, 3, PATCH, PATCH);
        String x =
                net.node(
                        "patch",
                        "Conv",
                        List.of(TestNetwork.ints("strides", PATCH, PATCH)),
                        "in",
                        kernel);
        x = net.node("columns", "Reshape", x, net.whole("columns.shape", 0, 0, -1));
        x = net.node("tokens", "Transpose", List.of(TestNetwork.ints("perm", 0, 2, 1)), x);
        if (hasClassToken) {
            String shape =
                    net.node(
                            "cls.shape",
                            "Concat",
                            axis(0),
                            batch(net, "in"),
                            net.whole("cls.rest", 1, WIDTH));
            String token = net.node("cls.token", "Expand", net.weight("cls.w", 1, 1, WIDTH), shape);
            x = net.node("all", "Concat", axis(1), token, x);
        }
        int count = PATCHES + (hasClassToken ? 1 : 0);
        x = net.node("placed", "Add", x, net.weight("position", 1, count, WIDTH));
        x = net.node("block", "Add", attention(net, "self", x, norm(net, "before", x)), x);
        norm(net, output, x);
    }

    private static String attention(TestNetwork net, String name, String asking, String asked) {
        String q = net.node(name + ".q", "MatMul", asking, net.weight(name + ".q.w", WIDTH, WIDTH));
        String k = net.node(name + ".k", "MatMul", asked, net.weight(name + ".k.w", WIDTH, WIDTH));
        String v = net.node(name + ".v", "MatMul", asked, net.weight(name + ".v.w", WIDTH, WIDTH));
        k = net.node(name + ".kt", "Transpose", List.of(TestNetwork.ints("perm", 0, 2, 1)), k);
        String scores = net.node(name + ".scores", "MatMul", q, k);
        scores =
                net.node(
                        name + ".soft", "Softmax", List.of(TestNetwork.number("axis", -1)), scores);
        return net.node(name, "MatMul", scores, v);
    }

    private static String norm(TestNetwork net, String name, String input) {
        return net.node(
                name,
                "LayerNormalization",
                input,
                net.weight(name + ".scale", WIDTH),
                net.weight(name + ".bias", WIDTH));
    }

    private static String first(TestNetwork net, String tokens, String name) {
        String zero = net.whole(name + ".zero", 0);
        String token = net.node(name + ".kept", "Gather", axis(1), tokens, zero);
        return net.node(name, "Squeeze", token, net.whole(name + ".axis", 1));
    }

    /** The number of images, as the graph itself computes it. */
    private static String batch(TestNetwork net, String of) {
        String shape = net.node(of + ".shape", "Shape", of);
        return net.node(of + ".batch", "Gather", shape, net.whole(of + ".zero", 0));
    }

    static List<AttributeProto> axis(long axis) {
        return List.of(TestNetwork.number("axis", axis));
    }
}
