package dev.graft.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Float16;
import dev.graft.feature.Vectors;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrossEntropyTest {
    private final Random random = new Random(7);

    private static CrossEntropy loss(TrainingSet set) {
        return new CrossEntropy(set, set.images(i -> true), Scaling.STANDARDIZED);
    }

    @Test
    void gradientAgreesWithFiniteDifferences() {
        for (int width : new int[] {5, 300}) {
            gradientAgreesWithFiniteDifferences(Sets.random(601, width, random));
            gradientAgreesWithFiniteDifferences(Sets.several(601, width, random));
        }
        for (int width : new int[] {1_100, 1_300}) {
            gradientAgreesWithFiniteDifferences(Sets.random(21, width, random));
        }
    }

    private void gradientAgreesWithFiniteDifferences(TrainingSet set) {
        CrossEntropy loss = loss(set);
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
            CrossEntropy loss = loss(set);
            double[] start = new double[loss.parameters()];
            double[] found = loss.minimize(strength, start, 1e-6, () -> false);
            NewtonFit newton = new NewtonFit(set, strength);
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
        for (double strength : new double[] {0.5, 0.05}) {
            CrossEntropy loss = loss(set);
            double[] start = new double[loss.parameters()];
            double[] found = loss.minimize(strength, start, 1e-6, () -> false);
            double expected = 0;
            for (int c = 0; c < 3; c++) {
                int label = c;
                int[] has =
                        IntStream.range(0, set.images())
                                .map(i -> Arrays.binarySearch(set.labels()[i], label) >= 0 ? 1 : 0)
                                .toArray();
                TrainingSet two =
                        TrainingSet.softmax(
                                set.features(), set.rows(), has, has, List.of("not", "has"));
                NewtonFit newton = new NewtonFit(two, 2 * strength);
                expected += newton.loss(newton.minimize());
            }
            assertEquals(expected, loss.evaluate(found, strength, new double[18]), 1e-6);
            assertTrue(expected < 3 * Math.log(2), "no better than chance: " + expected);
        }
    }

    /**
     * The prior of a class is its share of the images, counted with one image more of each kind.
     */
    @ParameterizedTest
    @EnumSource
    void priorAdjustmentTakesTheLogarithmOfItsFrequencyOffAScore(Activation activation) {
        boolean multiLabel = activation == Activation.SIGMOID;
        TrainingSet set = multiLabel ? Sets.several(601, 5, random) : Sets.random(601, 5, random);
        CrossEntropy loss = loss(set);
        double[] at = random.doubles(loss.parameters(), -0.3, 0.3).toArray();
        double[][] plain = new double[set.images()][];
        double[][] adjusted = new double[set.images()][];
        loss.predict(at, 0, set.images(i -> true), plain);
        loss.predict(at, 0.25, set.images(i -> true), adjusted);
        double[] prior = new double[3];
        for (int[] labels : set.labels()) {
            IntStream.of(labels).forEach(label -> prior[label]++);
        }
        for (int c = 0; c < 3; c++) {
            double others = multiLabel ? 601 - prior[c] + 1 : 601 + 3;
            prior[c] = Math.log((prior[c] + 1) / others);
            float bias = loss.head(at, 0.25).bias()[c];
            assertEquals(loss.head(at, 0).bias()[c] - 0.25 * prior[c], bias, 1e-6);
        }
        for (int i = 0; i < plain.length; i++) {
            double[] scores = activation.scores(plain[i]);
            for (int c = 0; c < 3; c++) {
                scores[c] -= 0.25 * prior[c];
            }
            assertArrayEquals(activation.probabilities(scores), adjusted[i], 1e-12);
        }
    }

    /** Where every image has the class frequencies as probabilities, and all directions fit. */
    @ParameterizedTest
    @EnumSource
    void preconditioningInvertsTheHessian(Activation activation) {
        int width = 5;
        boolean multiLabel = activation == Activation.SIGMOID;
        TrainingSet set =
                multiLabel ? Sets.several(200, width, random) : Sets.random(200, width, random);
        CrossEntropy loss = loss(set);
        double strength = 0.2;
        double[] gradient = random.doubles(loss.parameters(), -1, 1).toArray();
        double[] found = loss.objective(strength).precondition(gradient);
        double[] frequencies = new double[3];
        for (int[] labels : set.labels()) {
            for (int label : labels) {
                frequencies[label] += 1 / 200.0;
            }
        }
        Head.Parameters known = loss.head(new double[loss.parameters()], 0);
        double[][] back = new double[3][width];
        for (int i = 0; i < 200; i++) {
            float[] row = Float16.decode(set.features().bytes(set.rows()[i]));
            double[] along = new double[3];
            double mean = 0;
            for (int c = 0; c < 3; c++) {
                for (int j = 0; j < width; j++) {
                    double value = (row[j] - known.mean()[j]) / known.scale()[j];
                    along[c] += value * found[c * width + j];
                }
                mean += multiLabel ? 0 : frequencies[c] * along[c];
            }
            for (int c = 0; c < 3; c++) {
                for (int j = 0; j < width; j++) {
                    double value = (row[j] - known.mean()[j]) / known.scale()[j];
                    double diagonal =
                            multiLabel ? frequencies[c] * (1 - frequencies[c]) : frequencies[c];
                    back[c][j] += diagonal * (along[c] - mean) * value / 200;
                }
            }
        }
        for (int c = 0; c < 3; c++) {
            for (int j = 0; j < width; j++) {
                double all = back[c][j] + strength * found[c * width + j];
                assertEquals(gradient[c * width + j], all, 1e-4, "class " + c + ", column " + j);
            }
        }
    }

    @Test
    void oneImageAndManyThatAreTheSameHaveAPreconditionerToo() {
        for (int rows : new int[] {1, 2, 700}) {
            float[] column = new float[300];
            FeatureMatrix matrix = new FeatureMatrix();
            for (int i = 0; i < rows; i++) {
                column[7] = i % 2;
                matrix.add(Float16.encode(column), "image");
            }
            int[] all = IntStream.range(0, rows).toArray();
            float[] scale = new float[300];
            Arrays.fill(scale, 1);
            Preconditioner preconditioner =
                    new Preconditioner(matrix, all, new Standardization(new float[300], scale));
            double[] frequencies = {0.25, 0.75};
            double[] gradient = random.doubles(602, -1, 1).toArray();
            double[] found =
                    preconditioner.new Inverse(0.5, frequencies, frequencies).times(gradient);
            assertTrue(Vectors.dot(gradient, found) > 0, rows + " rows");
            if (rows == 1) { // all of it 0: nothing but the strength counts
                assertEquals(gradient[300] / 0.5, found[300], 1e-12);
            }
        }
    }
}
