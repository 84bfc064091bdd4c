package dev.graft.fit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One head on stored features: four fifths of the rows to learn from, every fifth to score. Started
 * by {@code heads.py}, which measures it beside scikit-learn. Arguments: FILE.npy (float16, images
 * x width; labels in the second column of FILE.tsv), strength.
 */
public final class HeadBenchmark {
    private static final double ACCURACY = 1e-6;

    private HeadBenchmark() {}

    /** Prints seconds of fitting, loss and accuracy as JSON. */
    public static void main(String[] arguments) throws IOException {
        TrainingSet set = read(Path.of(arguments[0]));
        long start = System.nanoTime();
        int[] learning = set.images(i -> i % 5 != 0);
        double strength = Double.parseDouble(arguments[1]);
        CrossEntropy loss = new CrossEntropy(set, learning, Scaling.STANDARDIZED);
        double[] at = loss.minimize(strength, new double[loss.parameters()], ACCURACY, () -> false);
        double seconds = (System.nanoTime() - start) / 1e9;
        double value = loss.evaluate(at, strength, new double[at.length]);
        int[] held = set.images(i -> i % 5 == 0);
        double[][] answers = new double[set.labels().length][];
        loss.predict(at, 0, held, answers);
        double right =
                IntStream.of(held)
                        .filter(
                                i ->
                                        set.activation().predicted(answers[i])[0]
                                                == set.labels()[i][0])
                        .count();
        System.out.printf(
                Locale.ROOT,
                "{\"fit\": %.3f, \"loss\": %.7f, \"accuracy\": %.5f}%n",
                seconds,
                value,
                right / held.length);
    }

    /** Features with their labels, a row after the other. */
    public static TrainingSet read(Path file) throws IOException {
        List<String> labels =
                Files.readAllLines(Path.of(file.toString().replace(".npy", ".tsv"))).stream()
                        .map(line -> line.split("\t")[1])
                        .toList();
        List<String> classes = labels.stream().distinct().sorted().toList();
        FeatureMatrix matrix = new FeatureMatrix();
        try (InputStream values = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] start = values.readNBytes(10);
            int header = (start[8] & 0xff) + 256 * (start[9] & 0xff);
            String about = new String(values.readNBytes(header), StandardCharsets.US_ASCII);
            if (!about.contains("'<f2'")) {
                throw new IllegalArgumentException(
                        file + " is " + about.strip() + ": expected float16, astype('float16')");
            }
            int bytes = (int) ((Files.size(file) - 10 - header) / labels.size());
            for (int i = 0; i < labels.size(); i++) {
                matrix.add(values.readNBytes(bytes), "row " + i);
            }
        }
        int[] of = labels.stream().mapToInt(classes::indexOf).toArray();
        int[] rows = IntStream.range(0, of.length).toArray();
        return TrainingSet.softmax(matrix, rows, of, new int[of.length], classes);
    }
}
