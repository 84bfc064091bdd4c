package dev.graft.training;

import dev.graft.evaluation.OutOfFold;
import dev.graft.evaluation.Validation;
import dev.graft.fit.HeadBenchmark;
import dev.graft.fit.TrainingSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a training of few images a class says about itself, against the truth on all others.
 * Arguments: FILE.npy as for {@link HeadBenchmark}, images a class, draws. A draw takes of each
 * class the images whose SHA-256 of draw and name comes first, so that {@code few_images.py} makes
 * the same; a class keeps at least three for the rest. On the rest, each class counts as often as
 * among those drawn.
 */
public final class FewImagesBenchmark {
    private static final int KEPT = 3;
    private static final int BINS = 15;

    private FewImagesBenchmark() {}

    /** One draw. */
    private record Result(double expected, double accuracy, double error, boolean covered) {}

    /** Prints the means over all draws. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        TrainingSet all = HeadBenchmark.read(file);
        List<String> names = Draw.names(file);
        int each = Integer.parseInt(arguments[1]);
        List<Result> results =
                IntStream.range(0, Integer.parseInt(arguments[2]))
                        .mapToObj(draw -> one(all, names, each, draw))
                        .toList();
        double draws = results.size();
        System.out.printf(
                Locale.ROOT,
                "%s, %d a class: accuracy %.3f, out of fold %.3f, covered %.3f, calibration error %.3f%n",
                file.getFileName(),
                each,
                results.stream().mapToDouble(Result::accuracy).sum() / draws,
                results.stream().mapToDouble(Result::expected).sum() / draws,
                results.stream().filter(Result::covered).count() / draws,
                results.stream().mapToDouble(Result::error).sum() / draws);
    }

    private static Result one(TrainingSet all, List<String> names, int each, int draw) {
        int[] drawn = drawn(all, names, each, draw);
        Draw fitted = Draw.of(all, names, drawn, draw);
        return result(fitted, fitted.best().validation());
    }

    private static int[] drawn(TrainingSet all, List<String> names, int each, int draw) {
        List<Integer> drawn = new ArrayList<>();
        for (int c = 0; c < all.classes().size(); c++) {
            int label = c;
            int[] of = all.images(i -> all.labels()[i][0] == label);
            IntStream.of(of)
                    .boxed()
                    .sorted(Comparator.comparing(i -> Draw.hash(draw, names.get(i))))
                    .limit(Math.min(each, of.length - KEPT))
                    .forEach(drawn::add);
        }
        return drawn.stream().mapToInt(i -> i).sorted().toArray();
    }

    private static Result result(Draw fitted, Validation validation) {
        OutOfFold truth = fitted.onRest();
        Validation onRest = Validation.of(truth);
        double[] weights =
                IntStream.range(0, truth.classes())
                        .mapToDouble(
                                c ->
                                        (double) validation.support()[c]
                                                / validation.images()
                                                / onRest.support()[c])
                        .toArray();
        double accuracy =
                IntStream.range(0, weights.length)
                        .mapToDouble(c -> weights[c] * onRest.confusion()[c][c])
                        .sum();
        double[] interval = validation.interval();
        boolean covered = interval[0] <= accuracy && accuracy <= interval[1];
        return new Result(validation.accuracy(), accuracy, error(truth, weights), covered);
    }

    /** Expected calibration error over bins of equal width. */
    private static double error(OutOfFold truth, double[] weights) {
        double[] excess = new double[BINS];
        for (int i = 0; i < truth.images(); i++) {
            int predicted = truth.predicted(i)[0];
            double confidence = truth.probabilities()[i][predicted];
            double weight = weights[truth.labels()[i][0]];
            int bin = Math.min(BINS - 1, (int) (confidence * BINS));
            excess[bin] += weight * (confidence - (truth.has(i, predicted) ? 1 : 0));
        }
        return Arrays.stream(excess).map(Math::abs).sum();
    }
}
