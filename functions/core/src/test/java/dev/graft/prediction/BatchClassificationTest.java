package dev.graft.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Backbone;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoreException;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import dev.graft.image.PixelPath;
import dev.graft.image.Preprocessing;
import dev.graft.index.KnownImages;
import dev.graft.library.ResultStore;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.InMemoryIndexStore;
import dev.graft.testing.InMemoryResultStore;
import dev.graft.testing.TestNetworks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchClassificationTest {
    private static final int IMAGES = 50;

    /** Nothing is labelled, so that nothing can be known. */
    private static final String WAITS = "\"known\":null,\"verdict\":{\"action\":\"review\"";

    private final InMemoryResultStore results = new InMemoryResultStore();
    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final InMemoryHeadStore heads = new InMemoryHeadStore();
    private final AtomicInteger seconds = new AtomicInteger();

    /** A second goes by between two looks, so one call gets about 20 images far. */
    private final InstantSource clock = () -> Instant.EPOCH.plusSeconds(seconds.incrementAndGet());

    @BeforeEach
    void fill() {
        Head head =
                new Head(
                        "v1",
                        List.of("cat", "dog"),
                        "b",
                        new Head.Parameters(
                                new float[] {1, 0},
                                new float[2],
                                new float[1],
                                new float[] {1},
                                1,
                                Activation.SOFTMAX));
        heads.save("v1", HeadFiles.write(head, Heads.card(head)));
        heads.promote("v1", Optional.empty());
        for (int i = 0; i < IMAGES; i++) {
            image("images/%02d.jpg".formatted(i), i - 25);
        }
    }

    private void image(String key, float value) {
        results.upload(key);
        features.put(
                new ImageFeature(
                        key,
                        SetLabels.of(Optional.empty()),
                        "b",
                        Float16.encode(new float[] {value}),
                        "0".repeat(64),
                        1,
                        1,
                        "1",
                        Instant.EPOCH,
                        "",
                        new byte[0]));
    }

    @Test
    void goesOnWhereTheLastCallEndedWithoutAnyInference() {
        assertFalse(batch(results).run("images/").complete());
        assertTrue(finish(results).parts() > 1);
    }

    @Test
    void aCallBrokenOffIsDoneAgainWithoutRepeats() {
        AtomicInteger writes = new AtomicInteger();
        ResultStore breaking =
                new ResultStore() {
                    @Override
                    public Optional<byte[]> read(String name) {
                        return results.read(name);
                    }

                    @Override
                    public void write(String name, byte[] bytes, String type) {
                        if (writes.incrementAndGet() == 2) {
                            throw new StoreException("the connection broke", null);
                        }
                        results.write(name, bytes, type);
                    }

                    @Override
                    public void delete(String name) {
                        results.delete(name);
                    }

                    @Override
                    public List<String> keys(String prefix, String after, int limit) {
                        return results.keys(prefix, after, limit);
                    }
                };
        assertThrows(StoreException.class, () -> batch(breaking).run("images/"));
        finish(breaking);
    }

    private BatchClassification.Progress finish(ResultStore store) {
        BatchClassification.Progress progress = batch(store).run("images/");
        for (int call = 0; !progress.complete(); call++) {
            assertTrue(call < IMAGES, "it ends");
            progress = batch(store).run("images/");
        }
        List<String> keys = new ArrayList<>();
        for (String file : progress.files()) {
            String lines = new String(results.read(file).orElseThrow(), StandardCharsets.UTF_8);
            lines.lines().forEach(line -> assertTrue(line.contains(WAITS), line));
            lines.lines().forEach(line -> keys.add(line.substring(8, line.indexOf("\",\""))));
        }
        assertEquals(results.keys("images/", "", 1000), keys);
        assertEquals(keys.size(), progress.images());
        return progress;
    }

    @Test
    void aCallAfterTheLastOneLooksAgain() {
        var first = finish(results);
        assertEquals(IMAGES, first.images());
        image("images/new.jpg", 1);
        results.remove("images/00.jpg");
        results.remove("images/01.jpg");
        var second = finish(results);
        assertEquals(IMAGES - 1, second.images());
        assertEquals(2, second.pass());
        assertTrue(second.files().stream().noneMatch(first.files()::contains));
        assertEquals(first.id(), second.id());
    }

    @Test
    void readsTheProgressOfAnEarlierVersion() {
        String id = finish(results).id();
        results.write(
                "batch/" + id + "/state.json",
                """
                {"id":"%s","prefix":"images/","head":"v1","images":49,"unreadable":0,"after":"images/48.jpg","parts":3,"complete":false}"""
                        .formatted(id)
                        .getBytes(StandardCharsets.UTF_8),
                "application/json");
        var end = batch(results).run("images/");
        assertEquals(IMAGES, end.images());
        assertEquals("batch/" + id + "/part-00004.jsonl", end.files().getLast());
    }

    private BatchClassification batch(ResultStore store) {
        LatestHead latest = new LatestHead(heads, Duration.ofSeconds(3), clock, e -> {});
        return new BatchClassification(
                new Classification(
                        TestNetworks.of(new NeverRun()),
                        latest,
                        features,
                        new InMemoryImageStore(),
                        1000),
                new KnownImages(
                        features,
                        new InMemoryImageIndex(features),
                        new InMemoryIndexStore(),
                        e -> {},
                        clock),
                new LatestSettings(heads, Duration.ofMinutes(1), clock, e -> {}),
                store,
                clock);
    }

    /** Stored images need no network. */
    private static final class NeverRun implements Backbone {
        @Override
        public PixelPath pixelPath() {
            return PixelPath.CURRENT;
        }

        @Override
        public String id() {
            return "b";
        }

        @Override
        public String name() {
            return "never run";
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public Preprocessing preprocessing() {
            return Preprocessing.imageNet(1, 1);
        }

        @Override
        public float[] feature(float[] pixels) {
            throw new AssertionError("a stored image was featurized");
        }

        @Override
        public void close() {}
    }
}
