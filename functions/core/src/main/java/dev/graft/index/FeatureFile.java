package dev.graft.index;

import dev.graft.feature.DamagedFileException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The file of the features of one backbone: {@code <identity>/features}. Big-endian, texts as
 * {@link java.io.DataOutput#writeUTF}: {@value #MAGIC}, the time up to which all changes are in it,
 * the hash from which on contents are left out (empty for none); number of values of {@link
 * Novelty#sample} and these as float64; number of images and width of the features; for each image
 * its key, its label (empty for none), the hash of its content, its feature as {@link
 * dev.graft.feature.Float16} has it, the number of bytes of its thumbnail's signature and these;
 * last the CRC-32C of all that. In format 1 no image has a signature.
 *
 * @param complete every change before this time is in it
 * @param novelty as it was measured then
 */
record FeatureFile<F>(Instant complete, Novelty novelty, FeatureRows<F> rows) {
    private static final String MAGIC = "graft features 2";
    private static final String FORMAT_1 = "graft features 1";

    /** So many bytes at the beginning of a file tell its format. */
    static final int BEGINNING = 2 + MAGIC.length();

    private static final int MOST_SAMPLED = 10_000;
    private static final int BUFFER = 1 << 16;

    /** Name of the file. */
    static String name(String backbone) {
        return backbone + "/features";
    }

    /** Whether a file that begins so is of the format that {@link #write} writes. */
    static boolean isOfToday(byte[] beginning) {
        return new String(beginning, StandardCharsets.UTF_8).endsWith(MAGIC);
    }

    /** The bytes of a file. */
    static byte[] write(FeatureFile<byte[]> file) {
        var bytes =
                new ByteArrayOutputStream(file.rows().size() * 2 * file.rows().width() + BUFFER);
        var checked = new CheckedOutputStream(bytes, new CRC32C());
        try (DataOutputStream out = new DataOutputStream(checked)) {
            out.writeUTF(MAGIC);
            out.writeUTF(file.complete().toString());
            out.writeUTF(file.rows().end());
            double[] sample = file.novelty().sample();
            out.writeInt(sample.length);
            for (double value : sample) {
                out.writeDouble(value);
            }
            var images = file.rows().all();
            out.writeInt(images.size());
            out.writeInt(file.rows().width());
            for (FeatureRows.Row<byte[]> image : images) {
                out.writeUTF(image.key());
                out.writeUTF(image.label().orElse(""));
                out.writeUTF(image.imageHash());
                out.write(image.feature());
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
     * @param form of the features
     * @throws DamagedFileException if it is none that {@link #write} wrote
     */
    static <F> FeatureFile<F> read(InputStream file, Function<byte[], F> form) {
        var checked = new CheckedInputStream(new BufferedInputStream(file, BUFFER), new CRC32C());
        try (DataInputStream in = new DataInputStream(checked)) {
            String format = in.readUTF();
            require(format.equals(MAGIC) || format.equals(FORMAT_1));
            Instant complete = Instant.parse(in.readUTF());
            FeatureRows<F> rows = new FeatureRows<>(form);
            rows.endAt(in.readUTF());
            int sampled = in.readInt();
            require(0 <= sampled && sampled <= MOST_SAMPLED);
            double[] sample = new double[sampled];
            for (int i = 0; i < sampled; i++) {
                sample[i] = in.readDouble();
            }
            int images = in.readInt();
            int width = in.readInt();
            require((long) images * width <= FeatureRows.MOST_VALUES && width >= 0);
            byte[] feature = new byte[2 * width];
            for (int i = 0; i < images; i++) {
                String key = in.readUTF();
                String label = in.readUTF();
                String hash = in.readUTF();
                in.readFully(feature);
                Optional<String> named = Optional.of(label).filter(name -> !name.isEmpty());
                byte[] signature = new byte[format.equals(MAGIC) ? in.readUnsignedByte() : 0];
                in.readFully(signature);
                rows.put(
                        new FeatureRows.Row<>(
                                key, named, hash, Instant.EPOCH, feature.clone(), signature));
            }
            long sum = checked.getChecksum().getValue();
            require(in.readLong() == sum && in.read() < 0);
            return new FeatureFile<>(complete, Novelty.ofSample(sample), rows);
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
