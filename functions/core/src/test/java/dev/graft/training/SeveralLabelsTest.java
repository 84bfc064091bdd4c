package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.evaluation.OutOfFold;
import dev.graft.evaluation.Validation;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadFiles;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A head for images with several labels: from joined labels to answers, figures and report. */
class SeveralLabelsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final List<String> LABELS =
            List.of("sea", "sky", "sea+sky", "sky+tree", "tree", "sea+tree");

    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final InMemoryHeadStore heads = new InMemoryHeadStore();
    private final AtomicInteger events = new AtomicInteger();
    private final Instant[] now = {Instant.parse("2026-11-25T12:00:00Z")};

    private TrainHead trainer(Activation activation) {
        InstantSource clock = () -> now[0] = now[0].plusSeconds(1);
        return new TrainHead(
                features,
                new InMemoryImageIndex(features).built(),
                heads,
                Heads.setup(TrainingSettings.standard(activation)),
                clock);
    }

    private static float[] feature(Random random, String label) {
        float[] values = new float[8];
        List<String> names = Label.split(label);
        for (int j = 0; j < values.length; j++) {
            values[j] = (float) random.nextGaussian() * .5f;
        }
        values[0] += names.contains("sea") ? 3 : 0;
        values[1] += names.contains("sky") ? 3 : 0;
        values[2] += names.contains("tree") ? 3 : 0;
        return values;
    }

    private void put(int i, String shown, String label) {
        Random random = new Random(i);
        byte[] feature = Float16.encode(feature(random, shown));
        String hash = "%064x".formatted(new java.math.BigInteger(255, random));
        Optional<Label> named = Optional.of(new Label(label, LabelSource.FOLDER));
        String key = "images/%d.jpg".formatted(i);
        String sequencer = "%032d".formatted(events.incrementAndGet());
        features.put(
                new ImageFeature(
                        key,
                        SetLabels.of(named),
                        "net",
                        feature,
                        hash,
                        8,
                        8,
                        sequencer,
                        now[0],
                        "",
                        new byte[0]));
    }

    private void fill() {
        for (int i = 0; i < 240; i++) {
            String label = LABELS.get(i % LABELS.size());
            put(i, label, label);
        }
    }

    private String run(Activation activation) {
        var outcome = trainer(activation).run("net", "Net", HOUR);
        return assertInstanceOf(TrainHead.Trained.class, outcome, outcome.toString()).version();
    }

    private HeadCard card(String version) {
        return HeadFiles.card(version, file -> heads.read(version, file));
    }

    @Test
    void answersEachLabelByItself() {
        fill();
        put(900, "tree", "rare+tree");
        put(901, "tree", "odd");
        var outcome = trainer(Activation.SIGMOID).run("net", "Net", HOUR);
        var trained = assertInstanceOf(TrainHead.Trained.class, outcome);
        assertEquals(List.of("sea", "sky", "tree"), trained.classes());
        assertEquals(Map.of("odd", 1, "rare", 1), trained.leftOut());
        assertEquals(241, trained.validation().images(), "one shows nothing but a class left out");
        assertTrue(trained.validation().accuracy() > .9, trained.validation().toString());
        assertArrayEquals(new int[] {120, 120, 121}, trained.validation().support());
        Head head = HeadFiles.read(trained.version(), file -> heads.read(trained.version(), file));
        for (String label : List.of("sea+sky", "sea+sky+tree", "tree")) {
            double[] p = head.probabilities(feature(new Random(5), label));
            assertEquals(label, head.label(p));
        }
        assertEquals("sigmoid", card(trained.version()).activation());
        String report =
                new String(
                        heads.read(trained.version(), HeadFiles.REPORT).orElseThrow(),
                        StandardCharsets.UTF_8);
        assertTrue(report.contains("every label of an image and no other"), report);
    }

    @Test
    void theReportNamesMissedAndWrongLabelsAndTheDoctorMendsThem() {
        fill();
        put(0, "sea+tree", "sea");
        put(2, "sea", "sea+sky");
        put(3, "sky+sea", "sky+tree");
        HeadCard.Validated validation = card(run(Activation.SIGMOID)).validation();
        String mistakes = validation.mistakes().toString();
        assertTrue(mistakes.contains("[label=, predicted=tree,"), mistakes);
        assertTrue(mistakes.contains("[label=sky, predicted=,"), mistakes);
        assertTrue(mistakes.contains("[label=tree, predicted=sea,"), mistakes);
        String first = validation.labelDoctor().first().toString();
        assertTrue(first.contains("key=images/0.jpg, label=sea, suggestion=sea+tree"), first);
        assertTrue(first.contains("label=sky+tree, suggestion=sea+sky"), first);
    }

    @Test
    void aNewerHeadIsComparedUnlessTheSettingChanged() {
        fill();
        run(Activation.SOFTMAX);
        String several = run(Activation.SIGMOID);
        String reason = card(several).decision().reason();
        assertTrue(reason.contains("images have several labels now, not one"), reason);
        assertTrue(reason.contains("nothing to compare"), reason);
        put(300, "sky", "sky");
        reason = card(run(Activation.SIGMOID)).decision().reason();
        assertTrue(reason.contains("of 240 images that both heads know alike"), reason);
        assertTrue(
                new VerifyHead(
                                features,
                                heads,
                                TrainingSettings.standard(Activation.SIGMOID),
                                Heads.provenance(1))
                        .verify("latest")
                        .same());
    }

    /** By hand: found 0; missed 1 while 2 was wrongly answered; then found all. */
    @Test
    void theFiguresCountEachLabel() {
        int[][] labels = {{0, 1}, {2}};
        double[][] p = {{.9, .1, .8}, {.1, .1, .9}};
        Validation counted = Validation.of(new OutOfFold(Activation.SIGMOID, labels, p));
        assertEquals(.5, counted.accuracy());
        assertArrayEquals(new int[][] {{1, 0, 0}, {0, 0, 1}, {0, 0, 1}}, counted.confusion());
        assertEquals(1, counted.f1(0));
        assertEquals(0, counted.recall(1));
        assertEquals(.5, counted.precision(2));
        double loss = -4 * Math.log(.9) - Math.log(.1) - Math.log(.2);
        assertEquals(loss / 2, counted.logLoss(), 1e-12);
    }
}
