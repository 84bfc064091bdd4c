package dev.graft.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.head.Activation;
import dev.graft.head.ConformalSets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConformalTest {
    private static final List<String> NAMES = List.of("a", "b", "c");

    /** Images of class a, whose probability of the truth is 0.01, 0.02 and so on. */
    private static OutOfFold rising(int images) {
        double[][] probabilities =
                IntStream.rangeClosed(1, images)
                        .mapToObj(i -> new double[] {i / 100.0, 1 - i / 100.0, 0})
                        .toArray(double[][]::new);
        int[][] labels = IntStream.range(0, images).mapToObj(i -> new int[1]).toArray(int[][]::new);
        return new OutOfFold(Activation.SOFTMAX, labels, probabilities);
    }

    @Test
    void aThresholdIsReachedByTheAskedShareOfImages() {
        ConformalSets sets = Conformal.of(rising(99), NAMES, 1).orElseThrow();
        assertEquals(0.10, sets.all()[90 - ConformalSets.LEAST], 1e-4); // 90 of 100 are above
        assertEquals(0.01, sets.all()[99 - ConformalSets.LEAST], 1e-4);
        assertEquals(50, sets.all().length);
    }

    @Test
    void aClassHasItsOwnWhereFiveOfItsImagesAreOutside() {
        ConformalSets sets = Conformal.of(rising(50), NAMES, 1).orElseThrow();
        assertEquals(List.of("a"), List.copyOf(sets.classes().keySet()));
        assertEquals(90 - ConformalSets.LEAST + 1, sets.classes().get("a").length);
        assertTrue(Conformal.of(rising(9), NAMES, 1).orElseThrow().classes().isEmpty());
    }

    @Test
    void tooFewImagesForACoverageLetEveryClassIn() {
        ConformalSets sets = Conformal.of(rising(9), NAMES, 1).orElseThrow();
        double[] sure = {0, 1, 0};
        assertEquals(List.of("b"), sets.set(NAMES, sure, 90));
        assertEquals(List.of("b", "a", "c"), sets.set(NAMES, sure, 91));
    }

    @Test
    void theMostProbableClassIsAlwaysInASet() {
        ConformalSets sets = Conformal.of(rising(99), NAMES, 1).orElseThrow();
        assertEquals(List.of("c"), sets.set(NAMES, new double[] {0.3, 0.33, 0.37}, 50));
    }

    @Test
    void aMultiLabelHeadHasNone() {
        OutOfFold several =
                new OutOfFold(Activation.SIGMOID, new int[][] {{0}}, new double[][] {{1, 0, 0}});
        assertTrue(Conformal.of(several, NAMES, 1).isEmpty());
    }

    /** Of images like those the thresholds come from, and of each class that has enough. */
    @Test
    void setsHoldTheTruthAsOftenAsAsked() {
        Random random = new Random(7);
        OutOfFold known = drawn(4000, random);
        OutOfFold others = drawn(4000, random);
        ConformalSets sets = Conformal.of(known, NAMES, 1.5).orElseThrow();
        for (int coverage : new int[] {80, 90, 95}) {
            int[] all = new int[3];
            int[] held = new int[3];
            for (int i = 0; i < others.images(); i++) {
                double[] soft = Activation.SOFTMAX.soften(others.probabilities()[i], 1.5);
                int truth = others.labels()[i][0];
                List<String> set = sets.set(NAMES, soft, coverage);
                all[truth]++;
                held[truth] += set.contains(NAMES.get(truth)) ? 1 : 0;
            }
            for (int c = 0; c < 2; c++) { // the third is too rare for thresholds of its own
                assertEquals(coverage / 100.0, held[c] / (double) all[c], 0.04, NAMES.get(c));
            }
            double found = Arrays.stream(held).sum() / (double) others.images();
            assertTrue(found > coverage / 100.0 - 0.02, coverage + ": " + found);
        }
        assertFalse(sets.classes().containsKey("c"));
    }

    /** Three clouds on a line; every 500th image is of the last class. */
    private static OutOfFold drawn(int images, Random random) {
        int[][] labels = new int[images][];
        double[][] probabilities = new double[images][];
        for (int i = 0; i < images; i++) {
            labels[i] = new int[] {i % 500 == 0 ? 2 : i % 2};
            double at = labels[i][0] + random.nextGaussian() * 0.6;
            double[] scores =
                    IntStream.range(0, 3).mapToDouble(c -> -2 * (at - c) * (at - c)).toArray();
            probabilities[i] = Activation.SOFTMAX.probabilities(scores);
        }
        return new OutOfFold(Activation.SOFTMAX, labels, probabilities);
    }
}
