package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import dev.graft.feature.UnreadableImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How features are scanned and written by many at once; part of {@link FeatureStoreContract}. */
abstract class FeatureScanContract {
    static final Instant TIME = Instant.parse("2026-11-23T10:15:30.123456Z");
    static final Optional<Label> CAT = Optional.of(new Label("cat", LabelSource.FOLDER));

    final String backbone = UUID.randomUUID().toString();
    final String folder = "images/" + backbone + "/";

    /** The store under test; the same one each time within a test. */
    protected abstract FeatureStore store();

    @Test
    void scansManyPagesWithoutLossOrRepeat() throws Exception {
        int count = 700; // x 4 KB: well over the megabyte of one page
        try (var threads = Executors.newFixedThreadPool(4)) {
            threads.invokeAll(
                            IntStream.range(0, count)
                                    .mapToObj(
                                            i ->
                                                    (Callable<Boolean>)
                                                            () ->
                                                                    store().put(
                                                                                    feature(
                                                                                            i
                                                                                                    + ".jpg",
                                                                                            i + 1,
                                                                                            4096)))
                                    .toList())
                    .forEach(FeatureStoreContract::check);
        }
        store().remove(folder + "0.jpg", sequencer(count + 1));
        store().putUnreadable(unreadable("1.jpg", count + 1));
        ImageFeature other = feature("2.jpg", count + 1, 8);
        store().put(
                        new ImageFeature(
                                other.key(),
                                SetLabels.of(CAT),
                                backbone + "-other",
                                other.feature(),
                                other.imageHash(),
                                1,
                                1,
                                other.sequencer(),
                                TIME,
                                "",
                                new byte[0]));
        Map<String, ImageFeature> found = scan();
        assertEquals(count - 3, found.size());
        for (int i = 3; i < count; i++) {
            assertEqual(feature(i + ".jpg", i + 1, 4096), found.get(folder + i + ".jpg"));
        }
    }

    @Test
    void aScanPassesOnWhatItsConsumerThrows() {
        store().put(feature("a.jpg", 1, 8));
        var thrown = new IllegalStateException("enough");
        assertSame(
                thrown,
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                store().scan(
                                                backbone,
                                                feature -> {
                                                    throw thrown;
                                                })));
    }

    @Test
    void theLatestOfManyRacingEventsWins() throws Exception {
        List<Callable<Boolean>> events = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            ImageFeature feature = feature("a.jpg", i, 8);
            events.add(() -> store().put(feature));
        }
        Collections.shuffle(events, new Random(7));
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> done : threads.invokeAll(events)) {
                done.get();
            }
        }
        assertEquals(sequencer(40), find(folder + "a.jpg").orElseThrow().sequencer());
    }

    static void check(Future<Boolean> put) {
        assertTrue(put.resultNow());
    }

    Map<String, ImageFeature> scan() {
        var found = new ConcurrentHashMap<String, ImageFeature>();
        var twice = new AtomicInteger();
        store().scan(
                        backbone,
                        feature -> {
                            if (found.put(feature.key(), feature) != null) {
                                twice.incrementAndGet();
                            }
                        });
        assertEquals(0, twice.get(), "keys given twice");
        return found;
    }

    Optional<ImageFeature> find(String key) {
        return store().find(key, backbone);
    }

    ImageFeature feature(String name, int event, int bytes) {
        byte[] feature = new byte[bytes];
        new Random(event).nextBytes(feature);
        return new ImageFeature(
                folder + name,
                SetLabels.of(CAT),
                backbone,
                feature,
                "%064x".formatted(event),
                640,
                480,
                sequencer(event),
                TIME,
                "",
                new byte[0]);
    }

    UnreadableImage unreadable(String name, int event) {
        return new UnreadableImage(folder + name, "half a JPEG", sequencer(event), TIME);
    }

    static String sequencer(int event) {
        return Sequencer.padded("%016X".formatted(event));
    }

    static void assertEqual(ImageFeature expected, ImageFeature actual) {
        assertArrayEquals(expected.feature(), actual.feature(), expected.key());
        assertArrayEquals(expected.thumbnail(), actual.thumbnail(), expected.key());
        assertEquals(expected.toString(), withArrays(actual, expected).toString());
    }

    /** The same with the other's arrays, so that the texts of two equal features are equal. */
    static ImageFeature withArrays(ImageFeature f, ImageFeature other) {
        return new ImageFeature(
                f.key(),
                f.labels(),
                f.backbone(),
                other.feature(),
                f.imageHash(),
                f.width(),
                f.height(),
                f.sequencer(),
                f.time(),
                "",
                other.thumbnail());
    }
}
