package dev.graft.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.head.Activation;
import dev.graft.head.HeadCard;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Images with several labels: what is answered, and the figures, against cases worked out. */
class OutOfFoldTest {
    private static final Activation SEVERAL = Activation.SIGMOID;

    @Test
    void answersWhatIsLikelierThanNotAndAtLeastOne() {
        assertArrayEquals(new int[] {0, 2}, SEVERAL.predicted(new double[] {.6, .4, .5}));
        assertArrayEquals(new int[] {1}, SEVERAL.predicted(new double[] {.1, .2, .1}));
        assertArrayEquals(new int[] {1}, Activation.SOFTMAX.predicted(new double[] {.3, .6, .1}));
        assertEquals(.2, SEVERAL.margin(new double[] {.9, .6, .1}), 1e-12);
        assertEquals(.3, Activation.SOFTMAX.margin(new double[] {.3, .6, .1}), 1e-12);
    }

    @Test
    void onlyHeadsForSeveralLabelsSplitThem() {
        assertEquals(List.of("sea", "sky"), SEVERAL.classes("sky + sea++sky"));
        assertEquals(List.of("c++"), Activation.SOFTMAX.classes("c++"));
    }

    @Test
    void lossSumsOverTheClasses() {
        double[] p = {.9, .2};
        assertEquals(-Math.log(.9) - Math.log(.8), SEVERAL.loss(p, new int[] {0}), 1e-12);
        assertEquals(-Math.log(.9) - Math.log(.2), SEVERAL.loss(p, new int[] {0, 1}), 1e-12);
    }

    @Test
    void softeningDividesTheScores() {
        double[] soft = SEVERAL.soften(SEVERAL.probabilities(new double[] {3, -1, 0}), 2);
        assertArrayEquals(SEVERAL.probabilities(new double[] {1.5, -.5, 0}), soft, 1e-12);
    }

    @Test
    void temperatureMendsAHeadTwiceTooSure() {
        Random random = new Random(11);
        int images = 4000;
        int[][] labels = new int[images][];
        int[] folds = new int[images];
        double[][] truth = new double[images][];
        double[][] sure = new double[images][];
        for (int i = 0; i < images; i++) {
            double[] scores = {2 * random.nextGaussian(), 2 * random.nextGaussian() - 1};
            double[] p = SEVERAL.probabilities(scores);
            truth[i] = p;
            sure[i] = SEVERAL.soften(p, .5);
            labels[i] = IntStream.range(0, 2).filter(c -> random.nextDouble() < p[c]).toArray();
            folds[i] = i % 5;
        }
        HeadCard.Calibration calibration =
                Calibration.of(new OutOfFold(SEVERAL, labels, sure), folds);
        assertEquals(2, calibration.temperature(), .15);
        assertTrue(calibration.errorBefore() > .05, calibration.toString());
        assertTrue(calibration.errorAfter() < .02, calibration.toString());
        int counted = calibration.after().stream().mapToInt(HeadCard.Bin::images).sum();
        assertEquals(2 * images, counted);
        HeadCard.Calibration fine = Calibration.of(new OutOfFold(SEVERAL, labels, truth), folds);
        assertEquals(1, fine.temperature(), .07);
    }

    @Test
    void theLabelDoctorFindsMissingAndWrongLabelsAndNothingElse() {
        Random random = new Random(2);
        int[][] given = new int[300][];
        double[][] answers = new double[300][];
        for (int i = 0; i < 300; i++) {
            int[] real = {List.of(0, 1, 2).get(i % 3), 3};
            double[] p = {.1, .1, .1, .9};
            p[i % 3] = .8 + .15 * random.nextDouble();
            answers[i] = p;
            given[i] = i < 5 ? new int[] {3} : i < 10 ? new int[] {(i + 1) % 3, 3} : real;
            Arrays.sort(given[i]);
        }
        var suspects = LabelDoctor.suspects(new OutOfFold(SEVERAL, given, answers));
        assertTrue(suspects.size() >= 8, suspects.toString());
        for (LabelDoctor.Suspect suspect : suspects) {
            assertTrue(suspect.image() < 10, suspect.toString());
            assertArrayEquals(new int[] {suspect.image() % 3, 3}, suspect.suggestion());
        }
    }

    @Test
    void aComparisonAsksForAllLabelsAndNoOther() {
        List<String> classes = List.of("a", "b", "c");
        Predictions champion =
                new Predictions(
                        SEVERAL,
                        classes,
                        List.of(
                                new Predictions.Row("1", "h", new int[] {0, 1}, 0, p(.9, .8, .1)),
                                new Predictions.Row("2", "h", new int[] {0, 1}, 0, p(.9, .8, .1)),
                                new Predictions.Row("3", "h", new int[] {2}, 0, p(.1, .1, .3))));
        Predictions challenger =
                new Predictions(
                        SEVERAL,
                        classes,
                        List.of(
                                new Predictions.Row("1", "h", new int[] {0, 1}, 0, p(.9, .4, .1)),
                                new Predictions.Row("2", "h", new int[] {0}, 0, p(.9, .4, .1)),
                                new Predictions.Row("3", "h", new int[] {2}, 0, p(.1, .1, .9))));
        assertEquals(
                new HeadCard.Comparison(classes, 2, 2, 1, 1, 0, 1),
                Comparison.of(champion, challenger));
    }

    private static double[] p(double... p) {
        return p;
    }
}
