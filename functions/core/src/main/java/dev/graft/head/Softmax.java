package dev.graft.head;

/**
 * The softmax and the logistic function, for training and for answers alike. Exponents come from
 * {@link StrictMath}: {@link Math#exp} may differ in the last bit from one processor to the next,
 * and a head has to be trained to the same bytes on each.
 */
public final class Softmax {
    private Softmax() {}

    /**
     * Puts the probabilities in place of the scores.
     *
     * @param scores (classes), finite
     * @return the logarithm of the sum of the exponents of the scores
     */
    public static double inPlace(double[] scores) {
        double max = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            max = Math.max(max, score);
        }
        double sum = 0;
        for (int c = 0; c < scores.length; c++) {
            scores[c] = StrictMath.exp(scores[c] - max);
            sum += scores[c];
        }
        for (int c = 0; c < scores.length; c++) {
            scores[c] /= sum;
        }
        return max + StrictMath.log(sum);
    }

    /** The logistic function of one score: the probability of a class against all others. */
    public static double sigmoid(double score) {
        return 1 / (1 + StrictMath.exp(-score));
    }
}
