package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.evaluation.Preview;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryIndexStore;
import dev.graft.versions.HeadVersions;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A clock that goes on by a millisecond whenever it is looked at, which every step of a fit does.
 */
class DeadlineTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final List<String> NAMES = List.of("cat", "dog", "owl");

    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final InMemoryHeadStore heads = new InMemoryHeadStore();
    private final AtomicInteger looks = new AtomicInteger();
    private final TrainHead train =
            new TrainHead(
                    features,
                    new InMemoryImageIndex(features).built(),
                    heads,
                    Heads.setup(TrainingSettings.standard(Activation.SOFTMAX)),
                    () -> NOON.plusMillis(looks.incrementAndGet()));

    private static float[] values(Random random, int hot) {
        float[] values = new float[12];
        for (int j = 0; j < values.length; j++) {
            values[j] = (float) random.nextGaussian() * 0.5f + (j == hot ? 2 : 0);
        }
        return values;
    }

    private void fill() {
        Random random = new Random(1);
        for (int i = 0; i < 120; i++) {
            Optional<Label> label = Optional.of(new Label(NAMES.get(i % 3), LabelSource.FOLDER));
            byte[] feature = Float16.encode(values(random, i % 3));
            String hash = "%064x".formatted(new BigInteger(255, random));
            features.put(
                    new ImageFeature(
                            "images/%d.jpg".formatted(i),
                            SetLabels.of(label),
                            "net",
                            feature,
                            hash,
                            8,
                            8,
                            "1",
                            NOON,
                            "",
                            new byte[0]));
        }
    }

    /** How often the clock is looked at in a training that is not cut short. */
    private int looksOfAll() {
        train.run("net", "Net", Duration.ofDays(1));
        return looks.getAndSet(0);
    }

    @Test
    void whateverTheTimeAHeadIsStoredThatAnswersOrTheReasonIsSaid() {
        fill();
        int all = looksOfAll();
        int stored = 0;
        int cut = 0;
        for (int millis = 1; millis < 2 * all; millis += 1 + all / 20) {
            InMemoryHeadStore store = new InMemoryHeadStore();
            looks.set(0);
            TrainHead short1 =
                    new TrainHead(
                            features,
                            new InMemoryImageIndex(features).built(),
                            store,
                            Heads.setup(TrainingSettings.standard(Activation.SOFTMAX)),
                            () -> NOON.plusMillis(looks.incrementAndGet()));
            try {
                var outcome =
                        assertInstanceOf(
                                TrainHead.Trained.class,
                                short1.run("net", "Net", Duration.ofMillis(millis)));
                stored++;
                boolean says = outcome.cutShort().startsWith("cut short, as the time of");
                cut += says ? 1 : 0;
                String version = outcome.version();
                var card = HeadFiles.card(version, file -> store.read(version, file));
                assertEquals(says, !card.cutShort().isEmpty(), card::toString);
                Head head = HeadFiles.read(version, file -> store.read(version, file));
                double[] p = head.probabilities(values(new Random(99), 1));
                assertTrue(p[1] > p[0] && p[1] > p[2], millis + " ms: " + p[1]);
            } catch (NotEnoughTimeException e) {
                assertEquals(0, stored, "more time gave less: " + millis);
                assertEquals(List.of(), store.versions());
            }
        }
        assertTrue(stored > 5 && cut > 2 && cut < stored, stored + " stored, cut " + cut);
    }

    @Test
    void whatWasLeftOutStandsInTheDescriptionAndTheReport() {
        fill();
        int all = looksOfAll();
        features.remove("images/0.jpg", "2");
        var outcome = train.run("net", "Net", Duration.ofMillis(all));
        HeadVersions versions =
                new HeadVersions(
                        heads,
                        new LearnedImages(heads, new InMemoryIndexStore()),
                        Preview.stored(features),
                        network -> true);
        var card = versions.card(outcome.version());
        String cut = card.cutShort();
        assertTrue(cut.contains("learning curves were left out"), cut);
        assertTrue(cut.contains("more memory"), cut);
        assertNull(card.validation().classes().getFirst().learningCurve());
        byte[] report = versions.report(outcome.version()).orElseThrow();
        assertTrue(
                new String(report, StandardCharsets.UTF_8).contains("This training was cut short"));
        var verification =
                new VerifyHead(
                                features,
                                heads,
                                TrainingSettings.standard(Activation.SOFTMAX),
                                Heads.provenance(1))
                        .verify(outcome.version());
        assertFalse(verification.same());
        assertTrue(verification.finding().contains("cut short"), verification.finding());
    }

    @Test
    void tooLittleForOneValidationIsSaidWithWhatToDo() {
        fill();
        Duration time = Duration.ofMillis(5);
        var e = assertThrows(NotEnoughTimeException.class, () -> train.run("net", "Net", time));
        assertTrue(
                e.getMessage().startsWith("120 images with features of 12 values"), e.getMessage());
        assertTrue(e.getMessage().contains("more memory"), e.getMessage());
        assertEquals(List.of(), heads.versions());
    }
}
