package dev.graft.training;

import dev.graft.head.Activation;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What one image costs given the scores of its classes, counted as {@link ClassWeights} says: of a
 * softmax -log p(label), of sigmoids the sum over the classes of -log p(it has the label, or has it
 * not). Exponents come from {@link StrictMath}, so every machine gives the same bits. Immutable.
 */
final class ScoreLoss {
    private final boolean several;
    private final double[][] counts;
    private final double[] shares;

    /**
     * For images of which so many have each label.
     *
     * @param perClass (classes), images that have it
     * @param images of them all
     */
    ScoreLoss(Activation activation, int[] perClass, int images, ClassWeights weights) {
        this.several = activation == Activation.SIGMOID;
        this.counts = new double[perClass.length][];
        this.shares = new double[perClass.length];
        double[] ofClasses = weights.of(perClass);
        for (int c = 0; c < counts.length; c++) {
            counts[c] =
                    several
                            ? weights.of(new int[] {images - perClass[c], perClass[c]})
                            : new double[] {0, ofClasses[c]};
            shares[c] = counts[c][1] * perClass[c] / images;
        }
    }

    /**
     * Where all images get the share of each class as its probability, the curvature by the scores
     * is diag(bend) - tie tie'.
     *
     * @return (classes)
     */
    double[] bend() {
        return IntStream.range(0, shares.length)
                .mapToDouble(c -> several ? shares[c] * (1 - shares[c]) : shares[c])
                .toArray();
    }

    /** See {@link #bend}; classes of sigmoids are not tied. */
    double[] tie() {
        return several ? new double[shares.length] : shares.clone();
    }

    /**
     * The loss of an image; its slope takes the place of the scores.
     *
     * @param labels indices of its classes, rising
     */
    double slope(double[] scores, int[] labels) {
        return several ? sigmoids(scores, labels) : softmax(scores, labels[0]);
    }

    /** Probabilities take the place of the scores. */
    void probabilities(double[] scores) {
        if (several) {
            Arrays.setAll(scores, c -> sigmoid(scores[c]));
        } else {
            softmax(scores);
        }
    }

    private double softmax(double[] p, int label) {
        double truth = p[label];
        double weight = counts[label][1];
        double loss = weight * (softmax(p) - truth);
        for (int c = 0; c < p.length; c++) {
            p[c] = weight * (p[c] - (c == label ? 1 : 0));
        }
        return loss;
    }

    /** Returns the log of the denominator. */
    private static double softmax(double[] p) {
        double max = Double.NEGATIVE_INFINITY;
        for (double score : p) {
            max = Math.max(max, score);
        }
        double sum = 0;
        for (int c = 0; c < p.length; c++) {
            p[c] = StrictMath.exp(p[c] - max);
            sum += p[c];
        }
        for (int c = 0; c < p.length; c++) {
            p[c] /= sum;
        }
        return max + StrictMath.log(sum);
    }

    private double sigmoids(double[] p, int[] labels) {
        double loss = 0;
        for (int c = 0; c < p.length; c++) {
            int has = Arrays.binarySearch(labels, c) >= 0 ? 1 : 0;
            double weight = counts[c][has];
            double score = p[c];
            loss += weight * (Math.max(score, 0) - has * score);
            loss += weight * StrictMath.log1p(StrictMath.exp(-Math.abs(score)));
            p[c] = weight * (sigmoid(score) - has);
        }
        return loss;
    }

    private static double sigmoid(double score) {
        return 1 / (1 + StrictMath.exp(-score));
    }
}
