package dev.graft.fit;

import dev.graft.head.Activation;
import dev.graft.head.Softmax;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What one image costs given the scores of its classes: of a softmax -log p(label), of sigmoids the
 * sum over the classes of -log p(it has the label, or has it not). Immutable.
 */
final class ScoreLoss {
    private final boolean multiLabel;
    private final double[] frequencies;

    /**
     * For images of which so many have each label.
     *
     * @param perClass (classes), images that have it
     * @param images of them all
     */
    ScoreLoss(Activation activation, int[] perClass, int images) {
        this.multiLabel = activation == Activation.SIGMOID;
        this.frequencies = new double[perClass.length];
        for (int c = 0; c < frequencies.length; c++) {
            frequencies[c] = (double) perClass[c] / images;
        }
    }

    /**
     * Where every image gets the class frequencies as its probabilities, the Hessian by the scores
     * is diag(diagonal) - frequencies frequencies'.
     *
     * @return (classes), the diagonal
     */
    double[] hessianDiagonal() {
        return IntStream.range(0, frequencies.length)
                .mapToDouble(
                        c -> multiLabel ? frequencies[c] * (1 - frequencies[c]) : frequencies[c])
                .toArray();
    }

    /** See {@link #hessianDiagonal}; 0 for sigmoids, whose classes are independent. */
    double[] hessianFrequencies() {
        return multiLabel ? new double[frequencies.length] : frequencies.clone();
    }

    /**
     * What is taken off the score of each class per unit of prior adjustment: the logarithm of its
     * frequency, of sigmoids that of its odds, each counted with one image more of either kind
     * (Menon et al., "Long-tail learning via logit adjustment", ICLR 2021, equation 9).
     *
     * @param perClass (classes), images that have the label
     * @param images of them all
     */
    double[] priors(int[] perClass, int images) {
        return IntStream.of(perClass)
                .mapToDouble(
                        count ->
                                StrictMath.log(
                                        multiLabel
                                                ? (count + 1.0) / (images - count + 1.0)
                                                : (count + 1.0) / (images + perClass.length)))
                .toArray();
    }

    /**
     * The loss of an image; its gradient by the scores takes the place of the scores.
     *
     * @param labels indices of its classes, rising
     */
    double gradient(double[] scores, int[] labels) {
        return multiLabel ? sigmoids(scores, labels) : softmax(scores, labels[0]);
    }

    /** Probabilities take the place of the scores. */
    void probabilities(double[] scores) {
        if (multiLabel) {
            Arrays.setAll(scores, c -> Softmax.sigmoid(scores[c]));
        } else {
            Softmax.inPlace(scores);
        }
    }

    private double softmax(double[] p, int label) {
        double truth = p[label];
        double loss = Softmax.inPlace(p) - truth;
        p[label] -= 1;
        return loss;
    }

    private double sigmoids(double[] p, int[] labels) {
        double loss = 0;
        for (int c = 0; c < p.length; c++) {
            int has = Arrays.binarySearch(labels, c) >= 0 ? 1 : 0;
            double score = p[c];
            loss += Math.max(score, 0) - has * score;
            loss += StrictMath.log1p(StrictMath.exp(-Math.abs(score)));
            p[c] = Softmax.sigmoid(score) - has;
        }
        return loss;
    }
}
