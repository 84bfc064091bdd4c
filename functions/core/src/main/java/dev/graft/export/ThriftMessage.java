package dev.graft.export;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A struct of Apache Thrift in the making, in its compact protocol, fields in ascending order. */
final class ThriftMessage {
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int last;

    ThriftMessage number(int field, int value) {
        header(field, I32);
        zigzag(bytes, value);
        return this;
    }

    ThriftMessage number(int field, long value) {
        header(field, I64);
        zigzag(bytes, value);
        return this;
    }

    ThriftMessage text(int field, String value) {
        header(field, BINARY);
        text(bytes, value);
        return this;
    }

    ThriftMessage struct(int field, ThriftMessage value) {
        header(field, STRUCT);
        bytes.writeBytes(value.end());
        return this;
    }

    ThriftMessage structs(int field, List<ThriftMessage> values) {
        list(field, values.size(), STRUCT);
        values.forEach(value -> bytes.writeBytes(value.end()));
        return this;
    }

    ThriftMessage numbers(int field, int... values) {
        list(field, values.length, I32);
        for (int value : values) {
            zigzag(bytes, value);
        }
        return this;
    }

    ThriftMessage texts(int field, List<String> values) {
        list(field, values.size(), BINARY);
        values.forEach(value -> text(bytes, value));
        return this;
    }

    /** The whole struct. */
    byte[] end() {
        byte[] fields = bytes.toByteArray();
        byte[] whole = new byte[fields.length + 1];
        System.arraycopy(fields, 0, whole, 0, fields.length);
        return whole;
    }

    private void header(int field, int type) {
        bytes.write((field - last) << 4 | type);
        last = field;
    }

    private void list(int field, int size, int type) {
        header(field, LIST);
        if (size < 15) {
            bytes.write(size << 4 | type);
        } else {
            bytes.write(0xf0 | type);
            varint(bytes, size);
        }
    }

    private static void text(ByteArrayOutputStream out, String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        varint(out, encoded.length);
        out.writeBytes(encoded);
    }

    private static void zigzag(ByteArrayOutputStream out, long value) {
        varint(out, value << 1 ^ value >> 63);
    }

    static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
