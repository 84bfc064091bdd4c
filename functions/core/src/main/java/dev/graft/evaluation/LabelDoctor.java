package dev.graft.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds images whose label is probably wrong by confident learning (Northcutt, Jiang and Chuang,
 * JAIR 70, 2021): an image counts for the class whose probability reaches what the images with that
 * label have on average (the best of these classes); if that is not its label, it is a suspect.
 * Ranked by their normalized margin. Ours names every suspect off the diagonal of the confident
 * joint and removes none.
 */
public final class LabelDoctor {

    /**
     * A label to look at.
     *
     * @param image its index
     * @param label the label it has
     * @param suggestion the class it probably shows
     * @param margin probability of the label less that of the suggestion, out of fold; the lower,
     *     the surer
     */
    public record Suspect(int image, int label, int suggestion, double margin) {}

    private LabelDoctor() {}

    /**
     * The suspects, the surest first.
     *
     * @param labels (images)
     * @param probabilities (images, classes), out of fold
     */
    public static List<Suspect> suspects(int[] labels, double[][] probabilities) {
        int classes = probabilities[0].length;
        double[] usual = new double[classes];
        int[] images = new int[classes];
        for (int i = 0; i < labels.length; i++) {
            usual[labels[i]] += probabilities[i][labels[i]];
            images[labels[i]]++;
        }
        for (int c = 0; c < classes; c++) {
            usual[c] = images[c] == 0 ? Double.POSITIVE_INFINITY : usual[c] / images[c];
        }
        List<Suspect> suspects = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            double[] p = probabilities[i];
            int counted = labels[i];
            double best = p[counted] >= usual[counted] ? p[counted] : -1;
            for (int c = 0; c < classes; c++) {
                if (p[c] >= usual[c] && p[c] > best) {
                    counted = c;
                    best = p[c];
                }
            }
            if (counted != labels[i] && p[counted] > p[labels[i]]) {
                suspects.add(new Suspect(i, labels[i], counted, p[labels[i]] - p[counted]));
            }
        }
        suspects.sort(Comparator.comparingDouble(Suspect::margin).thenComparing(Suspect::image));
        return suspects;
    }
}
