package dev.graft.evaluation;

import dev.graft.head.SelectivePrediction;
import dev.graft.head.SelectivePrediction.Cut;
import dev.graft.head.SelectivePrediction.OfClass;
import dev.graft.head.SelectivePrediction.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The curve of accuracy against the share of images answered (risk-coverage curve, El-Yaniv and
 * Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 11, 2010), and
 * thresholds of the classes for a wished precision. The thresholds are chosen on the images that
 * the precision is of, so that it is a little too good where these are few.
 */
public final class RiskCoverage {
    private static final int POINTS = 20;

    /** Of fewer images a precision says nothing. */
    private static final int LEAST = 10;

    private RiskCoverage() {}

    private record Answer(double probability, boolean right) {}

    /**
     * Of predictions.
     *
     * @param predictions out of fold
     * @param classes names, in the order of the probabilities
     * @param temperature of the head
     */
    public static SelectivePrediction of(
            OutOfFold predictions, List<String> classes, double temperature) {
        List<Answer> all = new ArrayList<>();
        List<List<Answer>> each = new ArrayList<>();
        classes.forEach(name -> each.add(new ArrayList<>()));
        for (int i = 0; i < predictions.images(); i++) {
            double[] p = predictions.calibrated(i, temperature);
            int[] given = predictions.activation().predicted(p);
            double least = 1;
            for (int c : given) {
                least = Math.min(least, p[c]);
                each.get(c).add(new Answer(p[c], predictions.has(i, c)));
            }
            all.add(new Answer(least, Arrays.equals(given, predictions.labels()[i])));
        }
        return new SelectivePrediction(
                curve(surestFirst(all)),
                IntStream.range(0, classes.size())
                        .mapToObj(c -> ofClass(classes.get(c), surestFirst(each.get(c))))
                        .toList());
    }

    private static List<Answer> surestFirst(List<Answer> answers) {
        return answers.stream()
                .sorted(Comparator.comparingDouble(Answer::probability).reversed())
                .toList();
    }

    private static List<Point> curve(List<Answer> answers) {
        int[] right = rightAmong(answers);
        return IntStream.rangeClosed(1, POINTS)
                .map(k -> (int) Math.round((double) answers.size() * k / POINTS))
                .distinct()
                .filter(n -> n > 0)
                .mapToObj(
                        n ->
                                new Point(
                                        (double) n / answers.size(),
                                        (double) right[n] / n,
                                        answers.get(n - 1).probability()))
                .toList();
    }

    /** (answers + 1), how many of the first so many are right. */
    private static int[] rightAmong(List<Answer> answers) {
        int[] right = new int[answers.size() + 1];
        for (int i = 0; i < answers.size(); i++) {
            right[i + 1] = right[i] + (answers.get(i).right() ? 1 : 0);
        }
        return right;
    }

    private static OfClass ofClass(String name, List<Answer> answers) {
        int[] right = rightAmong(answers);
        return new OfClass(
                name,
                answers.size(),
                SelectivePrediction.PRECISIONS.stream()
                        .map(precision -> cut(answers, right, precision))
                        .toList());
    }

    private static Cut cut(List<Answer> answers, int[] right, int precision) {
        for (int n = answers.size(); n >= LEAST; n--) {
            boolean apart =
                    n == answers.size()
                            || answers.get(n).probability() < answers.get(n - 1).probability();
            if (apart && 100L * right[n] >= (long) precision * n) {
                double threshold = Conformal.threshold(answers.get(n - 1).probability());
                return new Cut(
                        precision,
                        n == answers.size() ? Double.valueOf(0) : Double.valueOf(threshold),
                        (double) n / answers.size());
            }
        }
        return new Cut(precision, null, 0);
    }
}
