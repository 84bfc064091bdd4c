package dev.graft.export;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A message of Protocol Buffers in the making, and those that onnx/onnx, onnx/onnx.proto names. */
final class OnnxMessage {
    static final int FLOAT = 1;
    static final int UINT8 = 2;
    static final int INT64 = 7;
    static final int FLOAT16 = 10;
    static final int DOUBLE = 11;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    OnnxMessage put(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    OnnxMessage put(int field, byte[] value) {
        varint((long) field << 3 | 2);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    OnnxMessage put(int field, String value) {
        return put(field, value.getBytes(StandardCharsets.UTF_8));
    }

    OnnxMessage put(int field, OnnxMessage value) {
        return put(field, value.bytes());
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    static OnnxMessage node(String type, String output, String... inputs) {
        OnnxMessage node = new OnnxMessage();
        for (String input : inputs) {
            node.put(1, input);
        }
        return node.put(2, output).put(3, output).put(4, type);
    }

    /** An attribute that is a whole number. */
    static OnnxMessage number(String name, long value) {
        return new OnnxMessage().put(1, name).put(3, value).put(20, 2);
    }

    /** An attribute that is a list of whole numbers. */
    static OnnxMessage numbers(String name, long... values) {
        OnnxMessage attribute = new OnnxMessage().put(1, name).put(20, 7);
        for (long value : values) {
            attribute.put(8, value);
        }
        return attribute;
    }

    static OnnxMessage tensor(String name, float[] values, int... shape) {
        ByteBuffer raw = raw(values.length, Float.BYTES);
        raw.asFloatBuffer().put(values);
        return tensor(FLOAT, name, raw, shape);
    }

    static OnnxMessage tensor(String name, double[] values, int... shape) {
        ByteBuffer raw = raw(values.length, Double.BYTES);
        raw.asDoubleBuffer().put(values);
        return tensor(DOUBLE, name, raw, shape);
    }

    static OnnxMessage tensor(String name, long[] values, int... shape) {
        ByteBuffer raw = raw(values.length, Long.BYTES);
        raw.asLongBuffer().put(values);
        return tensor(INT64, name, raw, shape);
    }

    private static ByteBuffer raw(int values, int bytes) {
        return ByteBuffer.allocate(values * bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static OnnxMessage tensor(int type, String name, ByteBuffer raw, int... shape) {
        OnnxMessage tensor = new OnnxMessage();
        for (int side : shape) {
            tensor.put(1, side);
        }
        return tensor.put(2, type).put(8, name).put(9, raw.array());
    }

    /** A text of the metadata. */
    static OnnxMessage text(String key, String value) {
        return new OnnxMessage().put(1, key).put(2, value);
    }
}
