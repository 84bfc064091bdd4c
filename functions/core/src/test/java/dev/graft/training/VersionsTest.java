package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.evaluation.Predictions;
import dev.graft.evaluation.Preview;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoreException;
import dev.graft.head.Activation;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadStore;
import dev.graft.index.BuildIndex;
import dev.graft.prediction.LatestHead;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryNetworkStore;
import dev.graft.versions.HeadVersions;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Champion and challenger, rolling back, and images that were deleted. */
class VersionsTest {
    private static final List<String> NAMES = List.of("cat", "dog", "owl");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int WIDTH = 12;

    private static final TrainingSettings SETTINGS =
            new TrainingSettings(Activation.SOFTMAX, 5, 5, List.of(0.1), 0);

    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final InMemoryHeadStore heads = new InMemoryHeadStore();
    private final BuildIndex built = new InMemoryImageIndex(features).built();
    private final LearnedImages learned = new LearnedImages(heads, built.files());
    private final HeadVersions versions =
            new HeadVersions(heads, learned, Preview.stored(features), network -> true);
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final TrainHead train = training(heads);

    private void put(int i, String label, int hot, String backbone) {
        Random random = new Random(i);
        float[] values = new float[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            values[j] = (float) random.nextGaussian() * 0.5f + (j == hot ? 2 : 0);
        }
        features.put(
                new ImageFeature(
                        "images/%d.jpg".formatted(i),
                        SetLabels.of(Optional.of(new Label(label, LabelSource.FOLDER))),
                        backbone,
                        Float16.encode(values),
                        "%064x".formatted(new BigInteger(255, random)),
                        8,
                        8,
                        "0".repeat(31) + (backbone.equals("net") ? "1" : "2"),
                        now,
                        "",
                        new byte[0]));
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

    private VerifyHead.Verification verify(String version) {
        return new VerifyHead(features, heads, SETTINGS, Heads.provenance(TrainHead.VERSION))
                .verify(version);
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
        var preview = versions.card(trained.version()).decision().preview();
        assertEquals(123, preview.images());
        assertTrue(preview.changed() < 5, preview.toString());
    }

    @Test
    void aHeadThatWasSavedBeforeAKillIsPutToUseByTheNextRun() {
        var kept = new InMemoryHeadStore(() -> now);
        var killed = new AtomicBoolean();
        HeadStore killing =
                (HeadStore)
                        Proxy.newProxyInstance(
                                HeadStore.class.getClassLoader(),
                                new Class<?>[] {HeadStore.class},
                                (self, method, arguments) -> {
                                    if (killed.get() && method.getName().equals("promote")) {
                                        throw new StoreException("killed", null);
                                    }
                                    return method.invoke(kept, arguments);
                                });
        TrainHead training = training(killing);
        fill(0, 120);
        now = now.plusSeconds(60);
        String first = training.run("net", "Net", HOUR).version();
        fill(120, 123);
        now = now.plusSeconds(60);
        killed.set(true);
        assertThrows(StoreException.class, () -> training.run("net", "Net", HOUR));
        assertEquals(first, kept.latest().orElseThrow().version());
        killed.set(false);
        now = now.plusSeconds(60);
        String second = kept.versions().getFirst();
        assertNotEquals(first, second);
        assertEquals(new TrainHead.NothingNew(second), training.run("net", "Net", HOUR));
        assertEquals(second, kept.latest().orElseThrow().version());
        now = now.plusSeconds(60);
        new HeadVersions(kept, learned, Preview.stored(features), network -> true).promote(first);
        assertEquals(new TrainHead.NothingNew(first), training.run("net", "Net", HOUR));
    }

    private TrainHead training(HeadStore store) {
        return new TrainHead(features, built, store, Heads.setup(SETTINGS), () -> now);
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
    void aRollBackIsLiveAsSoonAsTheClassifierLooks() {
        fill(0, 120);
        String first = run().version();
        fill(120, 150);
        String second = run().version();
        LatestHead classifier = new LatestHead(heads, Duration.ofSeconds(5), () -> now, e -> {});
        assertEquals(second, classifier.get().version());
        HeadCard.Preview preview = versions.preview(first);
        assertEquals(150, preview.images());
        versions.promote(first);
        now = now.plusSeconds(5);
        assertEquals(first, classifier.get().version());
        assertEquals(new TrainHead.NothingNew(first), run(), "rolled back stays rolled back");
        assertThrows(NotFoundException.class, () -> versions.promote("none"));
    }

    @Test
    void whoSawAHeadThatIsDeletedSinceGetsItsSuccessor() {
        fill(0, 120);
        String first = run().version();
        assertEquals(Optional.of(first), versions.cardInUse(first).map(HeadCard::version));
        fill(120, 150);
        String second = run().version();
        versions.delete(first);
        assertEquals(Optional.of(second), versions.cardInUse(first).map(HeadCard::version));
        heads.retire(heads.latest().orElseThrow());
        versions.delete(second);
        assertEquals(Optional.empty(), versions.cardInUse(second));
    }

    @Test
    void aDeletedImageIsGoneFromTheNextHead() {
        fill(0, 120);
        String first = run().version();
        assertTrue(features.remove("images/7.jpg", "0".repeat(31) + "2"));
        assertEquals(List.of(first), learned.versions("images/7.jpg"));
        String second = run().version();
        assertEquals(119, versions.list(1).getFirst().images());
        assertEquals(List.of(first), learned.versions("images/7.jpg"));
        assertEquals(List.of(second, first), learned.versions("images/8.jpg"));
        assertEquals(List.of(), learned.versions("images/none.jpg"));
    }

    /** Of 400 versions each file was read. */
    @Test
    void whatTheVersionsLearnedFromIsInOneFile() {
        fill(0, 120);
        for (int i = 0; i < 4; i++) {
            put(200 + i, "cat", 0, "net");
            run();
        }
        List<String> all = heads.versions();
        HeadStore unread =
                (HeadStore)
                        Proxy.newProxyInstance(
                                HeadStore.class.getClassLoader(),
                                new Class<?>[] {HeadStore.class},
                                (proxy, method, arguments) -> {
                                    assertEquals("versions", method.getName());
                                    return all;
                                });
        LearnedImages fromFile = new LearnedImages(unread, built.files());
        assertEquals(all, fromFile.versions("images/8.jpg"));
        assertEquals(all.subList(0, 2), fromFile.versions("images/202.jpg"));
        built.files().write("versions", new byte[] {1, 2, 3});
        assertEquals(all.subList(0, 2), learned.versions("images/202.jpg"), "from the heads");
        learned.update();
        assertEquals(all.subList(0, 2), fromFile.versions("images/202.jpg"), "written anew");
    }

    @Test
    void theHeadInUseIsAlwaysListed() {
        fill(0, 120);
        String first = run().version();
        for (int i = 0; i < 3; i++) {
            put(200 + i, "cat", 0, "net");
            run();
        }
        versions.promote(first);
        List<HeadVersions.Summary> two = versions.list(2);
        assertEquals(
                List.of(heads.versions().getFirst(), first),
                two.stream().map(HeadVersions.Summary::version).toList());
        assertTrue(two.getLast().inUse());
    }

    @Test
    void verifyTrainsAgainAndComparesTheBytes() {
        fill(0, 120);
        String version = run().version();
        assertTrue(verify(version).same(), verify(version).finding());
        features.remove("images/7.jpg", "0".repeat(31) + "2");
        var changed = verify(version);
        assertFalse(changed.same());
        assertTrue(changed.finding().contains("have changed since"), changed.finding());
    }

    @Test
    void verifyNamesTheCommitAndSaysWhereItIsNotKnown() {
        fill(0, 120);
        String version = run().version();
        assertTrue(verify(version).finding().contains("commit 1234567"));
    }

    /** The same images, an improved training: once more, and then never again. */
    @Test
    void anImprovedTrainingLearnsTheSameImagesOnce() {
        fill(0, 120);
        String first = run().version();
        TrainHead improved = improved();
        now = now.plusSeconds(60);
        var trained = assertInstanceOf(TrainHead.Trained.class, improved.run("net", "Net", HOUR));
        assertEquals(new TrainHead.NothingNew(trained.version()), improved.run("net", "Net", HOUR));
        versions.promote(first);
        assertEquals(new TrainHead.NothingNew(first), improved.run("net", "Net", HOUR));
    }

    @Test
    void aRollBackByHandHoldsThroughAnImprovedTraining() {
        fill(0, 120);
        String first = run().version();
        fill(120, 150);
        run();
        versions.promote(first);
        now = now.plusSeconds(60);
        assertEquals(new TrainHead.NothingNew(first), improved().run("net", "Net", HOUR));
        fill(150, 160);
        assertInstanceOf(TrainHead.Trained.class, improved().run("net", "Net", HOUR));
    }

    private TrainHead improved() {
        var setup =
                new TrainHead.Setup(
                        SETTINGS,
                        Heads.provenance(TrainHead.VERSION + 1),
                        card -> new byte[0],
                        new InMemoryNetworkStore(),
                        stage -> {});
        return new TrainHead(
                features, new InMemoryImageIndex(features).built(), heads, setup, () -> now);
    }

    /** Decimal points are points in what is stored, whatever the language of the machine. */
    @Test
    void theLanguageOfTheMachineDoesNotShow() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            fill(0, 120);
            run();
            fill(120, 123);
            var trained = assertInstanceOf(TrainHead.Trained.class, run());
            assertTrue(trained.reason().matches(".*p = [0-9.e+-]+\\).*"), trained.reason());
        } finally {
            Locale.setDefault(before);
        }
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
