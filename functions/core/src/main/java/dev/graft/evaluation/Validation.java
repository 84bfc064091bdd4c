package dev.graft.evaluation;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How well heads did on images they were not trained on, all folds together.
 *
 * @param images used
 * @param accuracy share of right predictions, 0..1; of several labels an image, all must be right
 * @param macroF1 mean of the classes' F1
 * @param logLoss mean negative log of the probability of the truth, in nats
 * @param confusion (classes, classes): row = true class, column = predicted class. Of several
 *     labels an image, those found count on the diagonal, and each missed with each that was
 *     wrongly predicted
 * @param support (classes), images that have the label
 * @param predictedCounts (classes), images that were predicted to have it
 */
public record Validation(
        int images,
        double accuracy,
        double macroF1,
        double logLoss,
        int[][] confusion,
        int[] support,
        int[] predictedCounts) {

    /** Counts predictions out of fold. */
    public static Validation of(OutOfFold predictions) {
        int classes = predictions.classes();
        int[][] confusion = new int[classes][classes];
        int[] support = new int[classes];
        int[] predictedCounts = new int[classes];
        int right = 0;
        for (int i = 0; i < predictions.images(); i++) {
            int image = i;
            int[] predicted = predictions.predicted(i);
            int[] wrong = IntStream.of(predicted).filter(c -> !predictions.has(image, c)).toArray();
            int found = predicted.length - wrong.length;
            right += wrong.length == 0 && found == predictions.labels()[i].length ? 1 : 0;
            IntStream.of(predicted).forEach(c -> predictedCounts[c]++);
            for (int label : predictions.labels()[i]) {
                support[label]++;
                boolean hit = Arrays.binarySearch(predicted, label) >= 0;
                for (int c : hit ? new int[] {label} : wrong) {
                    confusion[label][c]++;
                }
            }
        }
        double accuracy = (double) right / predictions.images();
        double logLoss = predictions.logLoss();
        Validation counted =
                new Validation(
                        predictions.images(),
                        accuracy,
                        0,
                        logLoss,
                        confusion,
                        support,
                        predictedCounts);
        double macroF1 =
                IntStream.range(0, classes).mapToDouble(counted::f1).average().orElseThrow();
        return new Validation(
                predictions.images(),
                accuracy,
                macroF1,
                logLoss,
                confusion,
                support,
                predictedCounts);
    }

    /**
     * Where the accuracy on all images like these lies, with 95 % confidence: Wilson's score
     * interval (JASA 22, 1927). Ours counts one image a class less than there are, as a fit that
     * leaves a fold out knows fewer of each class than the head does, which matters while there are
     * few.
     *
     * @return (2), low and high
     */
    public double[] interval() {
        double z = 1.959964;
        double n = Math.max(1, images - support.length);
        double shrink = 1 + z * z / n;
        double centre = (accuracy + z * z / (2 * n)) / shrink;
        double spread = accuracy * (1 - accuracy) / n + z * z / (4 * n * n);
        double half = z / shrink * Math.sqrt(spread);
        return new double[] {centre - half, centre + half};
    }

    /** Share of the predictions "this class" that were right; 0 if there were none. */
    public double precision(int label) {
        return predictedCounts[label] == 0
                ? 0
                : (double) confusion[label][label] / predictedCounts[label];
    }

    /** Share of the images of a class that were found; 0 if there are none. */
    public double recall(int label) {
        return support[label] == 0 ? 0 : (double) confusion[label][label] / support[label];
    }

    /** Harmonic mean of precision and recall; 0 if both are. */
    public double f1(int label) {
        double sum = precision(label) + recall(label);
        return sum == 0 ? 0 : 2 * precision(label) * recall(label) / sum;
    }
}
