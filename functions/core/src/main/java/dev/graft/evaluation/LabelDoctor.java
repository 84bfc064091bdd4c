package dev.graft.evaluation;

import dev.graft.head.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds images whose label is probably wrong: those of which another class is likelier, ranked by
 * the margin. The probabilities are to be those of {@link NearestLabels}, by which many more of the
 * first are wrong labels than by those of the head alone ({@code functions/benchmarks/README.md}).
 * Where an image has several labels, each class is judged for itself, as "has it" or "has it not",
 * by confident learning (Northcutt, Jiang and Chuang, JAIR 70, 2021): wrong is what reaches the
 * average probability of the other side. The suggestion is all that was predicted then.
 */
public final class LabelDoctor {

    /**
     * A label to look at.
     *
     * @param image its index
     * @param suggestion the classes it probably shows, rising
     * @param margin probability of the label less that of the suggestion; the lower, the surer
     */
    public record Suspect(int image, int[] suggestion, double margin) {}

    private LabelDoctor() {}

    /**
     * The suspects, the surest first.
     *
     * @param predictions out of fold, see {@link NearestLabels#mixed}
     */
    public static List<Suspect> suspects(OutOfFold predictions) {
        List<Suspect> suspects = new ArrayList<>();
        boolean multiLabel = predictions.activation() == Activation.SIGMOID;
        double[] with = multiLabel ? averages(predictions, true) : new double[0];
        double[] without = multiLabel ? averages(predictions, false) : new double[0];
        for (int i = 0; i < predictions.images(); i++) {
            (multiLabel ? ofSeveral(predictions, i, with, without) : ofOne(predictions, i))
                    .ifPresent(suspects::add);
        }
        suspects.sort(Comparator.comparingDouble(Suspect::margin).thenComparing(Suspect::image));
        return suspects;
    }

    /** (classes), mean probability among the images that have the label, or have it not. */
    private static double[] averages(OutOfFold predictions, boolean has) {
        return IntStream.range(0, predictions.classes())
                .mapToDouble(
                        c ->
                                IntStream.range(0, predictions.images())
                                        .filter(i -> predictions.has(i, c) == has)
                                        .mapToDouble(i -> predictions.probabilities()[i][c])
                                        .average()
                                        .orElse(has ? Double.POSITIVE_INFINITY : -1))
                .toArray();
    }

    private static Optional<Suspect> ofOne(OutOfFold predictions, int image) {
        double[] p = predictions.probabilities()[image];
        int label = predictions.labels()[image][0];
        int[] best = predictions.predicted(image);
        return best[0] == label
                ? Optional.empty()
                : Optional.of(new Suspect(image, best, p[label] - p[best[0]]));
    }

    private static Optional<Suspect> ofSeveral(
            OutOfFold predictions, int image, double[] with, double[] without) {
        double[] p = predictions.probabilities()[image];
        double margin = 0;
        for (int c = 0; c < p.length; c++) {
            boolean has = predictions.has(image, c);
            boolean wrong = has ? p[c] <= without[c] : p[c] >= with[c];
            double sureness = has ? 2 * p[c] - 1 : 1 - 2 * p[c];
            margin = wrong ? Math.min(margin, sureness) : margin;
        }
        int[] suggestion = predictions.predicted(image);
        return margin < 0 && !Arrays.equals(suggestion, predictions.labels()[image])
                ? Optional.of(new Suspect(image, suggestion, margin))
                : Optional.empty();
    }
}
