package dev.graft.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.head.Activation;
import dev.graft.head.HeadCard;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Calibration, label doctor and learning curve against cases worked out another way. */
class FiguresTest {
    private static final int IMAGES = 6000;
    private final int[][] labels = new int[IMAGES][];
    private final int[] folds = new int[IMAGES];
    private final double[][] truth = new double[IMAGES][];

    /** Labels drawn from known probabilities: those are calibrated by construction. */
    private void draw() {
        Random random = new Random(11);
        for (int i = 0; i < IMAGES; i++) {
            double[] scores = {2 * random.nextGaussian(), 2 * random.nextGaussian(), 0};
            double[] p = new double[3];
            double sum = 0;
            for (int c = 0; c < 3; c++) {
                sum += p[c] = Math.exp(scores[c]);
            }
            double at = random.nextDouble();
            for (int c = 0; c < 3; c++) {
                p[c] /= sum;
            }
            truth[i] = p;
            labels[i] = new int[] {at < p[0] ? 0 : at < p[0] + p[1] ? 1 : 2};
            folds[i] = i % 5;
        }
    }

    @Test
    void temperatureMendsAHeadTwiceTooSure() {
        draw();
        double[][] sure = new double[IMAGES][];
        for (int i = 0; i < IMAGES; i++) {
            sure[i] = Activation.SOFTMAX.soften(truth[i], 0.5);
        }
        HeadCard.Calibration calibration =
                Calibration.of(new OutOfFold(Activation.SOFTMAX, labels, sure), folds);
        assertEquals(2, calibration.temperature(), 0.1);
        assertTrue(calibration.errorBefore() > 0.08, calibration.toString());
        assertTrue(calibration.errorAfter() < 0.025, calibration.toString());
        assertEquals(IMAGES, calibration.after().stream().mapToInt(HeadCard.Bin::images).sum());
        assertEquals(
                1,
                Calibration.of(new OutOfFold(Activation.SOFTMAX, labels, truth), folds)
                        .temperature(),
                0.05);
    }

    @Test
    void theLabelDoctorFindsSwappedLabelsAndNothingElse() {
        draw();
        Random random = new Random(2);
        double[][] answers = new double[300][];
        int[][] given = new int[300][];
        for (int i = 0; i < 300; i++) {
            int real = i % 3;
            answers[i] = new double[] {.1, .1, .1};
            answers[i][real] = .7 + .1 * random.nextDouble();
            given[i] = new int[] {i < 12 ? (real + 1) % 3 : real};
        }
        List<LabelDoctor.Suspect> suspects =
                LabelDoctor.suspects(new OutOfFold(Activation.SOFTMAX, given, answers));
        assertTrue(suspects.size() >= 9, suspects.toString());
        for (LabelDoctor.Suspect suspect : suspects) {
            assertTrue(suspect.image() < 12, suspect.toString());
            assertArrayEquals(new int[] {suspect.image() % 3}, suspect.suggestion());
        }
    }

    /** Error 0.8 n^-1/2: 0.1 at 64 images, 0.0707 at 128. */
    @Test
    void theCurveGoesOnByItsPowerLaw() {
        int[] images = {16, 32, 64};
        double[] f1 = new double[3];
        for (int s = 0; s < 3; s++) {
            f1[s] = 1 - 0.8 / Math.sqrt(images[s]);
        }
        HeadCard.LearningCurve curve = LearningCurve.of(images, f1);
        assertEquals(64, curve.moreImages());
        assertEquals(0.1 - 0.8 / Math.sqrt(128), curve.gain(), 1e-9);
        assertEquals(0, LearningCurve.of(images, new double[] {.9, .8, .7}).gain());
        assertArrayEquals(images, curve.images());
    }

    /** Golden: scipy.stats.binomtest(4, 8).proportion_ci(method="wilson"). */
    @Test
    void theIntervalCountsOneImageAClassLess() {
        var of = new Validation(10, 0.5, 0.5, 1, new int[2][2], new int[] {5, 5}, new int[] {5, 5});
        assertArrayEquals(new double[] {0.2152, 0.7848}, of.interval(), 1e-4);
    }

    @Test
    void aFewWrongPredictionsDoNotDriveTheTemperatureFar() {
        int[][] labels = {{0}, {1}, {0}, {1}};
        double[][] wrong = {{0.4, 0.6}, {0.6, 0.4}, {0.4, 0.6}, {0.6, 0.4}};
        var few = new OutOfFold(Activation.SOFTMAX, labels, wrong);
        double temperature = Calibration.temperature(few, i -> true);
        assertTrue(temperature > 1 && temperature < 1.5, "" + temperature);
    }

    /** Of twenty images at a time, often no temperature helps those that did not choose it. */
    @Test
    void aTemperatureThatDoesNotHelpIsLeftAtOne() {
        draw();
        int left = 0;
        for (int from = 0; from + 20 <= 1000; from += 20) {
            var few =
                    new OutOfFold(
                            Activation.SOFTMAX,
                            Arrays.copyOfRange(labels, from, from + 20),
                            Arrays.copyOfRange(truth, from, from + 20));
            HeadCard.Calibration calibration =
                    Calibration.of(few, Arrays.copyOfRange(folds, from, from + 20));
            boolean served = calibration.temperature() != 1;
            assertEquals(served, calibration.logLossAfter() < few.logLoss());
            assertTrue(served || calibration.errorAfter() == calibration.errorBefore());
            left += served ? 0 : 1;
        }
        assertTrue(left > 10 && left < 50, left + " of 50 left as they were");
    }
}
