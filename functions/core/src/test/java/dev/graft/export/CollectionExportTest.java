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
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.InMemoryResultStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class CollectionExportTest {
    private static final String IDENTITY = "network-p2";

    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final InMemoryImageStore images = new InMemoryImageStore();
    private final InMemoryResultStore results = new InMemoryResultStore();
    private Instant now = Instant.parse("2026-11-29T12:00:00Z");

    /** Each look at the clock takes some seconds. */
    private Exports exports(int seconds) {
        return new Exports(
                LabelSet.DEFAULT,
                new InMemoryImageIndex(features).listing(),
                results,
                () -> now = now.plusSeconds(seconds));
    }

    private void put(String key, String label) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        images.put(key, bytes);
        features.put(
                new ImageFeature(
                        key,
                        SetLabels.of(
                                Optional.of(label)
                                        .filter(name -> !name.isEmpty())
                                        .map(name -> new Label(name, LabelSource.FOLDER))),
                        IDENTITY,
                        Float16.encode(new float[] {1, -0.5f, key.length()}),
                        Sha256.of(bytes),
                        4,
                        3,
                        "0001",
                        now,
                        "",
                        new byte[0]));
    }

    private void some() {
        put("images/cat/1.jpg", "cat");
        put("images/more/1.jpg", "cat");
        put("images/Cat/1.JPG", "Cat");
        put("images/2.png", "");
        put("images/3", "sea+sky");
        put("images/con.jpg", "AUX");
        put("images/what?.jpg", "../a:b. ");
        put("images/4.jpg", Label.NONE_OF_THESE);
    }

    @Test
    void writesEachImageOnceUnderANameThatEverySystemTakes() throws IOException {
        some();
        CollectionExport export = exports(0).images(images);
        CollectionExport.Progress progress = export.run(IDENTITY);
        assertTrue(progress.complete(), progress::toString);
        assertEquals(8, progress.done());
        assertEquals(2, export.files(progress).size());
        Map<String, String> found = unzip(read(export.files(progress).get(1)));
        assertEquals(8, found.size(), found::toString);
        assertEquals("images/4.jpg", found.get("none of these/4.jpg"));
        assertEquals("images/2.png", found.get("unlabelled/2.png"));
        assertEquals("images/3", found.get("classes/sea+sky/3.jpg"));
        assertEquals("images/con.jpg", found.get("classes/_AUX/_con.jpg"));
        assertEquals("images/what?.jpg", found.get("classes/_.._a_b_/what_.jpg"));
        long ignoringCase =
                found.keySet().stream()
                        .map(path -> path.toLowerCase(Locale.ROOT))
                        .distinct()
                        .count();
        assertEquals(8, ignoringCase, found::toString);
        String labels = new String(read(export.files(progress).getFirst()), StandardCharsets.UTF_8);
        assertEquals(9, labels.split("\r\n").length, labels);
        found.forEach((path, key) -> assertTrue(labels.contains(path + ","), path));
    }

    private byte[] read(CollectionExport.File file) {
        byte[] bytes = results.read(file.name()).orElseThrow();
        assertEquals(bytes.length, file.bytes());
        return bytes;
    }

    private static Map<String, String> unzip(byte[] file) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                found.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    @Test
    void goesOnWhereTheTimeOfTheLastCallEnded() throws IOException {
        some();
        CollectionExport export = exports(8).images(images);
        CollectionExport.Progress progress = export.run(IDENTITY);
        String run = progress.run();
        assertFalse(progress.complete(), progress::toString);
        assertEquals(Optional.of(progress), export.last());
        // none of these is in the export that was begun, and one is gone
        put("images/cat/9.jpg", "cat");
        images.delete("images/more/1.jpg");
        for (int i = 0; i < 20 && !progress.complete(); i++) {
            progress = exports(8).images(images).run("another");
        }
        assertEquals(run, progress.run());
        assertEquals(IDENTITY, progress.identity());
        assertEquals(8, progress.done());
        assertEquals(1, progress.missing());
        Map<String, String> found = new TreeMap<>();
        List<CollectionExport.File> files = export.files(progress);
        for (CollectionExport.File file : files.subList(1, files.size())) {
            found.putAll(unzip(read(file)));
        }
        assertEquals(7, found.size(), found::toString);
        CollectionExport.Progress next = export.run(IDENTITY);
        assertEquals(9, next.images());
        assertFalse(next.run().equals(run));
    }

    @Test
    void writesATableOfFeatures() {
        some();
        features.remove("images/2.png", "0002");
        CollectionExport export = exports(0).features(features);
        CollectionExport.Progress progress = export.run(IDENTITY);
        assertTrue(progress.complete());
        assertEquals(0, progress.missing());
        byte[] file = read(export.files(progress).get(1));
        byte[] magic = "PAR1".getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(magic, Arrays.copyOf(file, 4));
        assertArrayEquals(magic, Arrays.copyOfRange(file, file.length - 4, file.length));
        assertEquals(7, progress.images());
    }

    /** The plan is in several files, none of which needs more memory than one call has. */
    @Test
    void manyImagesAreDoneOneFileOfThePlanAfterTheOther() {
        int count = 40_003;
        for (int i = 0; i < count; i++) {
            put("images/cat/%05d.jpg".formatted(i), "cat");
        }
        CollectionExport export = exports(0).features(features);
        CollectionExport.Progress progress = export.run(IDENTITY);
        assertTrue(progress.complete(), progress::toString);
        assertEquals(count, progress.done());
        assertEquals(0, progress.missing());
        assertEquals(4, progress.sizes().size(), "labels.csv, and a file for each of the plan");
        assertEquals(3, results.keys("results/export/features/plan/", "", 9).size());
    }

    @Test
    void beginsAnewWhereTheFilesAreDeletedByNow() {
        some();
        CollectionExport export = exports(8).images(images);
        CollectionExport.Progress before = export.run(IDENTITY);
        assertFalse(before.complete());
        now = before.until().minusSeconds(60);
        assertEquals(before.run(), export.run(IDENTITY).run());
        now = before.until();
        assertEquals(Optional.empty(), export.last());
        assertEquals(0, export.run("another").missing());
        assertEquals("another", export.last().orElseThrow().identity());
    }

    /** Whoever has an image forgotten deletes all of an export, also of one that is being made. */
    @Test
    void beginsAnewWhereThePlanIsGone() {
        some();
        CollectionExport export = exports(8).images(images);
        CollectionExport.Progress before = export.run(IDENTITY);
        for (String key : results.keys("results/export/images/plan/", "", 9)) {
            results.delete(key.substring("results/".length()));
        }
        images.delete("images/2.png");
        features.remove("images/2.png", "0002");
        CollectionExport.Progress after = export.run(IDENTITY);
        assertFalse(after.run().equals(before.run()));
        assertEquals(7, after.images());
    }

    @Test
    void ofNothingThereAreNoFilesButTheLabels() {
        CollectionExport export = exports(0).images(images);
        CollectionExport.Progress progress = export.run(IDENTITY);
        assertTrue(progress.complete());
        assertEquals(1, export.files(progress).size());
    }
}
