package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoftmaxLossTest {
    private final Random random = new Random(7);

    private SoftmaxLoss loss() {
        float[] features = new float[600 * 5];
        int[] labels = new int[600];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = random.nextInt(3);
            for (int j = 0; j < 5; j++) {
                features[i * 5 + j] = (float) random.nextGaussian() + (labels[i] == j ? 1 : 0);
            }
        }
        return new SoftmaxLoss(features, labels, IntStream.range(0, 600).toArray(), 3);
    }

    @Test
    void gradientAgreesWithFiniteDifferences() {
        SoftmaxLoss loss = loss();
        double[] at = random.doubles(loss.parameters(), -1, 1).toArray();
        double[] gradient = new double[at.length];
        double[] ignored = new double[at.length];
        loss.evaluate(at, 0.3, gradient);
        for (int k = 0; k < at.length; k++) {
            double[] up = at.clone();
            double[] down = at.clone();
            up[k] += 1e-2;
            down[k] -= 1e-2;
            double slope =
                    (loss.evaluate(up, 0.3, ignored) - loss.evaluate(down, 0.3, ignored)) / 2e-2;
            assertEquals(slope, gradient[k], 1e-4, "parameter " + k);
        }
    }

    @Test
    void theOptimumIsWherePlainGradientDescentEnds() {
        SoftmaxLoss loss = loss();
        double[] gradient = new double[loss.parameters()];
        double[] slow = new double[gradient.length];
        for (int step = 0; step < 5_000; step++) {
            loss.evaluate(slow, 0.1, gradient);
            for (int k = 0; k < slow.length; k++) {
                slow[k] -= 0.5 * gradient[k];
            }
        }
        double[] fast = LbfgsFit.minimize(loss, 0.1, new double[slow.length]);
        double expected = loss.evaluate(slow, 0.1, gradient);
        double found = loss.evaluate(fast, 0.1, gradient);
        assertEquals(expected, found, 1e-6);
        assertTrue(found < Math.log(3), "no better than chance: " + found);
    }
}
