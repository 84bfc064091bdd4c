package dev.graft.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tensor that a network takes the mean of for its feature, by the names in its file, which is
 * read as Protocol Buffers write it (onnx/onnx, onnx/onnx.proto): a function has no room for their
 * library.
 */
final class PooledTensor {
    private static final Set<String> SAME_VALUES =
            Set.of(
                    "Flatten",
                    "Reshape",
                    "Squeeze",
                    "Identity",
                    "Dropout",
                    "Cast",
                    "QuantizeLinear",
                    "DequantizeLinear");
    private static final Set<String> MEAN = Set.of("GlobalAveragePool", "ReduceMean");

    // fields of onnx.proto
    private static final int GRAPH = 7;
    private static final int NODE = 1;
    private static final int OUTPUT = 12;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_TYPE = 4;
    private static final int VALUE_NAME = 1;

    private static final int BYTES = 2;

    private PooledTensor() {}

    private record Node(String type, List<String> inputs) {}

    private interface Field {
        void take(int number, ByteBuffer value);
    }

    /** Its name; empty if the feature is no mean. */
    static Optional<String> of(byte[] network) {
        Map<String, Node> byOutput = new HashMap<>();
        fields(
                ByteBuffer.wrap(network),
                (number, graph) -> {
                    if (number == GRAPH) {
                        fields(
                                graph,
                                (field, node) -> {
                                    if (field == NODE) {
                                        add(node, byOutput);
                                    }
                                });
                    }
                });
        Node node = byOutput.get("feature");
        while (node != null && SAME_VALUES.contains(node.type())) {
            node = byOutput.get(node.inputs().getFirst());
        }
        return node != null && MEAN.contains(node.type())
                ? Optional.of(node.inputs().getFirst())
                : Optional.empty();
    }

    private static void add(ByteBuffer message, Map<String, Node> byOutput) {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        StringBuilder type = new StringBuilder();
        fields(
                message,
                (number, value) -> {
                    switch (number) {
                        case NODE_INPUT -> inputs.add(text(value));
                        case NODE_OUTPUT -> outputs.add(text(value));
                        case NODE_TYPE -> type.append(text(value));
                        default -> {}
                    }
                });
        Node node = new Node(type.toString(), inputs);
        outputs.forEach(output -> byOutput.put(output, node));
    }

    private static String text(ByteBuffer value) {
        return StandardCharsets.UTF_8.decode(value.duplicate()).toString();
    }

    /** Gives the fields that hold bytes, and skips numbers. */
    private static void fields(ByteBuffer message, Field field) {
        while (message.hasRemaining()) {
            long key = varint(message);
            switch ((int) (key & 7)) {
                case 0 -> varint(message);
                case 1 -> message.position(message.position() + Long.BYTES);
                case BYTES -> {
                    int length = (int) varint(message);
                    field.take((int) (key >>> 3), message.slice(message.position(), length));
                    message.position(message.position() + length);
                }
                default -> message.position(message.position() + Integer.BYTES);
            }
        }
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /**
     * The network with a tensor as its second output. Two serialized messages one after the other
     * are their merge (Protocol Buffers, "Encoding", last one wins).
     */
    static byte[] withOutput(byte[] network, String tensor) {
        byte[] name = field(VALUE_NAME, tensor.getBytes(StandardCharsets.UTF_8));
        byte[] graph = field(GRAPH, field(OUTPUT, name));
        ByteBuffer both = ByteBuffer.allocate(network.length + graph.length);
        return both.put(network).put(graph).array();
    }

    private static byte[] field(int number, byte[] value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(number << 3 | BYTES);
        int length = value.length;
        while (length > 0x7f) {
            bytes.write(length & 0x7f | 0x80);
            length >>>= 7;
        }
        bytes.write(length);
        bytes.writeBytes(value);
        return bytes.toByteArray();
    }
}
