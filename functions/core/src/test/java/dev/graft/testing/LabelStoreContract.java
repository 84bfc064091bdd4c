package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.LabelStore.Outcome;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoredObject;
import dev.graft.feature.UnreadableImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What every {@link LabelStore} does; stores may hold what other tests left there. */
public abstract class LabelStoreContract {
    private static final Instant TIME = Instant.parse("2026-11-23T10:15:30Z");
    private static final Optional<String> DOG = Optional.of("dog");
    private static final Optional<String> FOX = Optional.of("fox");

    private final String key = "images/" + UUID.randomUUID() + "/a+ü.jpg";

    /** The features of the same images. */
    protected abstract FeatureStore features();

    /** The store under test; the same one each time within a test. */
    protected abstract LabelStore store();

    @Test
    void decidesAsOftenAsAsked() {
        upload(1, "picture", "cat");
        for (int i = 0; i < 2; i++) {
            var answer = store().decide(Decision.of(key, DOG, "ann"));
            assertEquals(Outcome.LABELLED, answer.outcome());
            assertEquals(correction("dog"), answer.now().label());
            assertEquals(correction("dog"), found());
        }
        assertEquals(2, store().history(key).size(), "the folder's and one of a person");
        store().decide(Decision.of(key, Optional.empty(), "bob"));
        assertEquals(Optional.empty(), found());
    }

    @Test
    void remembersWhoDecidedAndWhenUpToTwentyTimes() {
        upload(1, "picture", "cat");
        for (int i = 0; i < 25; i++) {
            store().decide(Decision.of(key, Optional.of("label " + i), "person " + i));
        }
        List<LabelChange> history = store().history(key);
        assertEquals(20, history.size());
        assertEquals(Optional.of("label 24"), history.getFirst().name());
        assertEquals("person 24", history.getFirst().by());
        assertEquals(Optional.of("picture"), history.getFirst().imageHash());
        assertEquals(Optional.of("label 5"), history.getLast().name());
        assertTrue(history.getFirst().time().isAfter(TIME), "" + history);
        assertEquals(List.of(), store().history(key + "?"));
    }

    @Test
    void aPersonDecidesOnlyAboutPicturesThatAreThere() {
        assertEquals(Outcome.NO_IMAGE, decide(DOG));
        upload(1, "picture", null);
        features().remove(key, sequencer(2));
        assertEquals(Outcome.NO_IMAGE, decide(DOG));
        features().putUnreadable(new UnreadableImage(key, "no", sequencer(3), TIME));
        assertEquals(Outcome.NO_IMAGE, decide(DOG));
        assertEquals(List.of(), store().history(key), "nothing was left behind");
    }

    @Test
    void aFileLabelsWhatIsThereAndWhatComesLater() {
        assertEquals(Outcome.LABELLED, byFile("dog"));
        assertEquals(Outcome.LABELLED, byFile("dog"), "a second time");
        assertEquals(Optional.empty(), features().find(key, "net"));
        upload(1, "picture", "cat");
        assertEquals(file("dog"), found());
        assertEquals(Outcome.LABELLED, byFile("fox"));
        assertEquals(file("fox"), found());
        assertEquals("labels/a.csv", store().history(key).getFirst().by());
        upload(2, "another picture", "cat");
        assertEquals(file("fox"), found(), "a line stays with its key");
    }

    @Test
    void aFileLeavesAPersonsDecisionAlone() {
        upload(1, "picture", "cat");
        decide(FOX);
        assertEquals(Outcome.PERSON_DECIDED, byFile("dog"));
        assertEquals(correction("fox"), found());
    }

    @Test
    void decisionsSurviveBrokenUploadsAndDeletions() {
        upload(1, "picture", "cat");
        decide(FOX);
        features().putUnreadable(new UnreadableImage(key, "no", sequencer(2), TIME));
        upload(3, "picture", "cat");
        assertEquals(correction("fox"), found());
        features().remove(key, sequencer(4));
        upload(5, "picture", "cat");
        assertEquals(correction("fox"), found());
        upload(6, "another picture", "cat");
        assertEquals(Optional.of(new Label("cat", LabelSource.FOLDER)), found());
        byFile("dog");
        features().putUnreadable(new UnreadableImage(key, "no", sequencer(7), TIME));
        features().remove(key, sequencer(8));
        upload(9, "a third picture", "cat");
        assertEquals(file("dog"), found());
    }

    @Test
    void aLabelThatWasTakenAwayStaysAwayWithThePicture() {
        upload(1, "picture", "cat");
        decide(Optional.empty());
        upload(2, "picture", "cat");
        assertEquals(Optional.empty(), found());
        upload(3, "another picture", "cat");
        assertEquals(Optional.of(new Label("cat", LabelSource.FOLDER)), found());
    }

    /** A file that is read again labelled it as the folder or an older file says. */
    @Test
    void aFileDoesNotUndoThatAPersonTookTheLabelAway() {
        upload(1, "picture", "cat");
        byFile("dog");
        decide(Optional.empty());
        assertEquals(Outcome.PERSON_DECIDED, byFile("dog"));
        upload(2, "picture", "cat");
        assertEquals(Optional.empty(), found());
        features().putUnreadable(new UnreadableImage(key, "no", sequencer(3), TIME));
        features().remove(key, sequencer(4));
        assertEquals(Outcome.PERSON_DECIDED, byFile("dog"));
        upload(5, "picture", "cat");
        assertEquals(Optional.empty(), found(), "after deletion and upload");
        upload(6, "another picture", "cat");
        assertEquals(file("dog"), found(), "the line stays with its key");
    }

