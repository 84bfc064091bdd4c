package dev.graft.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import dev.graft.feature.Sha256;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryResultStore;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hardwood, a reader that others wrote, finds in our Parquet files what was written. */
class ParquetFileTest {
    private static final List<String> TEXTS =
            List.of("cat", "İzmir ıI", "\ud83d\udc08 \u4eca", "a,\"b\"\r\n\0", "x".repeat(70_000));

    /** A row, as it is written and as it is read. */
    private record Row(String text, String optional, int number, List<Float> vector) {}

    private static List<Row> rows(int count, int width) {
        Random random = new Random(count);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Float> vector = new ArrayList<>();
            for (int k = 0; k < width; k++) {
                vector.add((float) random.nextGaussian());
            }
            // runs of all lengths of texts that are there and that are not
            String optional = random.nextInt(10) < 3 ? "" : TEXTS.get(i % 4);
            int number = i == 0 ? Integer.MIN_VALUE : i - 1;
            rows.add(new Row(TEXTS.get(i == 1 ? 4 : i % 4), optional, number, vector));
        }
        return rows;
    }

    private static float[] values(Row row) {
        float[] values = new float[row.vector().size()];
        for (int k = 0; k < values.length; k++) {
            values[k] = row.vector().get(k);
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 512", "63, 3", "65, 1", "1000, 7", "20000, 2"})
    void everyValueIsReadBack(int count, int width) throws IOException {
        List<Row> written = rows(count, width);
        byte[] file =
                new ParquetFile(count)
                        .texts("text", written.stream().map(Row::text).toList())
                        .optionalTexts("optional", written.stream().map(Row::optional).toList())
                        .numbers("number", written.stream().mapToInt(Row::number).toArray())
                        .vectors(
                                "vector",
                                written.stream().map(ParquetFileTest::values).toList(),
                                width)
                        .bytes();
        List<Row> read = new ArrayList<>();
        try (ParquetFileReader reader =
                        ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(file)));
                RowReader rows = reader.rowReader()) {
            assertEquals(count, reader.getFileMetaData().numRows());
            while (rows.hasNext()) {
                rows.next();
                read.add(
                        new Row(
                                rows.getString("text"),
                                rows.isNull("optional") ? "" : rows.getString("optional"),
                                rows.getInt("number"),
                                List.copyOf(rows.getList("vector").floats())));
            }
        }
        assertEquals(written, read);
    }

    /** The file that people get. */
    @Test
    void aTableOfFeaturesHasTheColumnsThatTheApiTells() throws IOException {
        var features = new InMemoryFeatureStore();
        float[] feature = {1, -0.5f, 65504, 6.1e-5f, 0};
        put(features, "images/cat/1 é.jpg", "cat", feature);
        put(features, "images/2.jpg", "", feature);
        var results = new InMemoryResultStore();
        Instant now = Instant.parse("2026-11-29T12:00:00Z");
        CollectionExport export =
                new Exports(
                                LabelSet.DEFAULT,
                                new InMemoryImageIndex(features).listing(),
                                results,
                                () -> now)
                        .features(features);
        String name = export.files(export.run("network-p2")).get(1).name();
        byte[] file = results.read(name).orElseThrow();
        try (ParquetFileReader reader =
                        ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(file)));
                RowReader rows = reader.rowReader()) {
            rows.next();
            assertEquals("images/2.jpg", rows.getString("key"));
            assertTrue(rows.isNull("label"));
            rows.next();
            String hash = Sha256.of("images/cat/1 é.jpg".getBytes(StandardCharsets.UTF_8));
            assertEquals("images/cat/1 é.jpg", rows.getString("key"));
            assertEquals("cat", rows.getString("label"));
            assertEquals(hash, rows.getString("image_hash"));
            assertEquals("network-p2", rows.getString("identity"));
            assertEquals(ImageFeature.fold(hash, 5), rows.getInt("fold"));
            float[] read = new float[feature.length];
            for (int k = 0; k < read.length; k++) {
                read[k] = rows.getList("feature").floats().get(k);
            }
            assertArrayEquals(Float16.decode(Float16.encode(feature)), read);
            assertFalse(rows.hasNext());
        }
    }

    private static void put(
            InMemoryFeatureStore features, String key, String label, float[] feature) {
        features.put(
                new ImageFeature(
                        key,
                        SetLabels.of(
                                Optional.of(label)
                                        .filter(name -> !name.isEmpty())
                                        .map(name -> new Label(name, LabelSource.FOLDER))),
                        "network-p2",
                        Float16.encode(feature),
                        Sha256.of(key.getBytes(StandardCharsets.UTF_8)),
                        4,
                        3,
                        "0001",
                        Instant.EPOCH,
                        "",
                        new byte[0]));
    }
}
