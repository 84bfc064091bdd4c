package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.FeatureStore.LabelledByFile;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.Sequencer;
import dev.graft.feature.UnreadableImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link FeatureStore} does; stores may hold what other tests left there. */
public abstract class FeatureStoreContract {
    private static final Instant TIME = Instant.parse("2026-11-23T10:15:30.123456Z");
    private static final Optional<Label> CAT = Optional.of(new Label("cat", LabelSource.FOLDER));

    private final String backbone = UUID.randomUUID().toString();
    private final String folder = "images/" + backbone + "/";

    /** The store under test; the same one each time within a test. */
    protected abstract FeatureStore store();

    @Test
    void findsWhatWasPut() {
        ImageFeature feature = feature("a.jpg", 1, 64);
        assertTrue(store().put(feature));
        assertEqual(feature, store().find(feature.key()).orElseThrow());
    }

    @Test
    void keepsEveryByteAndEveryLabelSource() {
        for (LabelSource source : LabelSource.values()) {
            byte[] bytes = new byte[4096];
            new Random(source.ordinal()).nextBytes(bytes);
            Label label = new Label("Käfer 猫 " + source, source);
            ImageFeature feature =
                    new ImageFeature(
                            folder + source,
                            Optional.of(label),
                            backbone,
                            bytes,
                            "ab".repeat(32),
                            6000,
                            1,
                            sequencer(1),
                            Instant.parse("2026-11-23T10:15:30Z"));
            store().put(feature);
            assertEqual(feature, store().find(feature.key()).orElseThrow());
        }
    }

    @Test
    void keepsFeaturesWithoutLabel() {
        ImageFeature feature = feature("a.jpg", 1, 8).withLabel(Optional.empty());
        store().put(feature);
        assertEqual(feature, store().find(feature.key()).orElseThrow());
    }

    @Test
    void findsNothingForAnUnknownKey() {
        assertEquals(Optional.empty(), store().find(folder + "nobody.jpg"));
    }

    @Test
    void tellsApartKeysWithSpacesPlusAndOtherScripts() {
        List<String> names =
                List.of("red cat.jpg", "red+cat.jpg", "red%20cat.jpg", "Kätzchen/猫 😀.jpg", "a//b");
        for (int i = 0; i < names.size(); i++) {
            assertTrue(store().put(feature(names.get(i), i + 1, 8)));
        }
        for (int i = 0; i < names.size(); i++) {
            ImageFeature found = store().find(folder + names.get(i)).orElseThrow();
            assertEquals(sequencer(i + 1), found.sequencer(), names.get(i));
            assertEquals(folder + names.get(i), found.key());
        }
    }

    @Test
    void ignoresADuplicateEvent() {
        ImageFeature first = feature("a.jpg", 2, 8);
        store().put(first);
        assertFalse(store().put(feature("a.jpg", 2, 16)));
        assertEqual(first, store().find(first.key()).orElseThrow());
    }

    @Test
    void ignoresAnEarlierEventThatArrivesLate() {
        ImageFeature second = feature("a.jpg", 2, 8);
        store().put(second);
        assertFalse(store().put(feature("a.jpg", 1, 16)));
        assertFalse(store().putUnreadable(unreadable("a.jpg", 1)));
        assertFalse(store().remove(second.key(), sequencer(1)));
        assertFalse(store().remove(second.key(), sequencer(2)));
        assertEqual(second, store().find(second.key()).orElseThrow());
    }

    @Test
    void aLaterEventReplacesEverything() {
        store().put(feature("a.jpg", 1, 16));
        ImageFeature second = feature("a.jpg", 2, 8).withLabel(Optional.empty());
        assertTrue(store().put(second));
        assertEqual(second, store().find(second.key()).orElseThrow());
    }

    @Test
    void aFileLabelsWhatIsThereAndWhatComesLater() {
        ImageFeature there = feature("a.jpg", 1, 8);
        store().put(there);
        assertEquals(LabelledByFile.LABELLED, store().labelByFile(there.key(), "dog"));
        assertEquals(
                LabelledByFile.LABELLED, store().labelByFile(there.key(), "dog"), "a second time");
        Optional<Label> dog = Optional.of(new Label("dog", LabelSource.FILE));
        assertEqual(there.withLabel(dog), store().find(there.key()).orElseThrow());
        assertEquals(
                new FeatureStore.Known(Optional.of(there.imageHash()), dog),
                store().known(there.key()));
        String later = folder + "later.jpg";
        assertEquals(LabelledByFile.WAITING, store().labelByFile(later, "dog"));
        assertEquals(new FeatureStore.Known(Optional.empty(), dog), store().known(later));
        assertEquals(Optional.empty(), store().find(later));
        assertEquals(Set.of(there.key()), scan().keySet());
        assertTrue(store().put(feature("later.jpg", 1, 8).withLabel(dog)));
        assertEquals(dog, store().find(later).orElseThrow().label());
    }

