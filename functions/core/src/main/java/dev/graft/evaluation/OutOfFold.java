package dev.graft.evaluation;

import dev.graft.head.Activation;
import java.util.Arrays;

/**
 * Class probabilities of images, each by a fit that did not see the image, and what is true.
 *
 * @param activation that made the probabilities
 * @param labels (images), indices of the true classes of each, rising
 * @param probabilities (images, classes)
 */
public record OutOfFold(Activation activation, int[][] labels, double[][] probabilities) {

    /** How many images. */
    public int images() {
        return labels.length;
    }

    /** How many classes. */
    public int classes() {
        return probabilities[0].length;
    }

    /** Indices of the classes predicted for an image, rising. */
    public int[] predicted(int image) {
        return activation.predicted(probabilities[image]);
    }

    /** (classes), probabilities of an image as a head with this temperature gives them. */
    double[] calibrated(int image, double temperature) {
        return activation.soften(probabilities[image], temperature);
    }

    /** Whether the classes predicted for an image are those it has. */
    public boolean isRight(int image) {
        return Arrays.equals(predicted(image), labels[image]);
    }

    /** Whether an image has this label. */
    public boolean has(int image, int label) {
        return Arrays.binarySearch(labels[image], label) >= 0;
    }

    /** Mean loss, in nats, see {@link Activation#loss}. */
    public double logLoss() {
        double loss = 0;
        for (int i = 0; i < labels.length; i++) {
            loss += activation.loss(probabilities[i], labels[i]);
        }
        return loss / labels.length;
    }
}
