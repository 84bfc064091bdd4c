package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.SetLabels;
import dev.graft.head.Activation;
import dev.graft.head.HeadFiles;
import dev.graft.index.BuildIndex;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The heads of several label sets, of the same images. */
class LabelSetsTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final LabelSet DAMAGE = new LabelSet("damage");
    private static final LabelSet SEASON = new LabelSet("season");

    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final InMemoryHeadStore heads = new InMemoryHeadStore();
    private final BuildIndex built = new InMemoryImageIndex(features).built();
    private final AtomicInteger seconds = new AtomicInteger();
    private final AtomicInteger scans = new AtomicInteger();

    LabelSetsTest() {
        for (int i = 0; i < 40; i++) {
            put(i);
        }
    }

    /** Of four kinds: the first value tells the type, the second the damage. */
    private void put(int number) {
        Random random = new Random(number);
        float[] values = new float[8];
        for (int j = 0; j < values.length; j++) {
            values[j] = (float) random.nextGaussian() * 0.3f;
        }
        values[number % 2] += 3;
        values[2 + number / 2 % 2] += 3;
        Label type = new Label(number % 2 == 0 ? "car" : "bus", LabelSource.FOLDER);
        features.put(
                new ImageFeature(
                        key(number),
                        SetLabels.of(Optional.of(type)),
                        "net",
                        Float16.encode(values),
                        "%064x".formatted(new BigInteger(255, random)),
                        8,
                        8,
                        "1",
                        NOON,
                        "",
                        new byte[0]));
    }

    private static String key(int number) {
        return "images/%02d.jpg".formatted(number);
    }

    private void decide(LabelSet set, int number, String label) {
        features.in(set).decide(Decision.of(key(number), Optional.of(label), "ann"));
    }

    private void damage(int from, int to) {
        for (int i = from; i < to; i++) {
            decide(DAMAGE, i, i / 2 % 2 == 0 ? "dent" : "none");
        }
    }

    /** Counts the scans. */
    private FeatureStore counted() {
        return (FeatureStore)
                Proxy.newProxyInstance(
                        FeatureStore.class.getClassLoader(),
                        new Class<?>[] {FeatureStore.class},
                        (proxy, method, arguments) -> {
                            scans.addAndGet(method.getName().equals("scan") ? 1 : 0);
                            return method.invoke(features, arguments);
                        });
    }

    private TrainHead head(LabelSet set, Activation activation) {
        return new TrainHead(
                features.in(set),
                built.in(set),
                heads.in(set),
                Heads.setup(TrainingSettings.standard(activation)),
                () -> NOON.plusSeconds(seconds.incrementAndGet()));
    }

    private TrainHead.Outcome train(LabelledImages images, LabelSet set) {
        return head(set, Activation.SOFTMAX).run(images, set, "Net", Duration.ofHours(1));
    }

    @Test
    void eachSetHasAHeadOfItsOwnFromOneReadOfTheFeatures() {
        damage(0, 30);
        try (LabelledImages images = new LabelledImages(counted(), "net")) {
            var type = assertInstanceOf(TrainHead.Trained.class, train(images, LabelSet.DEFAULT));
            var damage = assertInstanceOf(TrainHead.Trained.class, train(images, DAMAGE));
            assertEquals(1, scans.get());
            assertEquals(List.of("bus", "car"), type.classes());
            assertEquals(List.of("dent", "none"), damage.classes());
            assertEquals(1, damage.validation().accuracy());
            assertEquals(List.of(type.version()), heads.versions());
            assertEquals(List.of(damage.version()), heads.in(DAMAGE).versions());
            var card =
                    HeadFiles.card(
                            damage.version(),
                            file -> heads.in(DAMAGE).read(damage.version(), file));
            assertEquals(30, card.validation().images());
        }
        try (LabelledImages images = new LabelledImages(counted(), "net")) {
            assertInstanceOf(TrainHead.NothingNew.class, train(images, LabelSet.DEFAULT));
            assertInstanceOf(TrainHead.NothingNew.class, train(images, DAMAGE));
            assertEquals(1, scans.get(), "nothing is read where nothing is new");
        }
    }

    @Test
    void aLabelOfOneSetTrainsThatOneAlone() {
        damage(0, 30);
        try (LabelledImages images = new LabelledImages(features, "net")) {
            train(images, LabelSet.DEFAULT);
            train(images, DAMAGE);
        }
        damage(30, 32);
        try (LabelledImages images = new LabelledImages(features, "net")) {
            String before = heads.in(DAMAGE).latest().orElseThrow().version();
            assertInstanceOf(TrainHead.NothingNew.class, train(images, LabelSet.DEFAULT));
            assertNotEquals(before, train(images, DAMAGE).version());
            assertEquals(2, heads.in(DAMAGE).versions().size());
            assertEquals(1, heads.versions().size());
        }
    }

    @Test
    void aSetWithTooFewLabelsIsToldSoWithoutAReadOfTheFeatures() {
        decide(SEASON, 1, "winter");
        decide(SEASON, 2, "winter");
        try (LabelledImages images = new LabelledImages(counted(), "net")) {
            var refused = assertThrows(NotEnoughDataException.class, () -> train(images, SEASON));
            assertEquals(true, refused.getMessage().contains("{winter=2}"), refused.getMessage());
            assertEquals(0, scans.get());
        }
        assertEquals(List.of(), heads.in(SEASON).versions());
    }

    @Test
    void aSetMayHaveSeveralLabelsAnImageWhereTheDefaultOneHasOne() {
        for (int i = 0; i < 40; i++) {
            decide(SEASON, i, i % 2 == 0 ? "snow+sun" : i % 4 == 1 ? "sun" : "snow");
        }
        try (LabelledImages images = new LabelledImages(features, "net")) {
            var found =
                    (TrainHead.Trained)
                            head(SEASON, Activation.SIGMOID)
                                    .run(images, SEASON, "Net", Duration.ofHours(1));
            assertEquals(List.of("snow", "sun"), found.classes());
            var type = (TrainHead.Trained) train(images, LabelSet.DEFAULT);
            assertEquals(List.of("bus", "car"), type.classes());
        }
        ImageIndex.Counts counts = new InMemoryImageIndex(features).in(SEASON).counts();
        assertEquals(20, counts.labels().get("snow+sun"));
    }
}
