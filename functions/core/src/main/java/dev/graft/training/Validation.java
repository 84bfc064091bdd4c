package dev.graft.training;

import dev.graft.evaluation.Predictions;
import java.util.stream.IntStream;

/**
 * How well heads did on images they were not trained on, all folds together.
 *
 * @param images used
 * @param accuracy share of right answers, 0..1
 * @param macroF1 mean of the classes' F1
 * @param logLoss mean negative log of the probability of the true class, in nats
 * @param confusion (classes, classes): row = true class, column = answer
 */
public record Validation(
        int images, double accuracy, double macroF1, double logLoss, int[][] confusion) {

    /**
     * Counts out-of-fold answers.
     *
     * @param labels (images), index of the true class
     * @param probabilities (images, classes)
     */
    static Validation of(int[] labels, double[][] probabilities) {
        int classes = probabilities[0].length;
        int[][] confusion = new int[classes][classes];
        double loss = 0;
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            double[] row = probabilities[i];
            int best = Predictions.best(row);
            confusion[labels[i]][best]++;
            right += best == labels[i] ? 1 : 0;
            loss -= Math.log(Math.max(row[labels[i]], 1e-15));
        }
        Validation counted =
                new Validation(
                        labels.length,
                        (double) right / labels.length,
                        0,
                        loss / labels.length,
                        confusion);
        double macroF1 =
                IntStream.range(0, classes).mapToDouble(counted::f1).average().orElseThrow();
        return new Validation(
                counted.images, counted.accuracy, macroF1, counted.logLoss, confusion);
    }

    /**
     * Where the accuracy on all images like these lies, with 95 % confidence: Wilson's score
     * interval (JASA 22, 1927).
     *
     * @return (2), low and high
     */
    public double[] interval() {
        double z = 1.959964;
        double shrink = 1 + z * z / images;
        double centre = (accuracy + z * z / (2 * images)) / shrink;
        double spread = accuracy * (1 - accuracy) / images + z * z / (4.0 * images * images);
        double half = z / shrink * Math.sqrt(spread);
        return new double[] {centre - half, centre + half};
    }

    /** Images of a class. */
    public int support(int label) {
        return IntStream.of(confusion[label]).sum();
    }

    /** Share of the answers "this class" that were right; 0 if there were none. */
    public double precision(int label) {
        int answers = IntStream.range(0, confusion.length).map(i -> confusion[i][label]).sum();
        return answers == 0 ? 0 : (double) confusion[label][label] / answers;
    }

    /** Share of the images of a class that were found; 0 if there are none. */
    public double recall(int label) {
        return support(label) == 0 ? 0 : (double) confusion[label][label] / support(label);
    }

    /** Harmonic mean of precision and recall; 0 if both are. */
    public double f1(int label) {
        double sum = precision(label) + recall(label);
        return sum == 0 ? 0 : 2 * precision(label) * recall(label) / sum;
    }
}
