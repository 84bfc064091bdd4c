package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.evaluation.Predictions;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.head.Activation;
import dev.graft.head.HeadVersions;
import dev.graft.head.Preview;
import dev.graft.prediction.LatestHead;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Champion and challenger, rolling back, and images that were deleted. */
class VersionsTest {
    private static final List<String> NAMES = List.of("cat", "dog", "owl");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int WIDTH = 12;

    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final InMemoryHeadStore heads = new InMemoryHeadStore();
    private final HeadVersions versions = new HeadVersions(heads, features);
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final TrainHead train =
            new TrainHead(
                    features,
                    new InMemoryImageIndex(features, "net"),
                    heads,
                    new TrainingSettings(
                            Activation.SOFTMAX, 5, 5, List.of(0.1), List.of(ClassWeights.NONE)),
                    () -> now);

    private void put(int i, String label, int hot, String backbone) {
        Random random = new Random(i);
        float[] values = new float[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            values[j] = (float) random.nextGaussian() * 0.5f + (j == hot ? 2 : 0);
        }
        features.put(
                new ImageFeature(
                        "images/%d.jpg".formatted(i),
                        Optional.of(new Label(label, LabelSource.FOLDER)),
                        backbone,
                        Float16.encode(values),
                        "%064x".formatted(new BigInteger(255, random)),
                        8,
                        8,
                        "0".repeat(31) + (backbone.equals("net") ? "1" : "2"),
                        now));
    }

    private void fill(int from, int to) {
        for (int i = from; i < to; i++) {
            put(i, NAMES.get(i % 3), i % 3, "net");
        }
    }

    private TrainHead.Outcome run() {
        now = now.plusSeconds(60);
        return train.run("net", "Net", HOUR);
    }

    private String inUse() {
        return heads.latest().orElseThrow().version();
    }

    @Test
    void aWorseChallengerIsKeptBackAndSaysWhy() {
        fill(0, 120);
        String champion = run().version();
        for (int i = 1000; i < 1240; i++) {
            put(i, NAMES.get((i + 1) % 3), i % 3, "net");
        }
        var kept = assertInstanceOf(TrainHead.Kept.class, run());
        assertEquals(champion, inUse());
        assertTrue(kept.reason().contains("120 images"), kept.reason());
        assertTrue(kept.reason().contains("significantly worse"), kept.reason());
        assertTrue(kept.reason().contains(champion + " stays in use"), kept.reason());
        assertEquals(kept.reason(), versions.list(9).getFirst().reason());
        assertFalse(versions.list(9).getFirst().inUse());
        assertEquals(new TrainHead.NothingNew(champion), run(), "nothing changed since");
        assertTrue(versions.preview(kept.version()).changed() > 100);
    }

    @Test
    void ofTwoEqualHeadsTheNewerIsUsed() {
        fill(0, 120);
        run();
        fill(120, 123);
        var trained = assertInstanceOf(TrainHead.Trained.class, run());
        assertEquals(trained.version(), inUse());
        assertTrue(trained.reason().contains("no significant difference"), trained.reason());
        var preview = versions.describe(trained.version()).path("decision").path("preview");
        assertEquals(123, preview.path("images").asInt());
        assertTrue(preview.path("changed").asInt() < 5, preview.toString());
    }

    @Test
    void aChangedListOfClassesIsExplainedAndComparedOnTheSharedOnes() {
        fill(0, 120);
        run();
        for (int i = 200; i < 240; i++) {
            put(i, "fox", 7, "net");
        }
        var trained = assertInstanceOf(TrainHead.Trained.class, run());
        assertTrue(
                trained.reason().contains("from [cat, dog, owl] to [cat, dog, fox, owl]"),
                trained.reason());
        assertTrue(trained.reason().contains("120 images"), trained.reason());
    }

    @Test
    void aChangedBackboneIsExplainedAndComparedOnTheSameImages() {
        fill(0, 120);
        run();
        for (int i = 0; i < 120; i++) {
            put(i, NAMES.get(i % 3), i % 3, "other");
        }
        now = now.plusSeconds(60);
        var trained = assertInstanceOf(TrainHead.Trained.class, train.run("other", "Other", HOUR));
        assertTrue(trained.reason().contains("from net to other"), trained.reason());
        assertTrue(trained.reason().contains("120 images"), trained.reason());
    }

    @Test
    void aRollBackIsLiveAsSoonAsTheClassifierLooks() {
        fill(0, 120);
        String first = run().version();
        fill(120, 150);
        String second = run().version();
        LatestHead classifier = new LatestHead(heads, Duration.ofSeconds(5), () -> now);
        assertEquals(second, classifier.get().version());
        Preview preview = versions.preview(first);
        assertEquals(150, preview.images());
        versions.promote(first);
        now = now.plusSeconds(5);
        assertEquals(first, classifier.get().version());
        assertEquals(new TrainHead.NothingNew(first), run(), "rolled back stays rolled back");
        assertThrows(NoSuchElementException.class, () -> versions.promote("none"));
    }

    @Test
    void aDeletedImageIsGoneFromTheNextHead() {
        fill(0, 120);
        String first = run().version();
        assertTrue(features.remove("images/7.jpg", "0".repeat(31) + "2"));
        assertEquals(List.of(first), versions.learnedFrom("images/7.jpg"));
        String second = run().version();
        assertEquals(119, versions.list(1).getFirst().images());
        assertEquals(List.of(first), versions.learnedFrom("images/7.jpg"));
        assertEquals(List.of(second, first), versions.learnedFrom("images/8.jpg"));
    }

    @Test
    void verifyTrainsAgainAndComparesTheBytes() {
        fill(0, 120);
        String version = run().version();
        assertTrue(train.verify(version).same(), train.verify(version).finding());
        features.remove("images/7.jpg", "0".repeat(31) + "2");
        var changed = train.verify(version);
        assertFalse(changed.same());
        assertTrue(changed.finding().contains("have changed since"), changed.finding());
    }

    @Test
    void predictionsSurviveTheirFile() {
        Predictions written =
                new Predictions(
                        Activation.SIGMOID,
                        List.of("a\tb", "c%"),
                        List.of(
                                new Predictions.Row(
                                        "images/x\ny.jpg",
                                        "ff",
                                        new int[] {0, 1},
                                        4,
                                        new double[] {.25, .75})));
        Predictions read = Predictions.read(written.write());
        assertEquals(Activation.SIGMOID, read.activation());
        assertArrayEquals(new int[] {0, 1}, read.rows().getFirst().labels());
        assertEquals(written.classes(), read.classes());
        assertEquals("images/x\ny.jpg", read.rows().getFirst().key());
        assertEquals(.75, read.rows().getFirst().probabilities()[1]);
    }
}
