package dev.graft.library;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoredObject;
import dev.graft.head.Activation;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.InMemoryResultStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What was deleted or labelled comes back as it was, but for what somebody changed since. */
class UndoTest {
    private Instant now = Instant.parse("2026-11-28T10:00:00Z");
    private final InMemoryFeatureStore store = new InMemoryFeatureStore(() -> now);
    private final InMemoryImageStore images = new InMemoryImageStore();
    private final InMemoryResultStore results = new InMemoryResultStore();
    private final Library library = new Library(store, new InMemoryImageIndex(store), () -> now);
    private final Classes classes = new Classes(new InMemoryHeadStore());
    private final Undo undo = new Undo(results, images, store, classes, () -> now);

    UndoTest() {
        for (int i = 0; i < 3; i++) {
            images.put(key(i), new byte[] {(byte) i}, Optional.of("cat"), Optional.empty());
            put(i, "1");
        }
    }

    private static String key(int i) {
        return "images/cat/" + i + ".jpg";
    }

    private void put(int i, String sequencer) {
        store.put(
                new ImageFeature(
                        key(i),
                        SetLabels.of(Optional.of(new Label("cat", LabelSource.FOLDER))),
                        "b",
                        Float16.encode(new float[] {1}),
                        "%064x".formatted(i),
                        1,
                        1,
                        sequencer,
                        now,
                        "",
                        new byte[0]));
    }

    private Label label(int i) {
        return store.known(key(i)).label().orElse(new Label("none", LabelSource.FOLDER));
    }

    private String renamed(String from, String to, String by) {
        now = now.plusSeconds(1);
        List<Library.Made> made = new ArrayList<>();
        library.rename(from, to, Activation.SOFTMAX, by, made::add);
        return undo.afterLabelling(made, Map.of(), "renamed").orElseThrow();
    }

    @Test
    void deletedFilesComeBackWithWhatTheySayOfTheirLabel() {
        List<String> keys = List.of(key(0), "images/none.jpg", key(2));
        String id = undo.beforeDeletion(keys, "deleted 3 images");
        images.delete(keys);
        assertEquals(new Undo.Undone("deleted 3 images", 2, List.of()), undo.undo(id));
        assertArrayEquals(new byte[] {2}, images.read(key(2), 9).orElseThrow().bytes());
        assertEquals(Optional.of("cat"), images.read(key(0), 9).orElseThrow().tagLabel());
        assertTrue(images.find("images/none.jpg").isEmpty());
        assertEquals(0, undo.undo(id).changed(), "once more");
    }

    @Test
    void aPictureThatHasTheKeyNowStays() {
        String id = undo.beforeDeletion(List.of(key(0)), "deleted one");
        images.delete(key(0));
        images.put(key(0), new byte[] {9});
        Undo.Undone undone = undo.undo(id);
        assertEquals(0, undone.changed());
        assertEquals(key(0), undone.kept().getFirst().key());
        assertArrayEquals(new byte[] {9}, images.read(key(0), 9).orElseThrow().bytes());
    }

    @Test
    void whatAPersonSaidOfADeletedImageCountsWhenItComesBack() {
        library.label(Decision.of(key(1), Optional.of("lynx"), "ann"));
        String id = undo.beforeDeletion(List.of(key(1)), "deleted one");
        images.delete(key(1));
        store.remove(key(1), "2");
        undo.undo(id);
        put(1, "3"); // as the event of the copy has it
        assertEquals(new Label("lynx", LabelSource.CORRECTION), label(1));
    }

    @Test
    void aMergeIsTakenBackExactlyWhereNobodyDecidedSince() {
        library.label(Decision.of(key(2), Optional.of("dog"), "ann"));
        String id = renamed("cat", "dog", "ben");
        now = now.plusSeconds(1);
        library.label(Decision.of(key(1), Optional.of("puma"), "carol"));
        Undo.Undone undone = undo.undo(id);
        assertEquals(1, undone.changed());
        assertEquals(List.of(new Undo.Kept(key(1), "labelled since as puma")), undone.kept());
        assertEquals(new Label("cat", LabelSource.FOLDER), label(0));
        assertEquals(new Label("dog", LabelSource.CORRECTION), label(2), "was a dog before");
        assertEquals(0, undo.undo(id).changed(), "once more");
        assertEquals(new Label("cat", LabelSource.FOLDER), label(0));
    }

