package dev.graft.export;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as a file of Apache Parquet (apache/parquet-format, README, Encodings and
 * parquet.thrift): one row group, one page a column, plain and uncompressed, as features hardly
 * shrink. Columns are added one after the other, all of the same number of rows. For one thread.
 */
final class ParquetFile {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int INT32 = 1;
    private static final int FLOAT = 4;
    private static final int BYTE_ARRAY = 6;
    private static final int REQUIRED = 0;
    private static final int OPTIONAL = 1;
    private static final int REPEATED = 2;
    private static final int UTF8 = 0;
    private static final int LIST = 3;
    private static final int PLAIN = 0;
    private static final int RUN_LENGTHS = 3;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final List<ThriftMessage> schema = new ArrayList<>();
    private final List<ThriftMessage> columns = new ArrayList<>();
    private final int rows;
    private int fields;

    /** Without columns. */
    ParquetFile(int rows) {
        this.rows = rows;
        file.writeBytes(MAGIC);
    }

    /** Texts, of which an empty one is no value. */
    ParquetFile optionalTexts(String name, List<String> values) {
        schema.add(texts(name, OPTIONAL));
        ByteArrayOutputStream levels = new ByteArrayOutputStream();
        values.forEach(value -> run(levels, 1, value.isEmpty() ? 0 : 1));
        List<String> present = values.stream().filter(value -> !value.isEmpty()).toList();
        return column(List.of(name), BYTE_ARRAY, rows, sized(levels), bytes(present));
    }

    ParquetFile texts(String name, List<String> values) {
        schema.add(texts(name, REQUIRED));
        return column(List.of(name), BYTE_ARRAY, rows, new byte[0], bytes(values));
    }

    ParquetFile numbers(String name, int[] values) {
        schema.add(new ThriftMessage().number(1, INT32).number(3, REQUIRED).text(4, name));
        ByteBuffer plain = little(4L * values.length);
        plain.asIntBuffer().put(values);
        return column(List.of(name), INT32, rows, new byte[0], plain.array());
    }

    /** A list of {@code width} numbers a row, at least one. */
    ParquetFile vectors(String name, List<float[]> values, int width) {
        schema.add(
                new ThriftMessage().number(3, REQUIRED).text(4, name).number(5, 1).number(6, LIST));
        schema.add(new ThriftMessage().number(3, REPEATED).text(4, "list").number(5, 1));
        schema.add(new ThriftMessage().number(1, FLOAT).number(3, REQUIRED).text(4, "element"));
        ByteArrayOutputStream repetitions = new ByteArrayOutputStream();
        ByteBuffer plain = little(4L * rows * width);
        for (float[] row : values) {
            run(repetitions, 1, 0);
            run(repetitions, width - 1, 1);
            plain.asFloatBuffer().put(row);
            plain.position(plain.position() + 4 * width);
        }
        ByteArrayOutputStream definitions = new ByteArrayOutputStream();
        run(definitions, rows * width, 1);
        ByteArrayOutputStream levels = new ByteArrayOutputStream();
        levels.writeBytes(sized(repetitions));
        levels.writeBytes(sized(definitions));
        return column(
                List.of(name, "list", "element"),
                FLOAT,
                rows * width,
                levels.toByteArray(),
                plain.array());
    }

    private static ThriftMessage texts(String name, int repetition) {
        return new ThriftMessage()
                .number(1, BYTE_ARRAY)
                .number(3, repetition)
                .text(4, name)
                .number(6, UTF8);
    }

    /** So many times the same level of one bit. */
    private static void run(ByteArrayOutputStream out, int times, int level) {
        if (times > 0) {
            ThriftMessage.varint(out, (long) times << 1);
            out.write(level);
        }
    }

    private static byte[] sized(ByteArrayOutputStream levels) {
        ByteBuffer sized = little(4L + levels.size());
        return sized.putInt(levels.size()).put(levels.toByteArray()).array();
    }

    private static byte[] bytes(List<String> values) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (String value : values) {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            plain.writeBytes(little(4).putInt(text.length).array());
            plain.writeBytes(text);
        }
        return plain.toByteArray();
    }

    private static ByteBuffer little(long bytes) {
        return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ParquetFile column(
            List<String> path, int type, int values, byte[] levels, byte[] plain) {
        fields++;
        int size = levels.length + plain.length;
        ThriftMessage page =
                new ThriftMessage()
                        .number(1, values)
                        .number(2, PLAIN)
                        .number(3, RUN_LENGTHS)
                        .number(4, RUN_LENGTHS);
        byte[] header =
                new ThriftMessage()
                        .number(1, 0)
                        .number(2, size)
                        .number(3, size)
                        .struct(5, page)
                        .end();
        long offset = file.size();
        long whole = (long) header.length + size;
        file.writeBytes(header);
        file.writeBytes(levels);
        file.writeBytes(plain);
        ThriftMessage data =
                new ThriftMessage()
                        .number(1, type)
                        .numbers(2, PLAIN, RUN_LENGTHS)
                        .texts(3, path)
                        .number(4, 0)
                        .number(5, (long) values)
                        .number(6, whole)
                        .number(7, whole)
                        .number(9, offset);
        columns.add(new ThriftMessage().number(2, offset).struct(3, data));
        return this;
    }

    /** The bytes of the file. */
    byte[] bytes() {
        List<ThriftMessage> all = new ArrayList<>();
        all.add(new ThriftMessage().text(4, "table").number(5, fields));
        all.addAll(schema);
        ThriftMessage group =
                new ThriftMessage()
                        .structs(1, columns)
                        .number(2, (long) file.size() - MAGIC.length)
                        .number(3, (long) rows);
        byte[] footer =
                new ThriftMessage()
                        .number(1, 1)
                        .structs(2, all)
                        .number(3, (long) rows)
                        .structs(4, List.of(group))
                        .text(6, "graft")
                        .end();
        file.writeBytes(footer);
        file.writeBytes(little(4).putInt(footer.length).array());
        file.writeBytes(MAGIC);
        return file.toByteArray();
    }
}
