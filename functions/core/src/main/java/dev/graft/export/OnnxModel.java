package dev.graft.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.image.NetworkMetadata;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Backbone and head as one ONNX file. Input {@code image}, as the backbone takes it (metadata
 * {@code graft.*}); first output {@code probabilities}, (n, classes), in the order of the metadata
 * {@code graft.classes}, a JSON array; second output {@code feature}.
 *
 * <p>Format: onnx/onnx, onnx/onnx.proto. Two serialized messages one after the other are their
 * merge (Protocol Buffers, "Encoding", last one wins), so the head is written around the bytes of
 * the backbone, which are not read at all.
 */
public final class OnnxModel {
    private static final int FLOAT = 1;
    private static final int FLOAT16 = 10;

    private OnnxModel() {}

    /**
     * Joins the two.
     *
     * @param backbone a cut network with the output {@code feature}, (n, width)
     */
    public static byte[] of(byte[] backbone, Head head) {
        Head.Parameters numbers = head.parameters();
        float[] weights = numbers.weights();
        float[] bias = numbers.bias();
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (weights[i] / numbers.temperature());
        }
        for (int i = 0; i < bias.length; i++) {
            bias[i] = (float) (bias[i] / numbers.temperature());
        }
        int classes = bias.length;
        int width = head.width();
        // stored features are rounded to float16, so the file rounds too
        Message graph =
                new Message()
                        .put(1, node("Cast", "graft/half", "feature").put(5, number("to", FLOAT16)))
                        .put(1, node("Cast", "graft/z", "graft/half").put(5, number("to", FLOAT)))
                        .put(1, node("Sub", "graft/centred", "graft/z", "graft/mean"))
                        .put(1, node("Div", "graft/scaled", "graft/centred", "graft/scale"))
                        .put(
                                1,
                                node(
                                                "Gemm",
                                                "graft/scores",
                                                "graft/scaled",
                                                "graft/weights",
                                                "graft/bias")
                                        .put(5, number("transB", 1)))
                        .put(1, activation(numbers.activation()))
                        .put(5, tensor("graft/mean", numbers.mean(), width))
                        .put(5, tensor("graft/scale", numbers.scale(), width))
                        .put(5, tensor("graft/weights", weights, classes, width))
                        .put(5, tensor("graft/bias", bias, classes));
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        head.classes().forEach(names::add);
        ByteArrayOutputStream file =
                new ByteArrayOutputStream(backbone.length + 4 * weights.length);
        file.writeBytes(new Message().put(7, new Message().put(12, output(classes))).bytes());
        file.writeBytes(backbone);
        file.writeBytes(
                new Message()
                        .put(7, graph)
                        .put(14, text(NetworkMetadata.CLASSES, names.toString()))
                        .put(14, text(NetworkMetadata.HEAD, head.version()))
                        .bytes());
        return file.toByteArray();
    }

    private static Message activation(Activation activation) {
        return switch (activation) {
            case SOFTMAX ->
                    node("Softmax", "probabilities", "graft/scores").put(5, number("axis", 1));
            case SIGMOID -> node("Sigmoid", "probabilities", "graft/scores");
        };
    }

    private static Message output(int classes) {
        Message shape =
                new Message()
                        .put(1, new Message().put(2, "n"))
                        .put(1, new Message().put(1, classes));
        Message type = new Message().put(1, new Message().put(1, FLOAT).put(2, shape));
        return new Message().put(1, "probabilities").put(2, type);
    }

    private static Message node(String type, String output, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.put(1, input);
        }
        return node.put(2, output).put(3, output).put(4, type);
    }

    private static Message number(String name, long value) {
        return new Message().put(1, name).put(3, value).put(20, 2);
    }

    private static Message tensor(String name, float[] values, int... shape) {
        Message tensor = new Message();
        for (int side : shape) {
            tensor.put(1, side);
        }
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return tensor.put(2, FLOAT).put(8, name).put(9, raw.array());
    }

    private static Message text(String key, String value) {
        return new Message().put(1, key).put(2, value);
    }

    /** A message of Protocol Buffers in the making. */
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message put(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message put(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        Message put(int field, String value) {
            return put(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message put(int field, Message value) {
            return put(field, value.bytes());
        }

        private void varint(long value) {
            long rest = value;
            while (rest > 0x7f) {
                bytes.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
