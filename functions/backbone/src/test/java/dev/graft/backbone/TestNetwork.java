package dev.graft.backbone;

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
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Builds ONNX networks layer by layer. Every layer returns the name of its output, which is the
 * name it was given; weights are seeded by theirs.
 */
public final class TestNetwork {
    static final int SIDE = 16;

    int opset = 14;
    final List<OperatorSetIdProto> more = new ArrayList<>();
    final GraphProto.Builder graph = GraphProto.newBuilder().setName("network");

    /** With input {@code in}, (1, 3, SIDE, SIDE), and output {@code out}. */
    TestNetwork() {
        graph.addInput(value("in", 1, 3, SIDE, SIDE));
        graph.addOutput(ValueInfoProto.newBuilder().setName("out"));
    }

    String node(String name, String type, String... inputs) {
        return node(name, type, List.of(), inputs);
    }

    String node(String name, String type, List<AttributeProto> attributes, String... inputs) {
        graph.addNode(
                NodeProto.newBuilder()
                        .setOpType(type)
                        .setName(name)
                        .addAllInput(List.of(inputs))
                        .addOutput(name)
                        .addAllAttribute(attributes));
        return name;
    }

    /**
     * 3 x 3, or 1 x 1, keeping the side divided by the stride.
     *
     * @param shape channels in, channels out, side of the kernel, stride
     */
    String conv(String name, String input, int... shape) {
        return grouped(name, input, shape, 1);
    }

    /** Each channel on its own, 3 x 3. */
    String depthwise(String name, String input, int channels, int stride) {
        return grouped(name, input, new int[] {channels, channels, 3, stride}, channels);
    }

    private String grouped(String name, String input, int[] shape, int groups) {
        int kernel = shape[2];
        int pad = kernel / 2;
        return node(
                name,
                "Conv",
                List.of(
                        ints("kernel_shape", kernel, kernel),
                        ints("strides", shape[3], shape[3]),
                        ints("pads", pad, pad, pad, pad),
                        number("group", groups)),
                input,
                weight(name + ".w", shape[1], shape[0] / groups, kernel, kernel));
    }

    /** Batch norm of an inference graph. */
    String norm(String name, String input, int channels) {
        return node(
                name,
                "BatchNormalization",
                input,
                weight(name + ".scale", channels),
                weight(name + ".b", channels),
                weight(name + ".mean", channels),
                positive(name + ".variance", channels));
    }

    String pool(String name, String type, String input, int kernel, int stride) {
        int pad = kernel == 3 ? 1 : 0;
        return node(
                name,
                type,
                List.of(
                        ints("kernel_shape", kernel, kernel),
                        ints("strides", stride, stride),
                        ints("pads", pad, pad, pad, pad)),
                input);
    }

    String concat(String name, String... inputs) {
        return node(name, "Concat", List.of(number("axis", 1)), inputs);
    }

    /** Linear layer with a bias, its weights stored (to, from). */
    String gemm(String name, String input, int from, int to) {
        return node(
                name,
                "Gemm",
                List.of(number("transB", 1)),
                input,
                weight(name + ".w", to, from),
                weight(name + ".b", to));
    }

    String weight(String name, long... shape) {
        return weight(name, 0, shape);
    }

    private String positive(String name, long... shape) {
        return weight(name, 3, shape);
    }

    private String weight(String name, float offset, long... shape) {
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
            tensor.addFloatData(offset + 0.4f * Math.clamp(value, -3, 3));
        }
        graph.addInitializer(tensor);
        return name;
    }

    /** A stored tensor of whole numbers. */
    String whole(String name, long... values) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(TensorProto.DataType.INT64_VALUE)
                        .addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        graph.addInitializer(tensor);
        return name;
    }

    byte[] bytes() {
        return bytes(graph);
    }

    /** With {@code tensor} as one more output. */
    byte[] bytesWithOutput(String tensor) {
        return bytes(graph.clone().addOutput(ValueInfoProto.newBuilder().setName(tensor)));
    }

    /** What ONNX Runtime makes of the whole network, up to this tensor. */
    float[] run(String tensor, OnnxTensor image) throws OrtException {
        boolean isOutput =
                graph.getOutputList().stream().anyMatch(output -> output.getName().equals(tensor));
        try (OrtSession session =
                        OrtEnvironment.getEnvironment()
                                .createSession(isOutput ? bytes() : bytesWithOutput(tensor));
                OrtSession.Result result =
                        session.run(Map.of(graph.getInput(0).getName(), image), Set.of(tensor))) {
            FloatBuffer buffer = ((OnnxTensor) result.get(tensor).orElseThrow()).getFloatBuffer();
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            return values;
        }
    }

    Path save(Path folder) throws IOException {
        return Files.write(Files.createTempFile(folder, "network", ".onnx"), bytes());
    }

    ModelProto model() {
        return model(graph);
    }

    private byte[] bytes(GraphProto.Builder graph) {
        return model(graph).toByteArray();
    }

    private ModelProto model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(opset < 15 ? 7 : 8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .addAllOpsetImport(more)
                .setGraph(graph)
                .build();
    }

    static ValueInfoProto value(String name, long... shape) {
        TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
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

    /** An input of an image of any size, its axes named. */
    static ValueInfoProto symbolic(String name, String... axes) {
        TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
        for (String axis : axes) {
            dims.addDim(Dimension.newBuilder().setDimParam(axis));
        }
        ValueInfoProto.Builder value = value(name).toBuilder();
        value.getTypeBuilder().getTensorTypeBuilder().setShape(dims);
        return value.build();
    }

    static float[] values(int count, int seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder()
                        .setName(name)
                        .setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    static AttributeProto number(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }
}
