package dev.graft.library;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of which only their count, sum and sum of squares matter; a share is the mean of numbers
 * that are 0 or 1.
 */
record Sample(double count, double sum, double squares) {
    /** See {@link KeptAnswer#confidence}. */
    static final Function<KeptAnswer, @Nullable Double> CONFIDENCE = KeptAnswer::confidence;

    /** 1 for a picture unlike the labelled ones, 0 for another; null where that is not known. */
    static final Function<KeptAnswer, @Nullable Double> UNKNOWN =
            answer -> answer.known() == null ? null : share(!answer.known());

    /** 1 for an answer that somebody called wrong, 0 for a right one; null where nobody said. */
    static final Function<KeptAnswer, @Nullable Double> WRONG =
            answer -> answer.saidWrong().map(Sample::share).orElse(null);

    /** Whether a class was predicted. */
    static Function<KeptAnswer, @Nullable Double> of(String label) {
        return answer ->
                share(
                        answer.label().equals(label)
                                || answer.label().contains(label)
                                        && answer.labels().contains(label));
    }

    private static Double share(boolean one) {
        return one ? 1.0 : 0.0;
    }

    /** Those answers that tell. */
    static Sample of(List<KeptAnswer> answers, Function<KeptAnswer, @Nullable Double> number) {
        double[] sums = new double[3];
        answers.stream()
                .map(number)
                .filter(Objects::nonNull)
                .forEach(
                        value -> {
                            sums[0]++;
                            sums[1] += value;
                            sums[2] += value * value;
                        });
        return new Sample(sums[0], sums[1], sums[2]);
    }

    /** All of these together. */
    static Sample all(List<Sample> samples) {
        return samples.stream().reduce(new Sample(0, 0, 0), Sample::and);
    }

    /** So many of which a share is 1. */
    static Sample ofShare(int count, double share) {
        return new Sample(count, count * share, count * share);
    }

    boolean isEmpty() {
        return count == 0;
    }

    double mean() {
        return sum / count;
    }

    Sample and(Sample other) {
        return new Sample(count + other.count, sum + other.sum, squares + other.squares);
    }

    /**
     * How far two means lie apart, in standard errors as they are if both come from the same
     * source; of shares this is the two-proportion z-test. 0 where all numbers are the same.
     */
    static double standardErrors(Sample one, Sample other) {
        Sample all = one.and(other);
        double variance = all.squares / all.count - all.mean() * all.mean();
        if (variance <= 1e-12) {
            return 0;
        }
        double error = Math.sqrt(variance * (1 / one.count + 1 / other.count));
        return (other.mean() - one.mean()) / error;
    }
}
