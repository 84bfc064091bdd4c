package dev.graft.training;

import dev.graft.evaluation.NearestLabels;
import dev.graft.evaluation.OutOfFold;
import dev.graft.fit.HeadBenchmark;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How well the label doctor finds wrong labels: average precision where a twentieth of the labels
 * was changed, to any other class or always to the next one. Arguments: FILE.npy as for {@link
 * HeadBenchmark}, and how many trials.
 */
public final class DoctorBenchmark {
    private static final int FOLDS = 5;
    private static final double WRONG = 0.05;
    private static final int FIRST = 100;

    private DoctorBenchmark() {}

    private record Result(
            double confident, double head, double mixed, double headFirst, double mixedFirst) {}

    /** Prints the means over all trials, and the worst. */
    public static void main(String[] arguments) throws IOException {
        TrainingSet all = HeadBenchmark.read(Path.of(arguments[0]));
        int trials = Integer.parseInt(arguments[1]);
        for (boolean anyClass : new boolean[] {true, false}) {
            List<Result> results =
                    IntStream.range(0, trials).mapToObj(t -> trial(all, anyClass, t)).toList();
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s: average precision %.3f by confident learning, %.3f by the head alone, %.3f with the nearest labels, at worst %+.3f; of the first %d are wrong %.1f and %.1f %%%n",
                    arguments[0],
                    anyClass ? "any class" : "next class",
                    mean(results.stream().map(Result::confident).toList()),
                    mean(results.stream().map(Result::head).toList()),
                    mean(results.stream().map(Result::mixed).toList()),
                    results.stream().mapToDouble(r -> r.mixed() - r.head()).min().orElseThrow(),
                    FIRST,
                    100 * mean(results.stream().map(Result::headFirst).toList()),
                    100 * mean(results.stream().map(Result::mixedFirst).toList()));
        }
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(v -> v).average().orElseThrow();
    }

    private static Result trial(TrainingSet all, boolean anyClass, int trial) {
        Random random = new Random(trial);
        int classes = all.classes().size();
        boolean[] wrong = new boolean[all.images()];
        int[] labels = new int[all.images()];
        int[] folds = new int[all.images()];
        for (int i = 0; i < labels.length; i++) {
            wrong[i] = random.nextDouble() < WRONG;
            int other = anyClass ? 1 + random.nextInt(classes - 1) : 1;
            labels[i] = (all.labels()[i][0] + (wrong[i] ? other : 0)) % classes;
            folds[i] = random.nextInt(FOLDS);
        }
        TrainingSet set =
                TrainingSet.softmax(all.features(), all.rows(), labels, folds, all.classes());
        OutOfFold head =
                CrossValidation.choose(
                                set, TrainingSettings.standard(Activation.SOFTMAX), Deadline.none())
                        .best()
                        .predictions();
        boolean[] byHead = ranked(wrong, i -> margin(head, i));
        OutOfFold mixed = NearestLabels.mixed(head, set, () -> false);
        boolean[] byBoth = ranked(wrong, i -> margin(mixed, i));
        double[] usual = usual(head);
        return new Result(
                averagePrecision(ranked(wrong, i -> confident(head, usual, i))),
                averagePrecision(byHead),
                averagePrecision(byBoth),
                share(byHead),
                share(byBoth));
    }

    /** Whether the label of each image is wrong, the most doubtful first. */
    private static boolean[] ranked(boolean[] wrong, IntToDoubleFunction doubt) {
        List<Integer> order =
                IntStream.range(0, wrong.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(doubt::applyAsDouble))
                        .toList();
        boolean[] ranked = new boolean[wrong.length];
        for (int i = 0; i < ranked.length; i++) {
            ranked[i] = wrong[order.get(i)];
        }
        return ranked;
    }

    /** (classes), mean probability among the images with the label. */
    private static double[] usual(OutOfFold predictions) {
        return IntStream.range(0, predictions.classes())
                .mapToDouble(
                        c ->
                                IntStream.range(0, predictions.images())
                                        .filter(i -> predictions.has(i, c))
                                        .mapToDouble(i -> predictions.probabilities()[i][c])
                                        .average()
                                        .orElse(1))
                .toArray();
    }

    /**
     * The rule before (Northcutt, Jiang and Chuang, JAIR 70, 2021): the margin where another class
     * reaches its usual probability and is likelier; else after all of these.
     */
    private static double confident(OutOfFold predictions, double[] usual, int image) {
        double[] p = predictions.probabilities()[image];
        int label = predictions.labels()[image][0];
        double other =
                IntStream.range(0, p.length)
                        .filter(c -> c != label && p[c] >= usual[c])
                        .mapToDouble(c -> p[c])
                        .max()
                        .orElse(-1);
        return other > p[label] ? p[label] - other : 2 + margin(predictions, image);
    }

    private static double margin(OutOfFold predictions, int image) {
        double[] p = predictions.probabilities()[image];
        int label = predictions.labels()[image][0];
        return p[label]
                - IntStream.range(0, p.length)
                        .filter(c -> c != label)
                        .mapToDouble(c -> p[c])
                        .max()
                        .orElseThrow();
    }

    private static double averagePrecision(boolean[] ranked) {
        double sum = 0;
        int found = 0;
        for (int i = 0; i < ranked.length; i++) {
            if (ranked[i]) {
                found++;
                sum += (double) found / (i + 1);
            }
        }
        return sum / found;
    }

    private static double share(boolean[] ranked) {
        return IntStream.range(0, FIRST).filter(i -> ranked[i]).count() / (double) FIRST;
    }
}
