package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageIndex.Entry;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoredObject;
import dev.graft.feature.UnreadableImage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link ImageIndex} does; it may lag behind its features for a moment. */
public abstract class ImageIndexContract {
    private static final Instant START = Instant.parse("2026-11-23T10:15:30Z");

    private static final String BACKBONE = "net";

    private final String folder = "images/" + UUID.randomUUID() + "/";

    /** The features that are listed. */
    protected abstract FeatureStore features();

    /** Its labels. */
    protected abstract LabelStore labels();

    /** The index under test, of nothing but these. */
    protected abstract ImageIndex index();

    @Test
    void listsNewestFirstWithEverythingButTheFeature() {
        put(1, "cat");
        put(2, null);
        Entry newest = index().list(new ImageIndex.All(), 1, Optional.empty()).images().getFirst();
        assertEquals(new Entry(key(2), Optional.empty(), 640, 480, START.plusNanos(2)), newest);
        assertEquals(List.of(2, 1), numbers(new ImageIndex.All(), 10));
    }

    @Test
    void pagesWithoutLossOrRepeat() {
        IntStream.range(0, 37).forEach(i -> put(i, i % 3 == 0 ? null : i % 3 == 1 ? "cat" : "dog"));
        for (int limit : new int[] {1, 5, 37, 100}) {
            assertEquals(down(37, 0, 1), numbers(new ImageIndex.All(), limit));
            assertEquals(down(37, 0, 3), numbers(new ImageIndex.Unlabelled(), limit));
            assertEquals(down(37, 2, 3), numbers(new ImageIndex.OfLabel("dog"), limit));
        }
        assertEquals(List.of(), numbers(new ImageIndex.OfLabel("bird"), 5));
        List<Integer> each = new ArrayList<>();
        index().changes(Instant.EPOCH, image -> each.add(number(image.key())));
        assertEquals(down(37, 0, 1), each.stream().sorted((a, b) -> b - a).toList());
    }

    @Test
    void findsALabelAmongSeveral() {
        List<String> labels = List.of("sea+sky", "sea", "seal", "seal+sky", "sky");
        IntStream.range(0, 20).forEach(i -> put(i, labels.get(i % 5)));
        for (int limit : new int[] {1, 3, 100}) {
            List<Integer> found = numbers(new ImageIndex.OneOfSeveral("sea"), limit);
            assertEquals(List.of(16, 15, 11, 10, 6, 5, 1, 0), found);
        }
    }

    @Test
    void pagesThroughImagesOfTheSameInstant() {
        IntStream.range(0, 9).forEach(i -> features().put(feature(i, "cat", START)));
        for (var which : List.of(new ImageIndex.All(), new ImageIndex.OfLabel("cat"))) {
            assertEquals(
                    down(9, 0, 1), numbers(which, 2).stream().sorted((a, b) -> b - a).toList());
        }
    }

    @Test
    void aCursorHoldsWhileTheImagesBeforeItLeaveTheList() {
        IntStream.range(0, 9).forEach(i -> put(i, "cat"));
        var cats = new ImageIndex.OfLabel("cat");
        ImageIndex.Page<Entry> page = index().list(cats, 4, Optional.empty());
        for (Entry image : page.images()) {
            labels().decide(Decision.of(image.key(), Optional.of("dog"), "ann"));
        }
        ImageIndex.Page<Entry> next = index().list(cats, 9, page.cursor());
        assertEquals(
                down(5, 0, 1), next.images().stream().map(image -> number(image.key())).toList());
    }

    @Test
    void followsLabelsAndRemovals() {
        put(1, "cat");
        put(2, "cat");
        put(3, "cat");
        labels().decide(Decision.of(key(1), Optional.of("dog"), "ann"));
        features().remove(key(2), sequencer(9));
        unreadable(4, 1);
        assertEquals(List.of(3), numbers(new ImageIndex.OfLabel("cat"), 5));
        assertEquals(List.of(1), numbers(new ImageIndex.OfLabel("dog"), 5));
        assertEquals(List.of(3, 1), numbers(new ImageIndex.All(), 5));
    }

    @Test
    void countsWhatCameSince() {
        IntStream.range(0, 20).forEach(i -> put(i, i % 2 == 0 ? "cat" : null));
        features().remove(key(19), sequencer(99));
        Instant tenth = index().find(List.of(key(10))).getFirst().time();
        assertEquals(9, index().arrivedSince(tenth));
        assertEquals(8, index().arrivedSince(tenth.plusNanos(1)));
        assertEquals(19, index().arrivedSince(Instant.EPOCH));
    }

