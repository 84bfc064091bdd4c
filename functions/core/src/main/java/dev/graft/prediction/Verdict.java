package dev.graft.prediction;

import dev.graft.feature.Label;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What to do with a prediction by {@link VerdictSettings}.
 *
 * @param action {@code label}: take the label; {@code review}: have a person look; {@code unknown}:
 *     likewise, as the image is unlike everything labelled
 * @param label the class that is expected to cost least; of a multi-label head all that are
 *     likelier than not
 * @param expectedCost of the action; null for a multi-label head
 * @param reason why no label is given, a sentence; null if it is
 */
public record Verdict(
        String action, String label, @Nullable Double expectedCost, @Nullable String reason) {

    /** Of a prediction. */
    static Verdict of(
            VerdictSettings settings, Head head, double[] probabilities, Recognition recognition) {
        boolean multiLabel = head.activation() == Activation.SIGMOID;
        int[] given =
                multiLabel
                        ? head.activation().predicted(probabilities)
                        : new int[] {cheapest(settings, head, probabilities)};
        String label =
                Label.join(IntStream.of(given).mapToObj(c -> head.classes().get(c)).toList());
        Double review = multiLabel ? null : settings.review();
        if (recognition.known() == null || !recognition.known()) {
            String action = recognition.known() == null ? "review" : "unknown";
            return new Verdict(action, label, review, recognition.reason());
        }
        for (int c : given) {
            String doubt =
                    doubt(
                            settings,
                            head.classes().get(c),
                            probabilities[c],
                            multiLabel
                                    ? 1 - probabilities[c]
                                    : cost(settings, head, probabilities, c));
            if (!doubt.isEmpty()) {
                return new Verdict("review", label, review, doubt);
            }
        }
        Double expected = multiLabel ? null : cost(settings, head, probabilities, given[0]);
        return new Verdict("label", label, expected, null);
    }

    /** Why a class is not given; empty if it is. */
    private static String doubt(
            VerdictSettings settings, String name, double probability, double expectedCost) {
        Double threshold = settings.thresholds().get(name);
        if (threshold == null) {
            return expectedCost <= settings.review()
                    ? ""
                    : name
                            + " is expected to cost "
                            + rounded(expectedCost)
                            + ", and a person who looks "
                            + rounded(settings.review());
        }
        return probability >= threshold && threshold < 1
                ? ""
                : name
                        + " has the probability "
                        + rounded(probability)
                        + ", and its threshold is "
                        + rounded(threshold);
    }

    /** With three digits. */
    private static String rounded(double value) {
        return BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP).toPlainString();
    }

    /** Of equal ones the most probable. */
    private static int cheapest(VerdictSettings settings, Head head, double[] probabilities) {
        int best = head.activation().predicted(probabilities)[0];
        double least = cost(settings, head, probabilities, best);
        for (int c = 0; c < probabilities.length && !settings.costs().isEmpty(); c++) {
            double cost = cost(settings, head, probabilities, c);
            if (cost < least) {
                best = c;
                least = cost;
            }
        }
        return best;
    }

    /** What giving a class is expected to cost: 1 for any other that is true, or as it is set. */
    private static double cost(
            VerdictSettings settings, Head head, double[] probabilities, int given) {
        String name = head.classes().get(given);
        double cost = 1 - probabilities[given];
        for (Map.Entry<String, Map<String, Double>> row : settings.costs().entrySet()) {
            int truth = head.classes().indexOf(row.getKey());
            Double cell = row.getValue().get(name);
            if (truth >= 0 && cell != null) {
                cost += probabilities[truth] * (cell - 1);
            }
        }
        return cost;
    }
}
