package dev.graft.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * One head on stored features, and the same by scikit-learn in processes of their own: four fifths
 * of the rows to learn from, every fifth to score. Arguments: FILE.npy (float16, images x width;
 * labels in the second column of FILE.tsv), strength, Python, heads.py.
 */
public final class HeadBenchmark {
    private HeadBenchmark() {}

    /** Prints a line for each. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        double strength = Double.parseDouble(arguments[1]);
        System.out.println("| fit | s | CPU s | peak MB | loss | accuracy |");
        System.out.println("|---|---|---|---|---|---|");
        Usage usage = new Usage();
        TrainingSet set = read(Path.of(arguments[0]));
        SoftmaxLoss loss = new SoftmaxLoss(set, set.images(i -> i % 5 != 0), ClassWeights.NONE);
        double[] at = loss.minimize(strength, new double[loss.parameters()], 1e-6, () -> false);
        double seconds = usage.seconds();
        double cpu = usage.cpu();
        double value = loss.evaluate(at, strength, new double[at.length]);
        System.out.println(
                Usage.line("Graft", seconds, cpu, Usage.peak(), value, right(set, loss, at)));
        for (String peer : List.of("lbfgs32", "lbfgs64", "sgd")) {
            new ProcessBuilder(arguments[2], arguments[3], arguments[0], arguments[1], peer)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start()
                    .waitFor();
        }
    }

    private static TrainingSet read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        List<String> labels =
                Files.readAllLines(Path.of(file.toString().replace(".npy", ".tsv"))).stream()
                        .map(line -> line.split("\t")[1])
                        .toList();
        List<String> classes = labels.stream().distinct().sorted().toList();
        int header = 10 + (bytes[8] & 0xff) + 256 * (bytes[9] & 0xff);
        int width = (bytes.length - header) / labels.size();
        FeatureMatrix matrix = new FeatureMatrix();
        int[] rows = new int[labels.size()];
        for (int i = 0; i < rows.length; i++) {
            int from = header + i * width;
            rows[i] = matrix.add(Arrays.copyOfRange(bytes, from, from + width), "row " + i);
        }
        int[] of = labels.stream().mapToInt(classes::indexOf).toArray();
        return new TrainingSet(matrix, rows, of, new int[of.length], classes);
    }

    private static int[] images(TrainingSet set, IntPredicate wanted) {
        return IntStream.range(0, set.labels().length).filter(wanted).toArray();
    }

    private static double right(TrainingSet set, SoftmaxLoss loss, double[] at) {
        int[] held = images(set, i -> i % 5 == 0);
        double[][] answers = new double[set.labels().length][];
        loss.answer(at, held, answers);
        return IntStream.of(held)
                .map(
                        i ->
                                answers[i][set.labels()[i]]
                                                == Arrays.stream(answers[i]).max().orElse(0)
                                        ? 1
                                        : 0)
                .average()
                .orElseThrow();
    }
}
