package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.SetLabels;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadFiles;
import dev.graft.index.BuildIndex;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrainHeadTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int WIDTH = 12;

    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final InMemoryHeadStore heads = new InMemoryHeadStore();
    private final TrainHead train =
            new TrainHead(
                    features,
                    new InMemoryImageIndex(features).built(),
                    heads,
                    Heads.setup(TrainingSettings.standard(Activation.SOFTMAX)),
                    InstantSource.fixed(NOON));

    private static ImageFeature image(int i, String label, int hot) {
        Random random = new Random(i);
        float[] values = new float[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            values[j] = (float) random.nextGaussian() * 0.5f + (j == hot ? 3 : 0);
        }
        String hash = "%064x".formatted(new java.math.BigInteger(255, random));
        Optional<Label> named = Optional.of(new Label(label, LabelSource.FOLDER));
        String key = "images/%s/%d.jpg".formatted(label, i);
        String sequencer = "0".repeat(31) + "1";
        return new ImageFeature(
                key,
                SetLabels.of(named),
                "net",
                Float16.encode(values),
                hash,
                8,
                8,
                sequencer,
                NOON,
                "",
                new byte[0]);
    }

    private void fill() {
        for (int i = 0; i < 90; i++) {
            features.put(image(i, List.of("cat", "dog", "owl").get(i % 3), i % 3));
        }
        features.put(image(900, "fox", 5));
    }

    @Test
    void trainsSavesAndPromotes() {
        fill();
        var trained = assertInstanceOf(TrainHead.Trained.class, train.run("net", "Net", HOUR));
        assertEquals(List.of("cat", "dog", "owl"), trained.classes());
        assertEquals(Map.of("fox", 1), trained.leftOut());
        assertEquals(Map.of(), trained.weak());
        assertEquals(90, trained.validation().images());
        assertTrue(trained.validation().accuracy() > 0.95, trained.validation().toString());
        assertEquals(trained.version(), heads.latest().orElseThrow().version());
        Head head = HeadFiles.read(trained.version(), file -> heads.read(trained.version(), file));
        double[] p = head.probabilities(Float16.decode(image(1000, "?", 1).feature()));
        assertTrue(p[1] > 0.6, "probability of dog is " + p[1]);
        assertEquals(1, p[0] + p[1] + p[2], 1e-12);
    }

    @Test
    void aClassOfTwoImagesIsLearnedAndToldAsWeak() {
        fill();
        features.put(image(901, "fox", 5));
        var trained = assertInstanceOf(TrainHead.Trained.class, train.run("net", "Net", HOUR));
        assertEquals(List.of("cat", "dog", "fox", "owl"), trained.classes());
        assertEquals(Map.of("fox", 2), trained.weak());
        HeadCard card =
                HeadFiles.card(trained.version(), file -> heads.read(trained.version(), file));
        assertEquals(Map.of("fox", 2), card.weak());
        Head head = HeadFiles.read(trained.version(), file -> heads.read(trained.version(), file));
        double[] p = head.probabilities(Float16.decode(image(1000, "?", 5).feature()));
        assertEquals("fox", head.label(p), Arrays.toString(p));
    }

    @Test
    void nothingNewIsNoWorkAndARelabelIsNew() {
        fill();
        String first = train.run("net", "Net", HOUR).version();
        assertEquals(new TrainHead.NothingNew(first), train.run("net", "Net", HOUR));
        features.decide(Decision.of("images/cat/0.jpg", Optional.of("dog"), "a person"));
        assertInstanceOf(TrainHead.Trained.class, train.run("net", "Net", HOUR));
    }

    /** Its images are only read by the index. */
    @Test
    void whatShowsNoneOfTheClassesIsNotLearnedAndNothingNew() {
        fill();
        String first = train.run("net", "Net", HOUR).version();
        for (int i = 0; i < 9; i++) {
            features.put(image(800 + i, Label.NONE_OF_THESE, 7));
        }
        assertEquals(new TrainHead.NothingNew(first), train.run("net", "Net", HOUR));
        features.decide(Decision.of("images/cat/0.jpg", Optional.of("dog"), "a person"));
        var trained = assertInstanceOf(TrainHead.Trained.class, train.run("net", "Net", HOUR));
        assertEquals(List.of("cat", "dog", "owl"), trained.classes());
        assertEquals(90, trained.validation().images());
    }

    /** With a store of features that has none: they are not asked for. */
    @Test
    void readsNoFeatureAgainWhileTheListOfImagesIsTheSame() {
        fill();
        String first = train.run("net", "Net", HOUR).version();
        var index = new InMemoryImageIndex(features);
        TrainHead.Setup setup = Heads.setup(TrainingSettings.standard(Activation.SOFTMAX));
        InstantSource noon = InstantSource.fixed(NOON);
        TrainHead blind =
                new TrainHead(new InMemoryFeatureStore(), index.built(), heads, setup, noon);
        assertEquals(new TrainHead.NothingNew(first), blind.run("net", "Net", HOUR));
        features.remove("images/cat/0.jpg", "0".repeat(31) + "2");
        assertThrows(NotEnoughDataException.class, () -> blind.run("net", "Net", HOUR));
    }

    /** As after a function that ran out of memory: nothing runs after it is killed. */
    @Test
    void aTrainingThatDidNotEndTwiceIsToldOnceAndWaitsForAChange() {
        fill();
        InMemoryImageIndex index = new InMemoryImageIndex(features);
        BuildIndex built = index.built();
        class Killed extends Error {}
        InMemoryHeadStore none = new InMemoryHeadStore();
        FeatureStore killing =
                (FeatureStore)
                        Proxy.newProxyInstance(
                                FeatureStore.class.getClassLoader(),
                                new Class<?>[] {FeatureStore.class},
                                (proxy, method, arguments) -> {
                                    throw new Killed();
                                });
        TrainHead.Setup setup = Heads.setup(TrainingSettings.standard(Activation.SOFTMAX));
        InstantSource noon = InstantSource.fixed(NOON);
        TrainHead dies = new TrainHead(killing, built, none, setup, noon);
        assertThrows(Killed.class, () -> dies.run("net", "Net", HOUR));
        assertThrows(Killed.class, () -> dies.run("net", "Net", HOUR));
        assertEquals(new TrainHead.GaveUp("", true), dies.run("net", "Net", HOUR));
        assertEquals(new TrainHead.GaveUp("", false), dies.run("net", "Net", HOUR));
        assertEquals(new TrainHead.GaveUp("", false), dies.run("net", "Net", HOUR));
        features.decide(Decision.of("images/cat/0.jpg", Optional.of("dog"), "a person"));
        TrainHead lives = new TrainHead(features, built, none, setup, noon);
        assertInstanceOf(TrainHead.Trained.class, lives.run("net", "Net", HOUR));
        assertTrue(built.files().read("attempt", 0, 1).isEmpty());
    }

    @Test
    void sameDataGivesSameTensors() {
        fill();
        String version = train.run("net", "Net", HOUR).version();
        InMemoryHeadStore other = new InMemoryHeadStore();
        new TrainHead(
                        features,
                        new InMemoryImageIndex(features).built(),
                        other,
                        Heads.setup(TrainingSettings.standard(Activation.SOFTMAX)),
                        InstantSource.fixed(NOON))
                .run("net", "Net", HOUR);
        assertArrayEquals(
                heads.read(version, HeadFiles.TENSORS).orElseThrow(),
                other.read(version, HeadFiles.TENSORS).orElseThrow());
    }

    @Test
    void tooFewImagesLeaveTheStoreAsItIs() {
        features.put(image(1, "cat", 0));
        var e = assertThrows(NotEnoughDataException.class, () -> train.run("net", "Net", HOUR));
        assertTrue(e.getMessage().contains("{cat=1}"), e.getMessage());
        assertEquals(List.of(), heads.versions());
    }
}
