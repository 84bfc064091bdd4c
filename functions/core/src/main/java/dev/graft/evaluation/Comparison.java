package dev.graft.evaluation;

import dev.graft.head.HeadCard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Champion against challenger on the images both predicted out of fold: same key, same content,
 * same label in both, the label a class of both. Images added, deleted or relabelled since say
 * nothing here, so a batch of wrong labels cannot vote for the head that learned them. Where the
 * classes differ, each prediction is the best among the shared ones.
 *
 * <p>The p-value is two-sided, of both heads being equally good: McNemar's test (Psychometrika 12,
 * 1947) in its exact form, binomial with probability 1/2 on the images where one is right and the
 * other wrong (Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13:91, 2013).
 */
public final class Comparison {
    private Comparison() {}

    /** Compares; both lists of predictions are sorted by key and of one activation. */
    public static HeadCard.Comparison of(Predictions champion, Predictions challenger) {
        List<String> shared = new ArrayList<>(challenger.classes());
        shared.retainAll(champion.classes());
        int[] first = shared.stream().mapToInt(champion.classes()::indexOf).toArray();
        int[] second = shared.stream().mapToInt(challenger.classes()::indexOf).toArray();
        int[][] counts = new int[2][2];
        Iterator<Predictions.Row> others = champion.rows().iterator();
        Predictions.Row other = others.hasNext() ? others.next() : null;
        for (Predictions.Row row : challenger.rows()) {
            while (other != null && other.key().compareTo(row.key()) < 0) {
                other = others.hasNext() ? others.next() : null;
            }
            List<String> label = challenger.names(row.labels());
            if (other != null
                    && shared.containsAll(label)
                    && other.key().equals(row.key())
                    && other.hash().equals(row.hash())
                    && champion.names(other.labels()).equals(label)) {
                int old = champion.predicted(other, first).equals(label) ? 1 : 0;
                int now = challenger.predicted(row, second).equals(label) ? 1 : 0;
                counts[old][now]++;
            }
        }
        int images = Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
        return new HeadCard.Comparison(
                shared,
                images,
                counts[1][0] + counts[1][1],
                counts[0][1] + counts[1][1],
                counts[1][0],
                counts[0][1],
                exact(counts[1][0], counts[0][1]));
    }

    /** Twice the tail of Binomial(a + b, 1/2) up to the smaller of both, at most 1. */
    static double exact(int a, int b) {
        int trials = a + b;
        double term = -trials * Math.log(2);
        double sum = Math.exp(term);
        for (int k = 1; k <= Math.min(a, b); k++) {
            term += Math.log((trials - k + 1.0) / k);
            sum += Math.exp(term);
        }
        return Math.min(1, 2 * sum);
    }
}
