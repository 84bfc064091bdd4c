package dev.graft.index;

import dev.graft.feature.DamagedFileException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * The file of the features of one backbone: {@code <identity>/features}. Big-endian, texts as
 * {@link java.io.DataOutput#writeUTF}: {@value #FORMAT_2}, the number of images that are marked as
 * none of the classes, the time up to which all changes are in it, the hash from which on contents
 * are left out (empty for none); {@link Novelty#write}; number of images and width of the features;
 * for each image its key, its label (empty for none), the hash of its content, its feature as
 * {@link dev.graft.feature.Float16} has it, the number of bytes of its thumbnail's signature and
 * these; last the CRC-32C of all that. In format 1 no image has a signature and the novelty is by
 * cosines alone. Format 3 is of images in cells: behind the width stands {@link Cells#write}, and
 * in place of each feature the number of its cell, the step of its codes as float32, and these; the
 * images of a cell stand together, and so do they in memory once they are read.
 *
 * @param marked number of images that are marked as none of the classes
 * @param complete every change before this time is in it
 * @param novelty as it was measured then
 */
record FeatureFile(int marked, Instant complete, Novelty novelty, FeatureRows rows) {
    private static final String FORMAT_1 = "graft features 1";
    private static final String FORMAT_2 = "graft features 2";
    private static final String FORMAT_3 = "graft features 3";

    /** So many bytes at the beginning of a file tell its format. */
    static final int BEGINNING = 2 + FORMAT_2.length() + Integer.BYTES;

    private static final int BUFFER = 1 << 16;

    /** Values of a feature; more are no feature but a damaged file. */
    private static final int WIDEST = 1 << 20;

    /** Name of the file. */
    static String name(String backbone) {
        return backbone + "/features";
    }

    /**
     * Number of marked images of a file that begins so; empty if it is not of the format that
     * {@link #write} writes.
     */
    static OptionalInt marked(byte[] beginning) {
        try (var in = new DataInputStream(new ByteArrayInputStream(beginning))) {
            String format = in.readUTF();
            return format.equals(FORMAT_2) || format.equals(FORMAT_3)
                    ? OptionalInt.of(in.readInt())
                    : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    /** The bytes of a file, which is written twice, as it may be too large to be held twice. */
    static byte[] write(FeatureFile file) {
        try (DataOutputStream sizes = new DataOutputStream(OutputStream.nullOutputStream())) {
            file.write(sizes);
            byte[] bytes = new byte[sizes.size() + Long.BYTES];
            CRC32C sum = new CRC32C();
            try (DataOutputStream out = new DataOutputStream(new Filling(bytes))) {
                file.write(out);
                sum.update(bytes, 0, sizes.size());
                out.writeLong(sum.getValue());
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Filling extends OutputStream {
        private final byte[] bytes;
        private int size;

        Filling(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void write(int one) {
            bytes[size++] = (byte) one;
        }

        @Override
        public void write(byte[] some, int from, int count) {
            System.arraycopy(some, from, bytes, size, count);
            size += count;
        }
    }

    private void write(DataOutputStream out) throws IOException {
        Optional<Cells> cells = rows.cells();
        out.writeUTF(cells.isPresent() ? FORMAT_3 : FORMAT_2);
        out.writeInt(marked);
        out.writeUTF(complete.toString());
        out.writeUTF(rows.end());
        novelty.write(out);
        out.writeInt(rows.size());
        out.writeInt(rows.width());
        if (cells.isPresent()) {
            cells.get().write(out);
        }
        for (FeatureRows.Row image : rows.byCell()) {
            out.writeUTF(image.key());
            out.writeUTF(image.label().orElse(""));
            out.writeUTF(image.imageHash());
            switch (image.feature()) {
                case KeptFeature.Halves halves -> out.write(halves.bytes());
                case KeptFeature.Codes codes -> {
                    out.writeInt(image.cell());
                    out.writeFloat(codes.step());
                    out.write(codes.codes(), codes.from(), codes.width());
                }
            }
            out.writeByte(image.signature().length);
            out.write(image.signature());
        }
    }

    /**
     * Reads a file.
     *
     * @param limits of what is kept of it
     * @throws DamagedFileException if it is none that {@link #write} wrote
     */
    static FeatureFile read(InputStream file, FeatureRows.Limits limits) {
        var checked = new CheckedInputStream(new BufferedInputStream(file, BUFFER), new CRC32C());
        try (DataInputStream in = new DataInputStream(checked)) {
            String format = in.readUTF();
            require(List.of(FORMAT_1, FORMAT_2, FORMAT_3).contains(format));
            boolean first = format.equals(FORMAT_1);
            int marked = first ? 0 : in.readInt();
            Instant complete = Instant.parse(in.readUTF());
            FeatureRows rows = new FeatureRows(limits);
            rows.endAt(in.readUTF());
            Novelty novelty = first ? Novelty.readFormat1(in) : Novelty.read(in);
            int images = in.readInt();
            int width = in.readInt();
            require(images >= 0 && width >= 0 && width <= WIDEST);
            if (format.equals(FORMAT_3)) {
                rows.useCells(Cells.read(width, in));
            }
            Rows read = new Rows(format, width, in);
            for (int i = 0; i < images; i++) {
                rows.put(read.next());
            }
            long sum = checked.getChecksum().getValue();
            require(in.readLong() == sum && in.read() < 0);
            return new FeatureFile(marked, complete, novelty, rows);
        } catch (IOException | DateTimeException e) {
            throw new DamagedFileException(
                    "a file of the index is damaged: the next training writes it anew", e);
        }
    }

    /** Reads one image after the other; equal labels are one text in memory. */
    private static final class Rows {
        private static final int SIDE_BY_SIDE = 1 << 16;

        private final String format;
        private final int width;
        private final DataInputStream in;
        private final Map<String, Optional<String>> labels = new HashMap<>();
        private byte[] codes = new byte[0];
        private short[] halves = new short[0];
        private int used;

        Rows(String format, int width, DataInputStream in) {
            this.format = format;
            this.width = width;
            this.in = in;
            labels.put("", Optional.empty());
        }

        FeatureRows.Row next() throws IOException {
            String key = in.readUTF();
            Optional<String> label = labels.computeIfAbsent(in.readUTF(), Optional::of);
            String hash = in.readUTF();
            boolean rounded = format.equals(FORMAT_3);
            int cell = rounded ? in.readInt() : FeatureRows.NO_CELL;
            KeptFeature feature = rounded ? codes() : halves();
            byte[] signature = bytes(format.equals(FORMAT_1) ? 0 : in.readUnsignedByte());
            return new FeatureRows.Row(key, label, hash, Instant.EPOCH, feature, cell, signature);
        }

        private KeptFeature.Halves halves() throws IOException {
            if (halves.length - used < width) {
                halves = new short[sideBySide()];
                used = 0;
            }
            used += width;
            return KeptFeature.Halves.of(bytes(2 * width), halves, used - width);
        }

        private KeptFeature.Codes codes() throws IOException {
            float step = in.readFloat();
            if (codes.length - used < width) {
                codes = new byte[sideBySide()];
                used = 0;
            }
            in.readFully(codes, used, width);
            used += width;
            return KeptFeature.Codes.of(codes, used - width, width, step);
        }

        /** Values of as many features as are kept in one array. */
        private int sideBySide() {
            return Math.max(1, SIDE_BY_SIDE / Math.max(1, width)) * width;
        }

        private byte[] bytes(int count) throws IOException {
            byte[] bytes = new byte[count];
            in.readFully(bytes);
            return bytes;
        }
    }

    private static void require(boolean holds) throws IOException {
        if (!holds) {
            throw new IOException("not a file of features");
        }
    }
}
