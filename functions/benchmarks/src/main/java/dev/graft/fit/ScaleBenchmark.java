package dev.graft.fit;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One head on synthetic features of overlapping classes. Arguments: rows, width, classes, strength.
 * Prints seconds, CPU seconds, MB of the features, peak MB, evaluations and the loss.
 */
public final class ScaleBenchmark {
    private ScaleBenchmark() {}

    /** Prints one line of figures. */
    public static void main(String[] arguments) throws IOException {
        int rows = Integer.parseInt(arguments[0]);
        int width = Integer.parseInt(arguments[1]);
        int classes = Integer.parseInt(arguments[2]);
        double strength = Double.parseDouble(arguments[3]);
        TrainingSet set = synthetic(rows, width, classes);
        Usage usage = new Usage();
        int[] images = set.images(i -> true);
        CrossEntropy loss = new CrossEntropy(set, images, Scaling.STANDARDIZED);
        Objective objective = loss.objective(strength);
        int[] evaluations = {0};
        Objective counted =
                new Objective() {
                    @Override
                    public double evaluate(double[] at, double[] gradient) {
                        evaluations[0]++;
                        return objective.evaluate(at, gradient);
                    }

                    @Override
                    public double[] precondition(double[] gradient) {
                        return objective.precondition(gradient);
                    }
                };
        double tolerance = Math.sqrt(2 * Math.min(strength, 0.1) * 1e-4);
        double[] start = new double[loss.parameters()];
        Point found = Lbfgs.minimize(counted, start, tolerance, () -> false);
        System.out.printf(
                Locale.ROOT,
                "| %,d x %,d, %d classes | %.0f | %.0f | %.0f | %.0f | %d | %.4f |%n",
                rows,
                width,
                classes,
                usage.seconds(),
                usage.cpu(),
                set.features().bytes() / 1048576.0,
                Usage.peak(),
                evaluations[0],
                found.value());
    }

    /** Uniform noise, and three times as much of it in the columns of the class. */
    public static TrainingSet synthetic(int rows, int width, int classes) {
        FeatureMatrix matrix = new FeatureMatrix();
        int[] labels = new int[rows];
        short[] noise = new short[1 << 16];
        Random random = new Random(1);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = Float.floatToFloat16(random.nextFloat());
        }
        byte[] feature = new byte[2 * width];
        for (int i = 0; i < rows; i++) {
            labels[i] = random.nextInt(classes);
            for (int j = 0; j < width; j++) {
                short value = noise[random.nextInt() >>> 16];
                if (j % classes == labels[i] && j < 10 * classes) {
                    value = Float.floatToFloat16(3 * Float.float16ToFloat(value));
                }
                feature[2 * j] = (byte) value;
                feature[2 * j + 1] = (byte) (value >> 8);
            }
            matrix.add(feature, "row " + i);
        }
        int[] order = IntStream.range(0, rows).toArray();
        var names = IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
        return TrainingSet.softmax(matrix, order, labels, Arrays.copyOf(labels, rows), names);
    }
}
