package dev.graft.evaluation;

import dev.graft.head.Activation;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What a head's validation predicted for each image it learned from, out of fold. Kept beside the
 * head as {@value #FILE}, so that a later head can be compared on the same images: gzip of
 * tab-separated lines, a title line, then key, start of the image's SHA-256, labels (joined by +),
 * fold and one probability per class in ten-thousandths.
 *
 * @param activation that made the probabilities
 * @param classes the order of the probabilities
 * @param rows sorted by key
 */
public record Predictions(Activation activation, List<String> classes, List<Row> rows) {
    /** Name of the file in the version. */
    public static final String FILE = "predictions.tsv.gz";

    /**
     * Likewise of a head that learned from other images than these: nobody knows from which, so
     * that it counts as having learned from any.
     */
    public static final String HELD_OUT = "held-out.tsv.gz";

    private static final int UNIT = 10_000;
    private static final int HASH = 16;

    /**
     * One image.
     *
     * @param hash the first 16 hex digits of the SHA-256 of the file
     * @param labels indices of the true classes, rising
     * @param probabilities (classes)
     */
    public record Row(String key, String hash, int[] labels, int fold, double[] probabilities) {
        /** Shortens the hash. */
        public Row {
            hash = hash.substring(0, Math.min(HASH, hash.length()));
        }
    }

    /** The file's bytes; the same predictions give the same bytes. */
    public byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            String names = text(String.join("\n", classes));
            String title = "key\thash\tlabel\tfold\t" + names + "\t" + activation;
            gzip.write((title + "\n").getBytes(StandardCharsets.UTF_8));
            for (Row row : rows) {
                StringBuilder line = new StringBuilder(text(row.key));
                line.append('\t').append(row.hash).append('\t').append(numbers(row.labels));
                line.append('\t').append(row.fold);
                for (double p : row.probabilities) {
                    line.append('\t').append(Math.round(p * UNIT));
                }
                gzip.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #write} wrote; probabilities are rounded to ten-thousandths.
     *
     * @throws UncheckedIOException if the bytes are no such file
     */
    public static Predictions read(byte[] bytes) {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(new ByteArrayInputStream(bytes)),
                                StandardCharsets.UTF_8))) {
            String[] title = lines.readLine().split("\t");
            List<String> classes = List.of(plain(title[4]).split("\n"));
            List<Row> rows = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split("\t");
                double[] probabilities =
                        Arrays.stream(cells, 4, cells.length)
                                .mapToDouble(p -> Double.parseDouble(p) / UNIT)
                                .toArray();
                int[] labels =
                        Stream.of(cells[2].split("\\+")).mapToInt(Integer::parseInt).toArray();
                int fold = Integer.parseInt(cells[3]);
                rows.add(new Row(plain(cells[0]), cells[1], labels, fold, probabilities));
            }
            // files of the time when every head was softmax do not say so
            Activation activation =
                    title.length > 5 ? Activation.valueOf(title[5]) : Activation.SOFTMAX;
            return new Predictions(activation, classes, rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw new UncheckedIOException(new IOException("no predictions: " + e, e));
        }
    }

    /** Whether the head learned from this image. */
    public boolean has(String key) {
        return rows.stream().anyMatch(row -> row.key.equals(key));
    }

    /** Names of classes by their indices. */
    List<String> names(int[] labels) {
        return IntStream.of(labels).mapToObj(classes::get).toList();
    }

    /** The names predicted for a row if there are no other classes than those of these indices. */
    List<String> predicted(Row row, int[] among) {
        double[] probabilities =
                IntStream.of(among).mapToDouble(c -> row.probabilities[c]).toArray();
        return IntStream.of(activation.predicted(probabilities))
                .mapToObj(k -> classes.get(among[k]))
                .toList();
    }

    private static String numbers(int[] labels) {
        return IntStream.of(labels).mapToObj(Integer::toString).collect(Collectors.joining("+"));
    }

    private static String text(String value) {
        return value.replace("%", "%25")
                .replace("\t", "%09")
                .replace("\n", "%0A")
                .replace("\r", "%0D");
    }

    private static String plain(String value) {
        return value.replace("%0D", "\r")
                .replace("%0A", "\n")
                .replace("%09", "\t")
                .replace("%25", "%");
    }
}
