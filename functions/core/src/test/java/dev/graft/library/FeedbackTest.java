package dev.graft.library;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.ConflictException;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.KeyFolders;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.SetLabels;
import dev.graft.feature.Sha256;
import dev.graft.feature.StoredObject;
import dev.graft.library.Feedback.Outcome;
import dev.graft.library.Feedback.State;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.InMemoryResultStore;
import dev.graft.training.ForgetRequests;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kept answers, and what becomes of them when somebody says whether they were right. */
class FeedbackTest {
    private static final String KEY = "images/cat/1.jpg";
    private static final byte[] PICTURE = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 1};
    private static final String HASH = Sha256.of(PICTURE);
    private static final Optional<String> WRONG = Optional.empty();
    private static final Feedback.By ANN = new Feedback.By("ann", true);
    private static final Feedback.By GUEST = new Feedback.By("the share link till", false);

    private Instant now = Instant.parse("2026-11-29T23:59:59.123Z");
    private final InMemoryFeatureStore store = new InMemoryFeatureStore(() -> now);
    private final InMemoryImageStore images = new InMemoryImageStore();
    private final InMemoryResultStore results = new InMemoryResultStore();
    private final Undo undo =
            new Undo(results, images, store, new Classes(new InMemoryHeadStore()), () -> now);
    private int random;

    FeedbackTest() {
        images.put(KEY, PICTURE);
        put(KEY, "1", 1, 0, Optional.of("cat"));
    }

    private void put(String key, String sequencer, float x, float y, Optional<String> label) {
        store.put(
                new ImageFeature(
                        key,
                        SetLabels.of(label.map(name -> new Label(name, LabelSource.FOLDER))),
                        "net",
                        Float16.encode(new float[] {x, y}),
                        "%064x".formatted((int) x),
                        1,
                        1,
                        sequencer,
                        now,
                        "",
                        new byte[0]));
    }

    private KeptAnswers answers(int days, boolean pictures) {
        return new KeptAnswers(results, new KeptAnswers.Settings(days, pictures), () -> now);
    }

    private String keep(KeptAnswers answers, String key) {
        return keep(answers, key, LabelSet.DEFAULT);
    }

    private String keep(KeptAnswers answers, String key, LabelSet set) {
        String id = KeptAnswers.id(now, ++random, set);
        String hash = key.isEmpty() ? HASH : ForgetRequests.id(key);
        var answer =
                new KeptAnswer(
                        KeptAnswer.FORMAT,
                        id,
                        now.toString(),
                        key,
                        hash,
                        "v1",
                        "net",
                        Float16.encode(new float[] {1, 0}),
                        Map.of("cat", 0.25, "dog", 0.75),
                        "dog",
                        false,
                        -1.5,
                        null);
        answers.keep(answer, key.isEmpty() ? Optional.of(PICTURE) : Optional.empty());
        // one bucket in truth
        results.keys("results/answers/", "", 99).stream()
                .filter(file -> !file.endsWith(".json"))
                .forEach(file -> images.put(file, PICTURE));
        return id;
    }

    private Outcome give(KeptAnswers answers, String id, Optional<String> label, Feedback.By by) {
        var library = new Library(store, new InMemoryImageIndex(store), () -> now);
        return new Feedback(answers, store, images, library, undo).give(id, label, by);
    }

    private Optional<String> label(String key) {
        return store.known(key).label().map(Label::name);
    }

    @Test
    void anAnswerIsKeptByItsDayWithAllThatItSays() {
        KeptAnswers answers = answers(30, true);
        String id = keep(answers, "");
        assertEquals("20261129T235959123-0000000000000001", id);
        String file = "results/answers/2026-11-29/" + id + "." + HASH;
        assertEquals(
                List.of(file + ".jpg", file + ".json"), results.keys("results/answers/", "", 9));
        KeptAnswers.Found found = answers.find(id).orElseThrow();
        assertEquals(Optional.of(file + ".jpg"), found.picture());
        KeptAnswer answer = found.answer();
        assertArrayEquals(Float16.encode(new float[] {1, 0}), answer.feature());
        assertEquals(0.75, answer.probabilities().get("dog"));
        assertEquals(-1.5, answer.familiarity());
        assertEquals(false, answer.known());
        assertEquals("2026-11-29T23:59:59.123Z v1 net", text(answer));
        String other = keep(answers(30, false), "");
        assertEquals(Optional.empty(), answers.find(other).orElseThrow().picture());
        results.write(file.substring(8) + ".json", new byte[] {'{'}, "application/json");
        assertThrows(DamagedFileException.class, () -> answers.find(id));
    }

    private static String text(KeptAnswer answer) {
        return String.join(" ", answer.time(), answer.head(), answer.backbone());
    }

    @Test
    void whereNothingIsKeptFeedbackSaysHowToKeepIt() {
        KeptAnswers off = answers(0, true);
        String id = keep(off, KEY);
        assertEquals(List.of(), results.keys("results/", "", 9));
        var refused = assertThrows(NotFoundException.class, () -> give(off, id, WRONG, ANN));
        assertTrue(refused.getMessage().contains("set AnswerDays"), refused.getMessage());
        KeptAnswers on = answers(30, true);
        var unknown = assertThrows(NotFoundException.class, () -> give(on, id, WRONG, ANN));
        assertTrue(unknown.getMessage().contains("more than 30 days ago"), unknown.getMessage());
        for (String none : List.of("", "1", id + "/../x", id.replace('-', '.'))) {
            assertThrows(BadRequestException.class, () -> give(on, none, WRONG, ANN), none);
        }
    }

    @Test
    void aStoredImageGetsTheLabelAndKeepsWhoGaveIt() {
        KeptAnswers answers = answers(30, false);
        String id = keep(answers, KEY);
        Outcome given = give(answers, id, Optional.of("lynx"), ANN);
        assertEquals(State.LABELLED, given.state());
        assertEquals(Optional.of(KEY), given.key());
        assertEquals(Optional.of("lynx"), label(KEY));
        assertEquals("feedback of ann", store.history(KEY).getFirst().by());
        KeptAnswer.Told told = answers.find(id).orElseThrow().answer().told();
        assertEquals(new KeptAnswer.Told("lynx", KEY, now.toString()), told);
        Outcome again = give(answers, id, Optional.of("lynx"), ANN);
        assertEquals(Optional.empty(), again.undo(), "nothing was changed");
        undo.undo(given.undo().orElseThrow());
        assertEquals(Optional.of("cat"), label(KEY));
        give(answers, id, Optional.of("dog"), new Feedback.By("", true));
        assertEquals("feedback", store.history(KEY).getFirst().by());
    }

    /** Its label, where the head says the same; else that is known already. */
    @Test
    void aWrongAnswerTakesTheLabelAwayThatItShares() {
        KeptAnswers answers = answers(30, false);
        String id = keep(answers, KEY);
        Outcome other = give(answers, id, WRONG, ANN);
        assertEquals(State.NOTED, other.state());
        assertTrue(other.reason().orElseThrow().contains("labelled cat"), other::toString);
        store.decide(Decision.of(KEY, Optional.of("dog"), "ben"));
        assertEquals(State.NOTED, give(answers, id, WRONG, GUEST).state());
        assertEquals(Optional.of("dog"), label(KEY));
        Outcome disputed = give(answers, id, WRONG, ANN);
        assertEquals(State.REVIEW, disputed.state());
        assertEquals(Optional.empty(), label(KEY));
        Outcome waits = give(answers, id, WRONG, GUEST);
        assertEquals(State.REVIEW, waits.state());
        assertEquals(Optional.empty(), waits.undo());
        undo.undo(disputed.undo().orElseThrow());
        assertEquals(Optional.of("dog"), label(KEY));
    }

    @Test
    void anImageThatIsGoneOrAnotherPictureNowIsLeftAlone() {
        KeptAnswers answers = answers(30, false);
        String id = keep(answers, KEY);
        put(KEY, "2", 0, 1, Optional.of("cat"));
        var refused =
                assertThrows(
                        ConflictException.class, () -> give(answers, id, Optional.of("dog"), ANN));
        assertTrue(refused.getMessage().contains("another picture now"), refused.getMessage());
        store.remove(KEY, "3");
        assertThrows(NotFoundException.class, () -> give(answers, id, WRONG, ANN));
        assertEquals(null, answers.find(id).orElseThrow().answer().told());
    }

    @Test
    void aKeptPictureBecomesAnImageOfItsClassAndGoesAgain() {
        KeptAnswers answers = answers(30, true);
        String id = keep(answers, "");
        Outcome given = give(answers, id, Optional.of("none of these"), ANN);
        String key = "images/none of these/feedback-" + HASH.substring(0, 16) + ".jpg";
        assertEquals(State.ADDED, given.state());
        assertEquals(Optional.of(key), given.key());
        assertArrayEquals(PICTURE, images.read(key, 99).orElseThrow().bytes());
        assertThrows(
                NotFoundException.class,
                () -> give(answers, id, Optional.of("dog"), ANN),
                "it was not read yet");
        put(key, "1", 1, 0, Optional.of("none of these"));
        Outcome second = give(answers, id, Optional.of("dog"), ANN);
        assertEquals(State.LABELLED, second.state(), "no second copy with another label");
        assertEquals(1, undo.undo(given.undo().orElseThrow()).kept().size(), "labelled since");
        undo.undo(second.undo().orElseThrow());
        assertEquals(1, undo.undo(given.undo().orElseThrow()).changed());
        assertTrue(images.find(key).isEmpty());
        assertEquals(0, undo.undo(given.undo().orElseThrow()).changed());
        assertEquals(State.ADDED, give(answers, id, Optional.of("dog"), ANN).state());
    }

    @Test
    void aWrongAnswerWhosePictureIsKeptWaitsInTheQueue() {
        KeptAnswers answers = answers(30, true);
        String id = keep(answers, "");
        Outcome given = give(answers, id, WRONG, GUEST);
        String key = Feedback.WAITING + HASH.substring(0, 16) + ".jpg";
        assertEquals(State.REVIEW, given.state());
        assertTrue(images.find(key).isPresent());
        put(key, "1", 1, 0, Optional.empty());
        assertEquals(State.LABELLED, give(answers, id, Optional.of("dog"), ANN).state());
        assertEquals(Optional.of("dog"), label(key));
    }

    /** Where the folder says nothing, the metadata do; a picture that is there gets the label. */
    @Test
    void aKeptPictureIsAddedWithItsLabelInItsLabelSet() {
        KeptAnswers answers = answers(30, true);
        LabelSet damage = new LabelSet("damage");
        String id = keep(answers, "", damage);
        Outcome given = give(damage, answers, id, "dent");
        String key = Feedback.WAITING + HASH.substring(0, 16) + ".jpg";
        assertEquals(State.ADDED, given.state());
        assertEquals(Optional.of(key), given.key());
        assertEquals(Optional.empty(), given.reason());
        assertEquals(Map.of(damage, "dent"), images.read(key, 99).orElseThrow().metadataLabels());
        put(key, "1", 1, 0, Optional.empty());
        String again = keep(answers, "", damage);
        assertEquals(State.LABELLED, give(damage, answers, again, "rust").state());
        assertEquals("rust", store.in(damage).known(key).label().orElseThrow().name());
        String other = keep(answers, "");
        assertEquals(State.LABELLED, give(answers, other, Optional.of("cat"), ANN).state());
        assertEquals(Optional.of("cat"), label(key), "no second copy for the other set");
        assertEquals(
                List.of(key),
                images.list("images/feedback", "").stream().map(StoredObject::key).toList());
    }

    private Outcome give(LabelSet set, KeptAnswers answers, String id, String label) {
        var index = new InMemoryImageIndex(store).in(set);
        var library = new Library(store.in(set), index, () -> now);
        return new Feedback(answers, store.in(set), images, library, undo.in(set))
                .give(id, Optional.of(label), ANN);
    }

    @Test
    void aPictureThatWasNotKeptIsNotedWithTheRemedy() {
        KeptAnswers answers = answers(30, false);
        String id = keep(answers, "");
        Outcome given = give(answers, id, Optional.of("lynx"), ANN);
        assertEquals(State.NOTED, given.state());
        assertTrue(given.reason().orElseThrow().contains("set AnswerPictures"), given::toString);
        KeptAnswer.Told told = answers.find(id).orElseThrow().answer().told();
        assertEquals(new KeptAnswer.Told("lynx", "", now.toString()), told);
    }

    /** Several labels are one folder, as of uploads. */
    @ParameterizedTest
    @ValueSource(strings = {"sea+sky", "train", "two words", "caf\u00e9", "cafe\u0301"})
    void theFolderOfAnAddedImageSaysItsLabel(String label) {
        KeptAnswers answers = answers(30, true);
        Outcome given = give(answers, keep(answers, ""), Optional.of(label), ANN);
        Optional<String> read = KeyFolders.of(given.key().orElseThrow()).label();
        assertEquals(label.startsWith("caf") ? "caf\u00e9" : label, read.orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"val", "a/b", ".a", "/", "__MACOSX", "a\nb"})
    void aLabelThatCanBeNoFolderIsRefused(String label) {
        KeptAnswers answers = answers(30, true);
        String id = keep(answers, "");
        assertThrows(BadRequestException.class, () -> give(answers, id, Optional.of(label), ANN));
        assertEquals(null, answers.find(id).orElseThrow().answer().told());
    }

    @Test
    void whatWasKeptForLongEnoughGoes() {
        keep(answers(30, true), "");
        now = now.plusSeconds(1);
        String next = keep(answers(30, true), "");
        now = now.plusSeconds(29 * 86_400);
        answers(30, true).sweep();
        assertEquals(4, results.keys("results/answers/", "", 9).size());
        now = now.plusSeconds(86_400);
        answers(30, true).sweep();
        assertEquals(2, results.keys("results/answers/", "", 9).size());
        assertTrue(answers(30, true).find(next).isPresent());
        answers(0, false).sweep();
        assertEquals(List.of(), results.keys("results/answers/", "", 9));
    }
}