    @Test
    void findsThoseThatAreThere() {
        put(1, "cat");
        put(2, null);
        put(3, null);
        features().remove(key(3), sequencer(2));
        List<String> keys = new ArrayList<>(List.of(key(2), key(3), key(9), key(1), key(2)));
        IntStream.range(100, 300).forEach(i -> keys.add(key(i))); // more than one call takes
        assertEquals(List.of(key(2), key(1)), index().find(keys).stream().map(Entry::key).toList());
        assertEquals("cat", index().find(keys).get(1).label().orElseThrow().name());
    }

    @Test
    void countsAllThatIsThere() {
        put(1, "cat");
        put(2, "cat");
        put(3, null);
        put(4, "a dog #1");
        put(5, "cat");
        features().put(feature(2, "cat", START, "second"));
        unreadable(5, 2);
        unreadable(6, 1);
        features().remove(key(4), sequencer(2));
        labels().decide(
                        Decision.byFile(
                                key(9),
                                "cat",
                                new StoredObject("labels/a.csv", "", START))); // no image yet
        labels().decide(Decision.of(key(1), Optional.of("dog"), "ann"));
        assertEquals(
                new ImageIndex.Counts(
                        new TreeMap<>(Map.of("cat", 1, "dog", 1)),
                        1,
                        2,
                        new TreeMap<>(Map.of(BACKBONE, 3, "second", 1))),
                index().counts());
        assertEquals(2, index().counts().labelled());
        assertEquals(3, index().counts().images());
        assertEquals(0, index().counts().lacking(BACKBONE));
        assertEquals(2, index().counts().lacking("second"));
        assertEquals(3, index().counts().lacking("third"));
        assertTrue(features().deleteFeatures(BACKBONE, Instant.MAX));
        assertEquals(3, index().counts().lacking(BACKBONE));
        assertEquals(2, index().counts().lacking("second"));
        assertEquals(List.of(3, 2, 1), numbers(new ImageIndex.All(), 9), "they stay");
    }

