package dev.graft.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryIndexStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of more images than are kept as they are, here 300 of 16 values. */
class ManyImagesTest {
    private static final String NET = "net";
    private static final int WIDTH = 16;
    private static final int IMAGES = 900;

    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final InMemoryFeatureStore store = new InMemoryFeatureStore(() -> now);
    private final InMemoryIndexStore files = new InMemoryIndexStore();

    private void put(int number, int event) {
        store.put(
                new ImageFeature(
                        key(number),
                        SetLabels.of(Optional.of(new Label("c" + number % 4, LabelSource.FOLDER))),
                        NET,
                        Float16.encode(feature(number)),
                        "%064x".formatted(7919L * number + event),
                        8,
                        8,
                        Sequencer.padded("" + event),
                        now,
                        "",
                        new byte[0]));
    }

    private static String key(int number) {
        return "images/%04d.jpg".formatted(number);
    }

    private static float[] feature(int number) {
        return AxisFeatures.around(number % 4, WIDTH, new Random(number));
    }

    private void build(long exactValues) {
        var listing = new ImageListing(new InMemoryImageIndex(store), files, () -> now);
        var limits = new FeatureRows.Limits(1 << 30, exactValues);
        new BuildIndex(store, listing, files, () -> now, limits).run(Set.of(NET));
    }

    private KnownImages.Snapshot read() {
        var index = new InMemoryImageIndex(store);
        return new KnownImages(store, index, files, e -> {}, () -> now).await(NET);
    }

    private static Novelty.Familiarity asked(KnownImages.Snapshot images, int number) {
        return images.familiarity(KeptFeature.of(feature(number)).unit());
    }

    private static List<String> keys(Novelty.Familiarity familiarity) {
        return familiarity.nearest().stream().map(Neighbours.Neighbour::key).toList();
    }

    @Test
    void scoresAndEvidenceAreNearlyThoseOfAllValues() {
        IntStream.range(0, IMAGES).forEach(i -> put(i, 1));
        build(IMAGES * WIDTH);
        KnownImages.Snapshot exact = read();
        files.delete(FeatureFile.name(NET));
        build(300 * WIDTH);
        KnownImages.Snapshot cells = read();
        assertEquals(new Neighbours.Told("exact", IMAGES, false), exact.images().told());
        assertEquals(new Neighbours.Told("cells", IMAGES, false), cells.images().told());
        int same = 0;
        for (int i = IMAGES; i < IMAGES + 40; i++) {
            var a = asked(exact, i);
            var b = asked(cells, i);
            assertEquals(
                    a.nearest().getFirst().similarity(),
                    b.nearest().getFirst().similarity(),
                    0.005);
            assertEquals(a.score(), b.score(), 0.1);
            same += (int) keys(b).stream().filter(keys(a)::contains).count();
        }
        assertTrue(same >= 0.9 * 40 * 5, "evidence is the same but for equals");
        assertEquals(
                exact.novelty().threshold(95).orElseThrow(),
                cells.novelty().threshold(95).orElseThrow(),
                0.1);
        assertEquals(exact.images().labelOf(key(7)), cells.images().labelOf(key(7)));
    }

    /** Whatever the memory is; a row of the file has less than what counts in memory. */
    @Test
    void whatIsKeptFitsIntoAFile() {
        long most = FeatureRows.Limits.of(120L << 30).bytes();
        assertTrue(most <= Integer.MAX_VALUE, "%d bytes".formatted(most));
        assertEquals(700L << 20, FeatureRows.Limits.of(1400L << 20).bytes());
    }

    @Test
    void whatComesLaterIsInACellAndWhatGoesLeavesRoomForAllValues() {
        IntStream.range(0, IMAGES).forEach(i -> put(i, 1));
        build(300 * WIDTH);
        now = now.plus(Duration.ofMinutes(5));
        put(IMAGES + 1, 1);
        var later = asked(read(), IMAGES + 1);
        assertEquals(key(IMAGES + 1), later.nearest().getFirst().key());
        assertEquals(1, later.nearest().getFirst().similarity(), 1e-3);
        byte[] before = files.read(FeatureFile.name(NET), 0, 1 << 20).orElseThrow().bytes();
        IntStream.range(0, 200).forEach(i -> put(IMAGES + 2 + i, 1));
        build(300 * WIDTH);
        byte[] after = files.read(FeatureFile.name(NET), 0, 1 << 20).orElseThrow().bytes();
        assertTrue(after.length > before.length);
        assertEquals(new Neighbours.Told("cells", IMAGES + 201, false), read().images().told());
        IntStream.range(100, IMAGES + 202)
                .forEach(i -> store.remove(key(i), Sequencer.padded("2")));
        now = now.plus(Duration.ofMinutes(5));
        build(300 * WIDTH);
        build(300 * WIDTH);
        put(5, 3);
        IntStream.range(IMAGES, IMAGES + 101).forEach(i -> put(i, 3));
        build(300 * WIDTH);
        assertEquals("exact", read().images().told().search());
    }
}