    @Test
    void aChangeInALabelSetIsTakenBackThereWhoeverAsks() {
        LabelSet damage = new LabelSet("damage");
        var dents =
                new Library(store.in(damage), new InMemoryImageIndex(store).in(damage), () -> now);
        dents.label(Decision.of(key(0), Optional.of("dent"), "ann"));
        now = now.plusSeconds(1);
        Classes ofSet = classes.in(damage);
        ofSet.put("dent", new Classes.Kept(120));
        List<Library.Made> made = new ArrayList<>();
        dents.rename("dent", "rust", Activation.SOFTMAX, "ben", made::add);
        Optional<Classes.Kept> gone = ofSet.rename("dent", "rust");
        String id =
                undo.in(damage)
                        .afterLabelling(made, Map.of("dent", gone.orElseThrow()), "renamed")
                        .orElseThrow();
        assertEquals(1, undo.undo(id).changed());
        assertEquals("dent", store.in(damage).known(key(0)).label().orElseThrow().name());
        assertEquals(new Label("cat", LabelSource.FOLDER), label(0));
        assertEquals(new Classes.Kept(120), ofSet.all().get("dent"));
        assertEquals(Map.of(), classes.all());
    }

    @Test
    void aClassThatWasTakenAwayComesBack() {
        now = now.plusSeconds(1);
        List<Library.Made> made = new ArrayList<>();
        assertEquals(3, library.takeAway("cat", Activation.SOFTMAX, "ann", made::add).changed());
        assertEquals("none", label(0).name());
        String id = undo.afterLabelling(made, Map.of(), "deleted class cat").orElseThrow();
        assertEquals(3, undo.undo(id).changed());
        assertEquals(new Label("cat", LabelSource.FOLDER), label(0));
    }

    @Test
    void aClassWithoutImagesComesBackWithItsColour() {
        classes.put("tulip", new Classes.Kept(120));
        classes.put("rose", new Classes.Kept(null));
        Optional<Classes.Kept> gone = classes.rename("tulip", "rose");
        assertEquals(Map.of("rose", new Classes.Kept(null)), classes.all());
        String id =
                undo.afterLabelling(List.of(), Map.of("tulip", gone.orElseThrow()), "renamed")
                        .orElseThrow();
        undo.undo(id);
        assertEquals(new Classes.Kept(120), classes.all().get("tulip"));
        assertEquals(Optional.empty(), classes.remove("none"));
        classes.rename("tulip", "lily");
        assertEquals(new Classes.Kept(120), classes.all().get("lily"));
    }

    @Test
    void ofADecisionThatWasMadeBeforeThereIsNothingToTakeBack() {
        List<Decision> same = List.of(Decision.of(key(0), Optional.of("lynx"), "ann"));
        library.label(same, made -> {});
        now = now.plusSeconds(1);
        List<Library.Made> made = new ArrayList<>();
        library.label(same, made::add);
        assertEquals(Optional.empty(), undo.afterLabelling(made, Map.of(), "labelled"));
    }

    @Test
    void whatIsTooOldIsDeletedAndNoLongerTakenBack() {
        String id = undo.beforeDeletion(List.of(key(0), key(1)), "deleted 2");
        images.put("images/undo/1/0", new byte[1]);
        now =
                images.list("results/undo/", "").stream()
                        .map(StoredObject::modified)
                        .max(Comparator.naturalOrder())
                        .orElseThrow()
                        .plus(Undo.KEPT);
        ExpiredResults.delete(images, () -> now);
        assertEquals(1, images.list("results/undo/", "").size(), "the newer of two");
        now = now.plus(Duration.ofSeconds(1));
        ExpiredResults.delete(images, () -> now);
        assertEquals(List.of(), images.list("results/undo/", ""));
        assertTrue(images.find("images/undo/1/0").isPresent());
        assertEquals(0, undo.undo(id).changed());
    }

    @Test
    void exportsAreDeletedSoonerThanWhatCanBeTakenBack() {
        String export = "results/export/images/1/0.zip";
        String kept = "results/undo/1/0";
        images.put(export, new byte[1]);
        images.put(kept, new byte[1]);
        images.put("results/batch/1/0.csv", new byte[1]);
        Instant stored = images.find(export).orElseThrow().modified();
        now = stored.plus(ResultStore.EXPORTS_KEPT);
        ExpiredResults.delete(images, () -> now);
        assertTrue(images.find(export).isPresent());
        now = now.plusSeconds(1);
        ExpiredResults.delete(images, () -> now);
        assertTrue(images.find(export).isEmpty());
        assertTrue(images.find(kept).isPresent());
        now = now.plus(Undo.KEPT);
        ExpiredResults.delete(images, () -> now);
        assertTrue(images.find(kept).isEmpty());
        assertTrue(images.find("results/batch/1/0.csv").isPresent());
    }

    @Test
    void refusesWhatIsNoChange() {
        assertThrows(BadRequestException.class, () -> undo.undo("../heads/latest.json"));
        var none =
                assertThrows(
                        NotFoundException.class,
                        () -> undo.undo("20261128T120000000000000-1a2b3c4d"));
        assertTrue(none.getMessage().contains("30 days"), none.getMessage());
    }
}
