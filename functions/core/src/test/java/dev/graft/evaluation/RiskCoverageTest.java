package dev.graft.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.head.Activation;
import dev.graft.head.SelectivePrediction;
import dev.graft.head.SelectivePrediction.Cut;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RiskCoverageTest {
    /** 40 images of cat with probabilities .60, .61 … .99, of which the surest 30 are right. */
    private static OutOfFold predictions() {
        return new OutOfFold(
                Activation.SOFTMAX,
                IntStream.range(0, 40)
                        .mapToObj(i -> new int[] {i < 10 ? 1 : 0})
                        .toArray(int[][]::new),
                IntStream.range(0, 40)
                        .mapToObj(i -> new double[] {(60 + i) / 100.0, (40 - i) / 100.0})
                        .toArray(double[][]::new));
    }

    @Test
    void theSurestAreAnsweredFirst() {
        SelectivePrediction found = RiskCoverage.of(predictions(), List.of("cat", "dog"), 1);
        assertEquals(20, found.curve().size());
        var three = found.curve().get(14);
        assertEquals(0.75, three.share());
        assertEquals(1, three.accuracy());
        assertEquals(0.70, three.probability(), 1e-9);
        assertEquals(0.75, found.curve().getLast().accuracy());
        assertEquals(1, found.curve().getLast().share());
    }

    /** 33 answers of which 30 are right are 90.9 %, 34 are less than 90 %. */
    @Test
    void aThresholdIsTheLowestThatReachesThePrecision() {
        SelectivePrediction found = RiskCoverage.of(predictions(), List.of("cat", "dog"), 1);
        SelectivePrediction.OfClass cat = found.classes().getFirst();
        assertEquals(40, cat.images());
        Cut ninety = cat.cuts().getFirst();
        assertEquals(90, ninety.precision());
        assertEquals(0.67, ninety.threshold(), 1e-3);
        assertTrue(ninety.threshold() <= 0.67 && ninety.threshold() > 0.66);
        assertEquals(33.0 / 40, ninety.share());
        assertEquals(30.0 / 40, cat.cuts().getLast().share());
        Cut never = found.classes().getLast().cuts().getFirst();
        assertNull(never.threshold(), "dog is predicted for no image");
        assertEquals(0, never.share());
    }

    @Test
    void imagesWithSeveralLabelsAreRightIfAllAre() {
        OutOfFold predictions =
                new OutOfFold(
                        Activation.SIGMOID,
                        new int[][] {{0, 1}, {0}},
                        new double[][] {{0.9, 0.8}, {0.7, 0.6}});
        SelectivePrediction found = RiskCoverage.of(predictions, List.of("sea", "sky"), 1);
        assertEquals(List.of(1.0, 0.5), found.curve().stream().map(p -> p.accuracy()).toList());
        assertEquals(2, found.classes().getLast().images());
    }
}
