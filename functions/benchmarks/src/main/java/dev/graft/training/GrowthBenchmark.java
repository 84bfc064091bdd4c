package dev.graft.training;

import dev.graft.benchmarks.Questions;
import dev.graft.fit.FeatureMatrix;
import dev.graft.fit.ScaleBenchmark;
import dev.graft.fit.TrainingSet;
import dev.graft.fit.Usage;
import dev.graft.head.Activation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How the time of a whole training (path of strengths, folds, prior adjustment, figures, head;
 * without reading the store) grows with rows, width and classes of synthetic features: one of them
 * at a time, the others as in the middle. In CPU seconds, which other work on the machine changes
 * least. Started by {@code growth.py}.
 */
public final class GrowthBenchmark {
    private static final int ROWS = 4_000;
    private static final int WIDTH = 512;
    private static final int CLASSES = 8;

    private GrowthBenchmark() {}

    /** Measures, prints a line for each size and tells all of them. */
    public static void main(String[] arguments) {
        seconds(ROWS, WIDTH, CLASSES);
        tell("rows", n -> seconds(n, WIDTH, CLASSES), 1_000, 2_000, 4_000, 8_000, 16_000);
        tell("width", n -> seconds(ROWS, n, CLASSES), 128, 256, 512, 1_024, 2_048);
        tell("classes", n -> seconds(ROWS, WIDTH, n), 2, 4, 8, 16, 32);
    }

    private static void tell(String growing, Size size, int... values) {
        double[] seconds = IntStream.of(values).mapToDouble(size::seconds).toArray();
        Questions.answer(Map.of("of", growing, "values", values, "seconds", seconds));
    }

    private interface Size {
        double seconds(int value);
    }

    private static double seconds(int rows, int width, int classes) {
        TrainingSet random = ScaleBenchmark.synthetic(rows, width, classes);
        Random hashes = new Random(2);
        List<TrainingImage> images = new ArrayList<>();
        try (FeatureMatrix matrix = random.features()) {
            for (int i = 0; i < rows; i++) {
                String hash = "%016x".formatted(hashes.nextLong()).repeat(4);
                String label = random.classes().get(random.labels()[i][0]);
                images.add(
                        new TrainingImage(
                                "image " + i, label, hash, matrix, i, Instant.EPOCH, new byte[0]));
            }
            Usage usage = new Usage();
            TrainingSettings settings = TrainingSettings.standard(Activation.SOFTMAX);
            var chosen = HeadFit.of(images, "", settings, Deadline.none()).validated();
            double cpu = usage.cpu();
            System.out.printf(
                    Locale.ROOT,
                    "%,d x %,d, %d classes: %.1f CPU s, strength %s, log loss %.3f%n",
                    rows,
                    width,
                    classes,
                    cpu,
                    chosen.best().strength(),
                    chosen.best().validation().logLoss());
            return cpu;
        }
    }
}
