package dev.graft.training;

import dev.graft.evaluation.OutOfFold;
import dev.graft.evaluation.Validation;
import dev.graft.fit.CrossEntropy;
import dev.graft.fit.HeadBenchmark;
import dev.graft.fit.Scaling;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How good the strength of L2 is that each side chooses by five folds: Graft from its path, and
 * scikit-learn's LogisticRegressionCV from its grid of ten C by accuracy. As both give the same
 * head at the same strength, every fit here is Graft's. Arguments: FILE.npy as for {@link
 * HeadBenchmark}, images to learn from, random splits. Prints a line for each split and the mean of
 * all.
 */
public final class StrengthBenchmark {
    private static final int FOLDS = 5;
    private static final double ACCURACY = 1e-4;

    private StrengthBenchmark() {}

    /** One strength: how well it did out of fold, and on the images held out of everything. */
    private record Tried(Choice choice, double heldOut) {}

    /** Prints accuracy on the held-out images at both choices. */
    public static void main(String[] arguments) throws IOException {
        TrainingSet all = HeadBenchmark.read(Path.of(arguments[0]));
        int learning = Integer.parseInt(arguments[1]);
        int splits = Integer.parseInt(arguments[2]);
        double[] sums = new double[2];
        for (int split = 0; split < splits; split++) {
            List<Tried> tried = tried(shuffled(all, learning, split), learning);
            List<Double> path = TrainingSettings.standard(Activation.SOFTMAX).strengths();
            List<Choice> ours = new ArrayList<>();
            for (double strength : path) {
                ours.add(find(tried, strength).choice);
                if (Choice.ends(ours)) {
                    break;
                }
            }
            Tried graft = find(tried, Choice.ofPath(ours).strength());
            Tried peer =
                    tried.stream()
                            .filter(one -> !path.contains(one.choice.strength()))
                            .max(Comparator.comparing(one -> one.choice.validation().accuracy()))
                            .orElseThrow();
            sums[0] += graft.heldOut / splits;
            sums[1] += peer.heldOut / splits;
            print("split " + split, graft.choice, graft.heldOut, peer.choice, peer.heldOut);
        }
        System.out.printf(
                Locale.ROOT, "mean: Graft %.4f, scikit-learn's rule %.4f%n", sums[0], sums[1]);
    }

    private static void print(String what, Choice a, double ours, Choice b, double theirs) {
        System.out.printf(
                Locale.ROOT,
                "%s: Graft %.4f at %.4f, scikit-learn's rule %.4f at %.4f%n",
                what,
                ours,
                a.strength(),
                theirs,
                b.strength());
    }

    private static Tried find(List<Tried> tried, double strength) {
        return tried.stream()
                .filter(one -> one.choice.strength() == strength)
                .findFirst()
                .orElseThrow();
    }

    /** The first images are to learn from, in folds 0 to 4, the others held out, in part 5. */
    private static TrainingSet shuffled(TrainingSet all, int learning, int seed) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, all.images()).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        return TrainingSet.softmax(
                all.features(),
                order.stream().mapToInt(i -> all.rows()[i]).toArray(),
                order.stream().mapToInt(i -> all.labels()[i][0]).toArray(),
                IntStream.range(0, order.size())
                        .map(i -> i < learning ? i % FOLDS : FOLDS)
                        .toArray(),
                all.classes());
    }

    private static List<Tried> tried(TrainingSet set, int learning) {
        double[] grid =
                IntStream.range(0, 10)
                        .mapToDouble(i -> 1 / (learning * Math.pow(10, -4 + 8 * i / 9.0)))
                        .filter(strength -> strength > 1e-3)
                        .toArray();
        double[] path =
                TrainingSettings.standard(Activation.SOFTMAX).strengths().stream()
                        .mapToDouble(strength -> strength)
                        .filter(strength -> strength > 1e-3)
                        .toArray();
        CrossEntropy[] losses = new CrossEntropy[FOLDS + 1];
        double[][] at = new double[FOLDS + 1][];
        for (int part = 0; part <= FOLDS; part++) {
            int out = part;
            int[] from = set.images(i -> i < learning && set.folds()[i] != out);
            losses[part] = new CrossEntropy(set, from, Scaling.COMMON);
            at[part] = new double[losses[part].parameters()];
        }
        List<Tried> tried = new ArrayList<>();
        DoubleStream.concat(Arrays.stream(path), Arrays.stream(grid))
                .boxed()
                .sorted(Comparator.reverseOrder())
                .forEach(strength -> tried.add(one(set, learning, strength, losses, at)));
        return tried;
    }

    private static Tried one(
            TrainingSet set, int learning, double strength, CrossEntropy[] losses, double[][] at) {
        double[][] answers = new double[set.images()][];
        for (int part = 0; part <= FOLDS; part++) {
            int out = part;
            at[part] = losses[part].minimize(strength, at[part], ACCURACY, () -> false);
            losses[part].predict(at[part], 0, set.images(i -> set.folds()[i] == out), answers);
        }
        OutOfFold inside = part(set, answers, 0, learning);
        Validation validation = Validation.of(inside);
        Validation heldOut = Validation.of(part(set, answers, learning, set.images()));
        Choice choice = new Choice(strength, Scaling.COMMON, 0, validation, inside, at.clone());
        return new Tried(choice, heldOut.accuracy());
    }

    private static OutOfFold part(TrainingSet set, double[][] answers, int from, int to) {
        return new OutOfFold(
                Activation.SOFTMAX,
                Arrays.copyOfRange(set.labels(), from, to),
                Arrays.copyOfRange(answers, from, to));
    }
}
