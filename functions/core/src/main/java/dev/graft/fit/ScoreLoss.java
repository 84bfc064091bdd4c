package dev.graft.fit;

import dev.graft.head.Activation;
import dev.graft.head.Softmax;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What one image costs given the scores of its classes, counted as {@link ClassWeights} says: of a
 * softmax -log p(label), of sigmoids the sum over the classes of -log p(it has the label, or has it
 * not). Immutable.
 */
final class ScoreLoss {
    private final boolean multiLabel;
    private final double[][] counts;
    private final double[] frequencies;

    /**
     * For images of which so many have each label.
     *
     * @param perClass (classes), images that have it
     * @param images of them all
     */
    ScoreLoss(Activation activation, int[] perClass, int images, ClassWeights weights) {
        this.multiLabel = activation == Activation.SIGMOID;
        this.counts = new double[perClass.length][];
        this.frequencies = new double[perClass.length];
        double[] ofClasses = weights.of(perClass);
        for (int c = 0; c < counts.length; c++) {
            counts[c] =
                    multiLabel
                            ? weights.of(new int[] {images - perClass[c], perClass[c]})
                            : new double[] {0, ofClasses[c]};
            frequencies[c] = counts[c][1] * perClass[c] / images;
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
        double weight = counts[label][1];
        double loss = weight * (Softmax.inPlace(p) - truth);
        for (int c = 0; c < p.length; c++) {
            p[c] = weight * (p[c] - (c == label ? 1 : 0));
        }
        return loss;
    }

    private double sigmoids(double[] p, int[] labels) {
        double loss = 0;
        for (int c = 0; c < p.length; c++) {
            int has = Arrays.binarySearch(labels, c) >= 0 ? 1 : 0;
            double weight = counts[c][has];
            double score = p[c];
            loss += weight * (Math.max(score, 0) - has * score);
            loss += weight * StrictMath.log1p(StrictMath.exp(-Math.abs(score)));
            p[c] = weight * (Softmax.sigmoid(score) - has);
        }
        return loss;
    }
}
