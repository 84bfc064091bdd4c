package dev.graft.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Float16;
import dev.graft.feature.LabelSet;
import dev.graft.feature.NotFoundException;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.testing.InMemoryResultStore;
import dev.graft.training.ForgetRequests;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Answers over some days, of which each test keeps its own. */
class DriftTest {
    private static final Instant TODAY = Instant.parse("2026-11-29T12:00:00Z");
    private static final int DAYS = 14;
    private static final int MOST = 30;
    private static final TrainingFigures HALVES =
            new TrainingFigures("v1", 200, Map.of("cat", 0.5, "dog", 0.5), 0.9, 0.05);

    private final InMemoryResultStore results = new InMemoryResultStore();
    private Instant now = TODAY;
    private int random;

    private KeptAnswers answers(int days) {
        return new KeptAnswers(results, new KeptAnswers.Settings(days, false), () -> now);
    }

    /** Answers of so many days ago, of which some are dogs. */
    private void keep(int daysAgo, int count, int dogs) {
        for (int i = 0; i < count; i++) {
            // spread, so that any even choice has as large a share
            boolean isDog = (long) (i + 1) * dogs / count > (long) i * dogs / count;
            keep(daysAgo, i, new Said(isDog ? "dog" : "cat", 0.9, true, null, LabelSet.DEFAULT));
        }
    }

    /** What was answered, and what somebody said of it. */
    private record Said(
            String label,
            double confidence,
            @Nullable Boolean known,
            KeptAnswer.@Nullable Told told,
            LabelSet set) {}

    private void keep(int daysAgo, int second, Said said) {
        Instant then = TODAY.minus(Duration.ofDays(daysAgo)).plusSeconds(second);
        var answer =
                new KeptAnswer(
                        KeptAnswer.FORMAT,
                        KeptAnswers.id(then, ++random, said.set()),
                        then.toString(),
                        "images/a.jpg",
                        ForgetRequests.id("images/a.jpg"),
                        daysAgo < 3 ? "v2" : "v1",
                        "net",
                        Float16.encode(new float[] {said.label().equals("dog") ? 3 : 1, 2}),
                        Map.of(said.label(), said.confidence(), "other", 1 - said.confidence()),
                        said.label(),
                        said.known(),
                        null,
                        said.told());
        answers(30).keep(answer, Optional.empty());
    }

    private Drift drift(Optional<TrainingFigures> training) {
        Head head =
                new Head(
                        "v1",
                        List.of("cat", "dog"),
                        "net",
                        new Head.Parameters(
                                new float[4],
                                new float[2],
                                new float[] {1, 2},
                                new float[] {2, 1},
                                1,
                                Activation.SOFTMAX));
        return Drift.of(
                answers(30).days(LabelSet.DEFAULT, DAYS, MOST), MOST, Optional.of(head), training);
    }

    @Test
    void tellsTheDayFromWhichAClassIsMoreFrequent() {
        for (int ago = 0; ago < DAYS; ago++) {
            keep(ago, 20, ago < 5 ? 12 : 4);
        }
        Drift drift = drift(Optional.of(HALVES));
        assertEquals("2026-11-25", drift.changedOn());
        assertTrue(
                drift.finding()
                        .matches(
                                "Since 2026-11-25 the share of (cat is 40 %, before it was 80|dog is 60 %, before it was 20) % \\(100 and 180 answers\\); another head answers since, which may be why\\."),
                drift::finding);
    }

    @Test
    void aSteadyMixIsNoChangeButMayDifferFromTheTraining() {
        for (int ago = 0; ago < DAYS; ago++) {
            keep(ago, 20, ago % 2 == 0 ? 4 : 6);
        }
        Drift alone = drift(Optional.empty());
        assertNull(alone.changedOn());
        assertTrue(alone.finding().startsWith("Nothing stands out"), alone::finding);
        Drift beside = drift(Optional.of(HALVES));
        assertNull(beside.changedOn());
        assertTrue(
                beside.finding().contains("75 % of 280 answers and 50 % of the 200 images")
                        || beside.finding().contains("25 % of 280 answers and 50 % of the 200"),
                beside::finding);
    }

    @Test
    void fewAnswersSayNothing() {
        keep(10, 20, 0);
        keep(1, 20, 20);
        Drift drift = drift(Optional.of(HALVES));
        assertNull(drift.changedOn());
        assertEquals(
                "Too few answers to say whether anything changed: 40 in these days, at least 50 are needed.",
                drift.finding());
    }