    @Test
    void aFileLeavesACorrectionAlone() {
        ImageFeature feature = feature("a.jpg", 1, 8);
        store().put(feature);
        Optional<Label> corrected = Optional.of(new Label("fox", LabelSource.CORRECTION));
        store().relabel(feature.key(), corrected);
        assertEquals(LabelledByFile.CORRECTED, store().labelByFile(feature.key(), "dog"));
        assertEqual(feature.withLabel(corrected), store().find(feature.key()).orElseThrow());
    }

    @Test
    void ofAnUnknownKeyNothingIsKnown() {
        assertEquals(
                new FeatureStore.Known(Optional.empty(), Optional.empty()),
                store().known(folder + "nobody.jpg"));
    }

    @Test
    void removes() {
        ImageFeature feature = feature("a.jpg", 1, 8);
        store().put(feature);
        assertTrue(store().remove(feature.key(), sequencer(2)));
        assertEquals(Optional.empty(), store().find(feature.key()));
        assertEquals(Map.of(), scan());
        assertFalse(store().remove(feature.key(), sequencer(2)), "a second time");
    }

    @Test
    void remembersARemovalThatOvertookItsImage() {
        assertTrue(store().remove(folder + "a.jpg", sequencer(5)));
        assertFalse(store().put(feature("a.jpg", 4, 8)));
        assertEquals(Optional.empty(), store().find(folder + "a.jpg"));
        assertTrue(store().put(feature("a.jpg", 6, 8)), "uploaded again");
        assertTrue(store().find(folder + "a.jpg").isPresent());
    }

    @Test
    void listsUnreadableFilesByKeyUntilTheyAreMendedOrRemoved() {
        UnreadableImage a = unreadable("a.jpg", 1);
        UnreadableImage b = unreadable("b b+ü.jpg", 1);
        UnreadableImage c = unreadable("c.jpg", 1);
        store().put(feature("b b+ü.jpg", 0, 8));
        for (UnreadableImage image : List.of(c, a, b)) {
            assertTrue(store().putUnreadable(image));
        }
        assertEquals(List.of(a, b, c), unreadable());
        assertEquals(Optional.empty(), store().find(b.key()), "its feature is gone");
        assertFalse(store().relabel(b.key(), CAT), "no feature to label");
        store().remove(a.key(), sequencer(2));
        store().put(feature("c.jpg", 2, 8));
        assertEquals(List.of(b), unreadable());
        assertEquals(1, scan().size());
    }

    @Test
    void relabelsAsOftenAsAsked() {
        ImageFeature feature = feature("a.jpg", 2, 8);
        store().put(feature);
        Optional<Label> dog = Optional.of(new Label("dog", LabelSource.CORRECTION));
        for (int i = 0; i < 2; i++) {
            assertTrue(store().relabel(feature.key(), dog));
            assertEqual(feature.withLabel(dog), store().find(feature.key()).orElseThrow());
        }
        assertTrue(store().relabel(feature.key(), Optional.empty()));
        assertEqual(feature.withLabel(Optional.empty()), store().find(feature.key()).orElseThrow());
        assertFalse(store().put(feature), "a label edit does not open the door to old events");
    }

    @Test
    void relabelsOnlyWhatHasAFeature() {
        assertFalse(store().relabel(folder + "nobody.jpg", CAT));
        store().remove(folder + "gone.jpg", sequencer(1));
        assertFalse(store().relabel(folder + "gone.jpg", CAT));
        assertEquals(Optional.empty(), store().find(folder + "gone.jpg"));
        assertTrue(store().put(feature("nobody.jpg", 1, 8)), "nothing was left behind");
    }

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
                                CAT,
                                backbone + "-other",
                                other.feature(),
                                other.imageHash(),
                                1,
                                1,
                                other.sequencer(),
                                TIME));
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
        assertEquals(sequencer(40), store().find(folder + "a.jpg").orElseThrow().sequencer());
    }

    private static void check(Future<Boolean> put) {
        assertTrue(put.resultNow());
    }

    private Map<String, ImageFeature> scan() {
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

    private List<UnreadableImage> unreadable() {
        return store().unreadable().stream().filter(i -> i.key().startsWith(folder)).toList();
    }

    private ImageFeature feature(String name, int event, int bytes) {
        byte[] feature = new byte[bytes];
        new Random(event).nextBytes(feature);
        return new ImageFeature(
                folder + name,
                CAT,
                backbone,
                feature,
                "%064x".formatted(event),
                640,
                480,
                sequencer(event),
                TIME);
    }

    private UnreadableImage unreadable(String name, int event) {
        return new UnreadableImage(folder + name, "half a JPEG", sequencer(event), TIME);
    }

    private static String sequencer(int event) {
        return Sequencer.padded("%016X".formatted(event));
    }

    private static void assertEqual(ImageFeature expected, ImageFeature actual) {
        assertArrayEquals(expected.feature(), actual.feature(), expected.key());
        assertEquals(expected.toString(), withArray(actual, expected.feature()).toString());
    }

    /** The same with the other's array, so that the texts of two equal features are equal. */
    private static ImageFeature withArray(ImageFeature f, byte[] array) {
        return new ImageFeature(
                f.key(),
                f.label(),
                f.backbone(),
                array,
                f.imageHash(),
                f.width(),
                f.height(),
                f.sequencer(),
                f.time());
    }
}
