package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.evaluation.Activation;
import dev.graft.feature.Float16;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SoftmaxLossTest {
    private final Random random = new Random(7);

    private static SoftmaxLoss loss(TrainingSet set, ClassWeights weights) {
        return new SoftmaxLoss(set, set.images(i -> true), weights);
    }

    @Test
    void gradientAgreesWithFiniteDifferences() {
        for (int width : new int[] {5, 300}) {
            gradientAgreesWithFiniteDifferences(Sets.random(601, width, random));
            gradientAgreesWithFiniteDifferences(Sets.several(601, width, random));
        }
    }

    private void gradientAgreesWithFiniteDifferences(TrainingSet set) {
        SoftmaxLoss loss = loss(set, ClassWeights.SQUARE_ROOT);
        double[] at = random.doubles(loss.parameters(), -0.3, 0.3).toArray();
        double[] gradient = new double[at.length];
        double[] ignored = new double[at.length];
        loss.evaluate(at, 0.3, gradient);
        for (int k = 0; k < at.length; k++) {
            double[] up = at.clone();
            double[] down = at.clone();
            up[k] += 1e-2;
            down[k] -= 1e-2;
            double difference = loss.evaluate(up, 0.3, ignored) - loss.evaluate(down, 0.3, ignored);
            assertEquals(difference / 2e-2, gradient[k], 1e-4, set.activation() + " " + k);
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

    /**
     * One class against the rest is a softmax of two classes whose weights are w / 2 and -w / 2: as
     * |w / 2|^2 + |w / 2|^2 is half of |w|^2, the strength is twice as much.
     */
    @Test
    void forSeveralLabelsEndsWhereNewtonsMethodEndsForEachClass() {
        TrainingSet set = Sets.several(600, 5, random);
        for (ClassWeights weights : List.of(ClassWeights.NONE, ClassWeights.BALANCED)) {
            double strength = 0.05;
            SoftmaxLoss loss = loss(set, weights);
            double[] start = new double[loss.parameters()];
            double[] found = loss.minimize(strength, start, 1e-6, () -> false);
            double expected = 0;
            for (int c = 0; c < 3; c++) {
                int label = c;
                int[] has =
                        IntStream.range(0, set.images())
                                .map(i -> set.answers(null).has(i, label) ? 1 : 0)
                                .toArray();
                TrainingSet two =
                        TrainingSet.softmax(
                                set.features(), set.rows(), has, has, List.of("not", "has"));
                NewtonFit newton = new NewtonFit(two, 2 * strength, weights != ClassWeights.NONE);
                expected += newton.loss(newton.minimize());
            }
            assertEquals(expected, loss.evaluate(found, strength, new double[18]), 1e-6);
            assertTrue(expected < 3 * Math.log(2), "no better than chance: " + expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyNumberOfThreadsAndAnyOrderOfRowsGiveTheSameBytes(Activation activation)
            throws Exception {
        List<ClassWeights> all = List.of(ClassWeights.values());
        TrainingSettings settings = new TrainingSettings(activation, 5, 5, List.of(1.0, 0.1), all);
        byte[] first = null;
        for (int threads : new int[] {1, 2, 7}) {
            Random order = new Random(threads);
            TrainingSet set =
                    activation == Activation.SIGMOID
                            ? Sets.several(3_000, 300, order)
                            : Sets.random(3_000, 300, order);
            byte[] bytes;
            try (ForkJoinPool pool = new ForkJoinPool(threads)) {
                bytes = pool.submit(() -> tensors(set, settings)).get();
            }
            first = first == null ? bytes : first;
            assertArrayEquals(first, bytes, threads + " threads");
        }
    }

    private static byte[] tensors(TrainingSet set, TrainingSettings settings) {
        Choice best = CrossValidation.choose(set, settings, Deadline.none()).best();
        Head head = new Head("v", Sets.CLASSES, "net", set.fit(best, () -> false));
        ObjectNode nothing = new ObjectMapper().createObjectNode();
        return HeadFiles.write(head, nothing).get(HeadFiles.TENSORS);
    }

    /** The rows are fewer than the curvature takes, so that nothing is approximate but float32. */
    @Test
    void preconditioningUndoesTheCurvatureAtZeroWeights() {
        int width = 5;
        TrainingSet set = Sets.random(200, width, random);
        SoftmaxLoss loss = loss(set, ClassWeights.NONE);
        double strength = 0.2;
        double[] gradient = random.doubles(loss.parameters(), -1, 1).toArray();
        double[] found = loss.objective(strength).precondition(gradient);
        double spread = 2 / 9.0;
        for (int c = 0; c < 3; c++) {
            double[] back = new double[width];
            for (int i = 0; i < 200; i++) {
                float[] raw = Float16.decode(set.features().bytes(set.rows()[i]));
                double along = 0;
                for (int j = 0; j < width; j++) {
                    raw[j] = (raw[j] - loss.mean[j]) / loss.scale[j];
                    along += raw[j] * found[c * width + j];
                }
                for (int j = 0; j < width; j++) {
                    back[j] += spread * raw[j] * along / 200;
                }
            }
            for (int j = 0; j < width; j++) {
                int k = c * width + j;
                back[j] += (strength + 0.3 * spread) * found[k];
                assertEquals(gradient[k], back[j], 1e-4, "class " + c + ", column " + j);
            }
            int bias = 3 * width + c;
            assertEquals(gradient[bias], spread * found[bias], 1e-12);
        }
    }
}
