package dev.graft.export;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The outermost fields of an ONNX file, without reading what is in them (Protocol Buffers,
 * "Encoding"): enough to ask for the operator set, and to make an input an inner tensor.
 */
final class OnnxFile {
    private static final int GRAPH = 7;
    private static final int OPERATOR_SETS = 8;
    private static final int GRAPH_INPUT = 11;

    private OnnxFile() {}

    private interface Taker {
        /**
         * Takes a field.
         *
         * @param whole it with its tag
         * @param content of a message or text; the same as {@code whole} of a number
         */
        void field(int number, ByteBuffer whole, ByteBuffer content);
    }

    /** The version of the standard operators that the file is written in; 0 if it says none. */
    static long operatorSet(byte[] model) {
        long[] version = {0};
        each(
                ByteBuffer.wrap(model),
                (number, whole, content) -> {
                    if (number == OPERATOR_SETS && name(content, 1).isEmpty()) {
                        version[0] = version(content);
                    }
                });
        return version[0];
    }

    /** The same network, whose graph does not declare this input. */
    static byte[] withoutInput(byte[] model, String input) {
        ByteArrayOutputStream file = new ByteArrayOutputStream(model.length);
        each(
                ByteBuffer.wrap(model),
                (number, whole, content) -> {
                    if (number == GRAPH) {
                        file.writeBytes(
                                new OnnxMessage().put(GRAPH, without(input, content)).bytes());
                    } else {
                        write(whole, file);
                    }
                });
        return file.toByteArray();
    }

    private static byte[] without(String input, ByteBuffer graph) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(graph.remaining());
        each(
                graph,
                (number, whole, content) -> {
                    if (number != GRAPH_INPUT || !name(content, 1).equals(input)) {
                        write(whole, kept);
                    }
                });
        return kept.toByteArray();
    }

    private static void write(ByteBuffer bytes, ByteArrayOutputStream out) {
        out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    /** A text of a message. */
    private static String name(ByteBuffer message, int wanted) {
        StringBuilder text = new StringBuilder();
        each(
                message,
                (number, whole, content) -> {
                    if (number == wanted) {
                        text.append(StandardCharsets.UTF_8.decode(content.duplicate()));
                    }
                });
        return text.toString();
    }

    private static long version(ByteBuffer operatorSet) {
        long[] version = {0};
        each(
                operatorSet,
                (number, whole, content) -> {
                    if (number == 2) {
                        ByteBuffer field = content.duplicate();
                        varint(field);
                        version[0] = varint(field);
                    }
                });
        return version[0];
    }

    private static void each(ByteBuffer message, Taker taker) {
        ByteBuffer rest = message.slice();
        while (rest.hasRemaining()) {
            int start = rest.position();
            long tag = varint(rest);
            int from = rest.position();
            switch ((int) (tag & 7)) {
                case 0 -> varint(rest);
                case 1 -> rest.position(from + Long.BYTES);
                case 2 -> {
                    int length = Math.toIntExact(varint(rest));
                    from = rest.position();
                    rest.position(from + length);
                }
                case 5 -> rest.position(from + Integer.BYTES);
                default -> throw new IllegalArgumentException("not a file of ONNX");
            }
            int end = rest.position();
            ByteBuffer whole = rest.slice(start, end - start);
            ByteBuffer content = (tag & 7) == 2 ? rest.slice(from, end - from) : whole;
            taker.field((int) (tag >>> 3), whole, content);
        }
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                break;
            }
        }
        return value;
    }
}