    @Test
    void listsFilesThatCannotBeReadUntilTheyAreMendedOrRemoved() {
        IntStream.range(0, 9).forEach(i -> unreadable(i, 1));
        put(3, "cat", 2);
        features().remove(key(4), sequencer(2));
        List<Integer> found = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            ImageIndex.Page<UnreadableImage> page = index().unreadable(2, cursor);
            assertTrue(page.images().size() <= 2);
            page.images().forEach(image -> found.add(number(image.key())));
            assertEquals("no", page.images().getFirst().reason());
            cursor = page.cursor();
        } while (cursor.isPresent());
        assertEquals(List.of(8, 7, 6, 5, 2, 1, 0), found);
    }

    @Test
    void tellsWhatChangedSinceAndOnlyThat() {
        IntStream.range(0, 6).forEach(i -> put(i, "cat"));
        Instant last =
                changes(Instant.EPOCH).values().stream()
                        .map(ImageIndex.Change::changed)
                        .max(Instant::compareTo)
                        .orElseThrow();
        Instant since = last.plusNanos(1);
        while (!Instant.now().isAfter(since)) {
            Thread.onSpinWait();
        }
        labels().decide(Decision.of(key(1), Optional.of("dog"), "ann"));
        features().remove(key(2), sequencer(2));
        unreadable(3, 2);
        features().put(feature(4, "cat", START, "second"));
        Map<Integer, ImageIndex.Change> told = changes(since);
        assertEquals(Set.of(1, 2, 3, 4), told.keySet());
        assertEquals("dog", told.get(1).label().orElseThrow().name());
        assertEquals(
                new TreeSet<>(Set.of(BACKBONE, "second")),
                told.get(4).picture().orElseThrow().backbones());
        assertEquals("%064x".formatted(1), told.get(1).picture().orElseThrow().imageHash());
        assertInstanceOf(ImageRecord.Gone.class, told.get(2).content());
        assertInstanceOf(ImageRecord.Unreadable.class, told.get(3).content());
        assertEquals(6, changes(Instant.EPOCH).size());
    }

    @Test
    void theFeaturesOfManyAreGivenAtOnce() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            keys.add(key(i));
            if (i % 2 == 0) {
                put(i, "cat");
            }
        }
        List<FeatureStore.Vector> found = features().vectors(keys, BACKBONE);
        assertEquals(65, found.stream().map(FeatureStore.Vector::key).distinct().count());
        for (FeatureStore.Vector vector : found) {
            ImageFeature same = features().find(vector.key(), BACKBONE).orElseThrow();
            assertArrayEquals(same.feature(), vector.feature());
            assertEquals(same.imageHash(), vector.imageHash());
            assertArrayEquals(same.thumbnail(), vector.thumbnail());
        }
        assertEquals(List.of(), features().vectors(keys, "another"));
        assertEquals(List.of(), features().vectors(List.of(), BACKBONE));
    }

    @Test
    void tellsWhatChangedBitByBit() {
        IntStream.range(0, 20).forEach(i -> put(i, "cat"));
        unreadable(20, 1);
        features().remove(key(3), sequencer(9));
        for (int limit : new int[] {1, 9, 100}) {
            Map<Integer, ImageIndex.Change> told = new TreeMap<>();
            Optional<Instant> next = Optional.of(Instant.EPOCH);
            for (int calls = 0; next.isPresent(); calls++) {
                assertTrue(calls < 50, "does not end");
                ImageIndex.Changes some = index().changes(next.get(), limit);
                some.images().forEach(image -> told.put(number(image.key()), image));
                assertTrue(
                        some.next().filter(next.get()::isBefore).isPresent()
                                || some.next().isEmpty());
                next = some.next();
            }
            assertEquals(changes(Instant.EPOCH), told);
        }
        int few = index().changes(Instant.EPOCH, 1).images().size();
        assertTrue(few < 18, few + " are more than asked for");
    }

    private Map<Integer, ImageIndex.Change> changes(Instant since) {
        Map<Integer, ImageIndex.Change> told = new HashMap<>();
        index().changes(since, image -> told.put(number(image.key()), image));
        return told;
    }

    @Test
    void refusesACursorThatIsNone() {
        String time = "2026-01-01T00:00:00Z ";
        for (String cursor :
                List.of(
                        "%%%",
                        base64(time), base64(time + "k".repeat(1025)), base64("x images/a"))) {
            assertThrows(
                    BadRequestException.class,
                    () -> index().list(new ImageIndex.All(), 5, Optional.of(cursor)),
                    cursor);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<Integer> numbers(ImageIndex.Which which, int limit) {
        List<Integer> found = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            ImageIndex.Page<Entry> page = index().list(which, limit, cursor);
            page.images().forEach(image -> found.add(number(image.key())));
            cursor = page.cursor();
        } while (cursor.isPresent());
        return found;
    }

    /** From the end to 0, those with this rest. */
    private static List<Integer> down(int end, int rest, int divisor) {
        return IntStream.range(0, end)
                .map(i -> end - 1 - i)
                .filter(i -> i % divisor == rest % divisor)
                .boxed()
                .toList();
    }

    private void put(int number, String label) {
        put(number, label, 1);
    }

    private void put(int number, String label, int event) {
        ImageFeature image = feature(number, label, START.plusNanos(number));
        features()
                .put(
                        new ImageFeature(
                                image.key(),
                                image.labels(),
                                BACKBONE,
                                image.feature(),
                                image.imageHash(),
                                640,
                                480,
                                sequencer(event),
                                image.time(),
                                "",
                                new byte[0]));
    }

    private void unreadable(int number, int event) {
        features().putUnreadable(new UnreadableImage(key(number), "no", sequencer(event), START));
    }

    private ImageFeature feature(int number, String label, Instant time) {
        return feature(number, label, time, BACKBONE);
    }

    private ImageFeature feature(int number, String label, Instant time, String backbone) {
        return new ImageFeature(
                key(number),
                SetLabels.of(
                        Optional.ofNullable(label)
                                .map(name -> new Label(name, LabelSource.FOLDER))),
                backbone,
                new byte[8],
                "%064x".formatted(number),
                640,
                480,
                sequencer(1),
                time,
                "",
                new byte[0]);
    }

    private String key(int number) {
        return folder + number;
    }

    private int number(String key) {
        return Integer.parseInt(key.substring(folder.length()));
    }

    private static String sequencer(int event) {
        return Sequencer.padded("%016X".formatted(event));
    }
}