    @Test
    void unknownPicturesAndWhatPeopleSayCountToo() {
        var wrong = new KeptAnswer.Told(null, "", TODAY.toString());
        var right = new KeptAnswer.Told("cat", "", TODAY.toString());
        for (int ago = 0; ago < 6; ago++) {
            for (int i = 0; i < MOST; i++) {
                boolean strange = ago < 3 && i % 3 == 0;
                keep(ago, i, new Said("cat", 0.9, !strange, right, LabelSet.DEFAULT));
            }
        }
        Drift unknown = drift(Optional.empty());
        assertEquals("2026-11-27", unknown.changedOn());
        assertTrue(unknown.finding().contains("unknown pictures is 33 %"), unknown::finding);
        keep(0, 40, new Said("cat", 0.9, null, wrong, LabelSet.DEFAULT));
        Drift.Day today = drift(Optional.empty()).days().getLast();
        assertEquals(31, today.answers());
        assertEquals(30, today.read());
        assertEquals(30, today.told());
    }

    @Test
    void figuresOfADayAreOfItsAnswers() {
        keep(1, 0, new Said("cat", 0.5, true, null, LabelSet.DEFAULT));
        keep(1, 1, new Said("dog", 0.75, null, null, LabelSet.DEFAULT));
        var fox = new KeptAnswer.Told("fox", "", TODAY.toString());
        keep(1, 2, new Said("cat+dog", 1, false, fox, LabelSet.DEFAULT));
        keep(1, 3, new Said("dent", 0.5, false, null, LabelSet.of("damage")));
        Drift drift = drift(Optional.of(HALVES));
        assertEquals(DAYS, drift.days().size());
        assertEquals("2026-11-16", drift.from());
        Drift.Day day = drift.days().get(DAYS - 2);
        assertEquals("2026-11-28", day.day());
        assertEquals(3, day.read());
        assertEquals(2.0 / 3, day.classes().get("dog"), 1e-9);
        assertEquals(2.0 / 3, day.classes().get("cat"), 1e-9);
        assertEquals((0.5 + 0.75 + 0) / 3, day.confidence(), 1e-9);
        assertEquals(0.5, day.unknown(), 1e-9);
        assertEquals(1, day.wrong());
        // the first value is 5/3 in the mean, 1 in the training, of which 2 is the deviation
        assertEquals(Math.sqrt(Math.pow((5.0 / 3 - 1) / 2, 2) / 2), day.featureDistance(), 1e-6);
        assertEquals(List.of("v2"), List.copyOf(day.heads()));
        Drift.Day empty = drift.days().getFirst();
        assertEquals(0, empty.answers());
        assertNull(empty.confidence());
        assertNull(empty.featureDistance());
    }

    @Test
    void whatIsReadOfADayIsBoundedAndEven() {
        keep(2, 90, 30);
        KeptAnswers.Day day = answers(30).days(LabelSet.DEFAULT, 3, MOST).getFirst();
        assertEquals(90, day.answers());
        assertEquals(MOST, day.read().size());
        assertEquals("2026-11-27T12:00:00Z", day.read().getFirst().time());
        assertEquals("2026-11-27T12:01:27Z", day.read().getLast().time());
    }

    @Test
    void whereNothingIsKeptTheRemedyIsSaid() {
        KeptAnswers off = answers(0);
        var none = assertThrows(NotFoundException.class, () -> off.days(LabelSet.DEFAULT, 7, MOST));
        assertTrue(none.getMessage().contains("-DanswerDays=30"), none::getMessage);
        assertEquals(7, answers(1).days(LabelSet.DEFAULT, 7, MOST).size());
    }

    /** No day stands out of what chance alone makes, and a sequence that is drawn has no change. */
    @Test
    void chanceAloneIsNoChange() {
        var random = new java.util.Random(7);
        for (int ago = 0; ago < DAYS; ago++) {
            for (int i = 0; i < 25; i++) {
                String label = random.nextInt(4) == 0 ? "dog" : "cat";
                boolean known = random.nextInt(20) > 0;
                keep(ago, i, new Said(label, random.nextDouble(), known, null, LabelSet.DEFAULT));
            }
        }
        assertNull(drift(Optional.empty()).changedOn());
    }
}