    @Test
    void aFileThatWasStoredEarlierAndComesLateChangesNothing() {
        upload(1, "picture", "cat");
        assertEquals(Outcome.LABELLED, byFile("fox", "labels/new.csv", 2));
        assertEquals(Outcome.LATER_FILE, byFile("dog", "labels/old.csv", 1));
        assertEquals(file("fox"), found());
        assertEquals(Outcome.LABELLED, byFile("owl", "labels/new.csv", 2), "the same file again");
        assertEquals(Outcome.LABELLED, byFile("dog", "labels/newest.csv", 3));
        assertEquals(file("dog"), found());
    }

    /** A wrong picture for a moment, then the right one. */
    @Test
    void decisionsComeBackWithThePictureTheyWereMadeFor() {
        byFile("dog");
        features().putUnreadable(new UnreadableImage(key, "no", sequencer(1), TIME));
        upload(2, "picture", "cat");
        assertEquals(file("dog"), found(), "it waited through an unreadable file");
        decide(FOX);
        upload(3, "another picture", "cat");
        assertEquals(file("dog"), found());
        features().remove(key, sequencer(4));
        upload(5, "picture", "cat");
        assertEquals(correction("fox"), found());
    }

    /** A file of which a person had the last word counts for the next picture. */
    @Test
    void aLineThatAPersonOverruledWaitsForAnotherPicture() {
        upload(1, "picture", "cat");
        decide(FOX);
        for (int i = 0; i < 2; i++) {
            assertEquals(Outcome.PERSON_DECIDED, byFile("dog"));
            assertEquals(correction("fox"), found());
            assertEquals(3, store().history(key).size());
        }
        upload(2, "another picture", "cat");
        assertEquals(file("dog"), found());
    }

    @Test
    void doesNotOverwriteWhatSomebodyElseDecidedMeanwhile() {
        upload(1, "picture", null);
        decide(DOG);
        var late = decision(FOX, Optional.empty());
        var refused = store().decide(late);
        assertEquals(Outcome.CHANGED_MEANWHILE, refused.outcome());
        assertEquals(correction("dog"), refused.now().label());
        assertEquals(correction("dog"), found());
        assertEquals(Outcome.LABELLED, store().decide(decision(FOX, DOG)).outcome());
        assertEquals(
                Outcome.LABELLED,
                store().decide(decision(FOX, DOG)).outcome(),
                "a second time, as it is as decided");
    }

    @RepeatedTest(3)
    void oneOfManyWhoExpectTheSameWins() throws Exception {
        upload(1, "picture", null);
        List<Callable<Outcome>> decisions = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            var decision = decision(Optional.of("label " + i), Optional.empty());
            decisions.add(() -> store().decide(decision).outcome());
        }
        try (var threads = Executors.newFixedThreadPool(8)) {
            long won = 0;
            for (var done : threads.invokeAll(decisions)) {
                won += done.get() == Outcome.LABELLED ? 1 : 0;
            }
            assertEquals(1, won);
        }
    }

    /** A picture and the file that names it, in whatever order they come to the store. */
    @RepeatedTest(3)
    void noLabelIsLostBetweenUploadsAndFiles() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            List<Callable<Boolean>> both =
                    List.of(
                            () -> {
                                for (int i = 1; i < 12; i++) {
                                    upload(i, "picture " + i, "cat");
                                }
                                return true;
                            },
                            () -> byFile("dog") == Outcome.LABELLED);
            for (var done : threads.invokeAll(both)) {
                assertTrue(done.get());
            }
        }
        assertEquals(file("dog"), found());
    }

    private Outcome decide(Optional<String> name) {
        return store().decide(Decision.of(key, name, "ann")).outcome();
    }

    private Decision decision(Optional<String> name, Optional<String> expected) {
        return new Decision(key, name, LabelSource.CORRECTION, "ann", Optional.of(expected));
    }

    private Outcome byFile(String name) {
        return byFile(name, "labels/a.csv", 0);
    }

    private Outcome byFile(String name, String file, int second) {
        var object = new StoredObject(file, "", TIME.plusSeconds(second));
        return store().decide(Decision.byFile(key, name, object)).outcome();
    }

    private Optional<Label> found() {
        return features().find(key, "net").orElseThrow().label();
    }

    private static Optional<Label> correction(String name) {
        return Optional.of(new Label(name, LabelSource.CORRECTION));
    }

    private static Optional<Label> file(String name) {
        return Optional.of(new Label(name, LabelSource.FILE));
    }

    private void upload(int event, String hash, String folder) {
        features()
                .put(
                        new ImageFeature(
                                key,
                                SetLabels.of(
                                        Optional.ofNullable(folder)
                                                .map(name -> new Label(name, LabelSource.FOLDER))),
                                "net",
                                new byte[8],
                                hash,
                                640,
                                480,
                                sequencer(event),
                                TIME,
                                "",
                                new byte[0]));
    }

    private static String sequencer(int event) {
        return Sequencer.padded("%016X".formatted(event));
    }
}
