package dev.graft.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What was decided about a picture goes along when it moves to another key. */
class MovedImageTest {
    private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");
    private static final String HASH = "ab".repeat(32);
    private static final String OTHER = "cd".repeat(32);

    private static LabelChange said(String name, LabelSource source, int hour) {
        return said(name, source, hour, HASH);
    }

    private static LabelChange said(String name, LabelSource source, int hour, String hash) {
        String by = source == LabelSource.CORRECTION ? "ann@example.com" : "";
        Instant time = Instant.EPOCH.plusSeconds(3600L * hour);
        return new LabelChange(Optional.of(name), source, by, time, Optional.of(hash));
    }

    private static ImageRecord record(String key, LabelChange... labels) {
        return new ImageRecord(
                key,
                3,
                "",
                new ImageRecord.Gone(),
                LabelSet.DEFAULT,
                new TreeMap<>(Map.of(LabelSet.DEFAULT, new LabelHistory(List.of(labels)))),
                Instant.EPOCH);
    }

    /** After the event of the object at the new key. */
    private static ImageRecord arrived(ImageRecord record, String folder) {
        ImageFeature feature =
                new ImageFeature(
                        record.key(),
                        SetLabels.of(Optional.of(new Label(folder, LabelSource.FOLDER))),
                        "net",
                        new byte[8],
                        HASH,
                        8,
                        8,
                        Sequencer.padded("0A"),
                        NOW,
                        "etag",
                        new byte[0]);
        return record.featurized(feature, NOW).orElseThrow();
    }

    @Test
    void aPersonsDecisionCountsAtTheNewKeyWithWhoAndWhen() {
        LabelChange wolf = said("wolf", LabelSource.CORRECTION, 2);
        LabelChange cat = said("cat", LabelSource.FOLDER, 1);
        ImageRecord moved =
                ImageRecord.unknown("images/dog/1")
                        .withDecisionsOf(record("images/cat/1", wolf, cat), NOW);
        assertEquals(List.of(wolf, cat), arrived(moved, "dog").labels());
    }

    @Test
    void whereNobodyDecidedTheLabelFollowsTheFolder() {
        ImageRecord target = ImageRecord.unknown("images/dog/1");
        ImageRecord from = record("images/cat/1", said("cat", LabelSource.FOLDER, 1));
        assertSame(target, target.withDecisionsOf(from, NOW));
        assertEquals("dog", arrived(target, "dog").label().orElseThrow().name());
    }

    @Test
    void aDecisionAboutAnotherPictureOfTheOldKeyDoesNotCount() {
        ImageRecord from =
                record(
                        "images/cat/1",
                        said("cat", LabelSource.FOLDER, 2),
                        said("wolf", LabelSource.CORRECTION, 1, OTHER));
        ImageRecord moved = ImageRecord.unknown("images/dog/1").withDecisionsOf(from, NOW);
        assertEquals("dog", arrived(moved, "dog").label().orElseThrow().name());
        assertEquals(3, arrived(moved, "dog").labels().size());
    }

    @Test
    void aLineOfAFileGoesAlongUnlessOneNamesTheNewKey() {
        ImageRecord from = record("images/cat/1", said("lynx", LabelSource.FILE, 1));
        ImageRecord moved = ImageRecord.unknown("images/dog/1").withDecisionsOf(from, NOW);
        assertEquals("lynx", arrived(moved, "dog").label().orElseThrow().name());
        ImageRecord named = record("images/dog/1", said("wolf", LabelSource.FILE, 0));
        ImageRecord both = named.withDecisionsOf(from, NOW);
        assertEquals("wolf", arrived(both, "dog").label().orElseThrow().name());
        assertEquals(2, both.labels().size());
    }

    @Test
    void movedThereAndBackTheLastDecisionCounts() {
        LabelChange first = said("lynx", LabelSource.CORRECTION, 1);
        LabelChange second = said("wolf", LabelSource.CORRECTION, 2);
        ImageRecord back =
                record("images/cat/1", first)
                        .withDecisionsOf(record("images/dog/1", second, first), NOW);
        assertEquals(List.of(second, first), arrived(back, "cat").labels());
    }

    @Test
    void toAPictureThatIsThereAlreadyItGivesTheLabelThatItWouldHaveIfItCameNow() {
        ImageRecord here = arrived(ImageRecord.unknown("images/dog/1"), "dog");
        LabelChange cat = said("cat", LabelSource.FOLDER, 1);
        LabelChange wolf = said("wolf", LabelSource.CORRECTION, 2);
        ImageRecord decided = here.withDecisionsOf(record("images/cat/1", wolf, cat), NOW);
        assertEquals("wolf", decided.label().orElseThrow().name());
        assertSame(decided, decided.withDecisionsOf(record("images/cat/1", wolf, cat), NOW));
        LabelChange otherPicture = said("wolf", LabelSource.CORRECTION, 2, OTHER);
        ImageRecord stays = here.withDecisionsOf(record("images/cat/1", cat, otherPicture), NOW);
        assertEquals("dog", stays.label().orElseThrow().name());
    }

    @Test
    void thePersonsDecisionStaysAmongTheLastTwenty() {
        LabelChange wolf = said("wolf", LabelSource.CORRECTION, 99);
        LabelChange[] others =
                Stream.iterate(0, i -> i < 20, i -> i + 1)
                        .map(i -> said("b" + i, LabelSource.CORRECTION, i, OTHER))
                        .toArray(LabelChange[]::new);
        ImageRecord moved =
                record("images/dog/1", others).withDecisionsOf(record("images/cat/1", wolf), NOW);
        assertEquals(20, moved.labels().size());
        assertEquals("wolf", arrived(moved, "dog").label().orElseThrow().name());
    }
}
