package dev.graft.index;

import dev.graft.feature.DamagedFileException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The file of the features of one backbone: {@code <identity>/features}. Big-endian, texts as
 * {@link java.io.DataOutput#writeUTF}: {@value #MAGIC}, the number of images that are marked as
 * none of the classes, the time up to which all changes are in it, the hash from which on contents
 * are left out (empty for none); {@link Novelty#write}; number of images and width of the features;
 * for each image its key, its label (empty for none), the hash of its content, its feature as
 * {@link dev.graft.feature.Float16} has it, the number of bytes of its thumbnail's signature and
 * these; last the CRC-32C of all that. In format 1 no image has a signature and the novelty is by
 * cosines alone.
 *
 * @param marked number of images that are marked as none of the classes
 * @param complete every change before this time is in it
 * @param novelty as it was measured then
 */
record FeatureFile(int marked, Instant complete, Novelty novelty, FeatureRows rows) {
    private static final String MAGIC = "graft features 2";
    private static final String FORMAT_1 = "graft features 1";

    /** So many bytes at the beginning of a file tell its format. */
    static final int BEGINNING = 2 + MAGIC.length() + Integer.BYTES;

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
            return in.readUTF().equals(MAGIC) ? OptionalInt.of(in.readInt()) : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    /** The bytes of a file. */
    static byte[] write(FeatureFile file) {
        var bytes =
                new ByteArrayOutputStream(file.rows().size() * 2 * file.rows().width() + BUFFER);
        var checked = new CheckedOutputStream(bytes, new CRC32C());
        try (DataOutputStream out = new DataOutputStream(checked)) {
            out.writeUTF(MAGIC);
            out.writeInt(file.marked());
            out.writeUTF(file.complete().toString());
            out.writeUTF(file.rows().end());
            file.novelty().write(out);
            var images = file.rows().all();
            out.writeInt(images.size());
            out.writeInt(file.rows().width());
            for (FeatureRows.Row image : images) {
                out.writeUTF(image.key());
                out.writeUTF(image.label().orElse(""));
                out.writeUTF(image.imageHash());
                out.write(image.feature().bytes());
                out.writeByte(image.signature().length);
                out.write(image.signature());
            }
            out.writeLong(checked.getChecksum().getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a file.
     *
     * @throws DamagedFileException if it is none that {@link #write} wrote
     */
    static FeatureFile read(InputStream file) {
        var checked = new CheckedInputStream(new BufferedInputStream(file, BUFFER), new CRC32C());
        try (DataInputStream in = new DataInputStream(checked)) {
            String format = in.readUTF();
            require(format.equals(MAGIC) || format.equals(FORMAT_1));
            int marked = format.equals(MAGIC) ? in.readInt() : 0;
            Instant complete = Instant.parse(in.readUTF());
            FeatureRows rows = new FeatureRows();
            rows.endAt(in.readUTF());
            Novelty novelty = format.equals(MAGIC) ? Novelty.read(in) : Novelty.readFormat1(in);
            int images = in.readInt();
            int width = in.readInt();
            require(images >= 0 && width >= 0 && width <= WIDEST);
            byte[] feature = new byte[2 * width];
            for (int i = 0; i < images; i++) {
                String key = in.readUTF();
                String label = in.readUTF();
                String hash = in.readUTF();
                in.readFully(feature);
                Optional<String> named = Optional.of(label).filter(name -> !name.isEmpty());
                byte[] signature = new byte[format.equals(MAGIC) ? in.readUnsignedByte() : 0];
                in.readFully(signature);
                KeptFeature kept = KeptFeature.stored(feature);
                rows.put(new FeatureRows.Row(key, named, hash, Instant.EPOCH, kept, signature));
            }
            long sum = checked.getChecksum().getValue();
            require(in.readLong() == sum && in.read() < 0);
            return new FeatureFile(marked, complete, novelty, rows);
        } catch (IOException | DateTimeException e) {
            throw new DamagedFileException(
                    "a file of the index is damaged: the next training writes it anew", e);
        }
    }

    private static void require(boolean holds) throws IOException {
        if (!holds) {
            throw new IOException("not a file of features");
        }
    }
}
