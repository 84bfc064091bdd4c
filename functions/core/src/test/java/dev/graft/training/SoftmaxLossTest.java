package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class SoftmaxLossTest {
    private final Random random = new Random(7);

    private static SoftmaxLoss loss(TrainingSet set, ClassWeights weights) {
        return new SoftmaxLoss(set, set.images(i -> true), weights);
    }

    @Test
    void gradientAgreesWithFiniteDifferences() {
        for (int width : new int[] {5, 300}) {
            SoftmaxLoss loss = loss(Sets.random(601, width, random), ClassWeights.SQUARE_ROOT);
            double[] at = random.doubles(loss.parameters(), -0.3, 0.3).toArray();
            double[] gradient = new double[at.length];
            double[] ignored = new double[at.length];
            loss.evaluate(at, 0.3, gradient);
            for (int k = 0; k < at.length; k++) {
                double[] up = at.clone();
                double[] down = at.clone();
                up[k] += 1e-2;
                down[k] -= 1e-2;
                double difference =
                        loss.evaluate(up, 0.3, ignored) - loss.evaluate(down, 0.3, ignored);
                assertEquals(difference / 2e-2, gradient[k], 1e-4, width + " wide, " + k);
            }
        }
    }

    @Test
    void endsWhereNewtonsMethodInDoublesEnds() {
        TrainingSet set = Sets.random(600, 5, random);
        for (double strength : new double[] {1, 0.1, 0.003}) {
            ClassWeights weights = strength == 1 ? ClassWeights.BALANCED : ClassWeights.NONE;
            SoftmaxLoss loss = loss(set, weights);
            double[] start = new double[loss.parameters()];
            double[] found = loss.minimize(strength, start, 1e-6, () -> false);
            NewtonFit newton = new NewtonFit(set, strength, weights == ClassWeights.BALANCED);
            double expected = newton.loss(newton.minimize());
            assertEquals(expected, newton.loss(found), 1e-6, "strength " + strength);
            assertEquals(expected, loss.evaluate(found, strength, new double[18]), 1e-6);
            assertTrue(expected < Math.log(3), "no better than chance: " + expected);
        }
    }

    @Test
    void anyNumberOfThreadsAndAnyOrderOfRowsGiveTheSameBits() throws Exception {
        float[] first = null;
        var settings =
                new TrainingSettings(5, 5, List.of(1.0, 0.1), List.of(ClassWeights.values()));
        for (int threads : new int[] {1, 2, 7}) {
            TrainingSet set = Sets.random(3_000, 300, new Random(threads));
            float[] weights;
            try (ForkJoinPool pool = new ForkJoinPool(threads)) {
                weights =
                        pool.submit(
                                        () -> {
                                            var chosen =
                                                    CrossValidation.choose(
                                                            set, settings, Deadline.none());
                                            return set.fit(chosen.best(), () -> false).weights();
                                        })
                                .get();
            }
            first = first == null ? weights : first;
            assertArrayEquals(first, weights, 0, threads + " threads");
        }
    }
}
