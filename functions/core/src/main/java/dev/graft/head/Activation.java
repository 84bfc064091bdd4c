package dev.graft.head;

import dev.graft.feature.Label;
import dev.graft.feature.LabelsPerImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What makes probabilities of a head's scores, and so how many labels an image can have. */
public enum Activation {
    /** One label an image: the probabilities of all classes sum to 1. */
    SOFTMAX {
        @Override
        public double[] probabilities(double[] scores) {
            double[] probabilities = scores.clone();
            Softmax.inPlace(probabilities);
            return probabilities;
        }

        @Override
        public double score(double probability) {
            return Math.log(Math.max(probability, LEAST));
        }

        @Override
        public double secondDerivative(double[] probabilities, double[] scores) {
            double mean = 0;
            double square = 0;
            for (int c = 0; c < scores.length; c++) {
                mean += probabilities[c] * scores[c];
                square += probabilities[c] * scores[c] * scores[c];
            }
            return square - mean * mean;
        }

        @Override
        public double loss(double[] probabilities, int[] labels) {
            return -score(probabilities[labels[0]]);
        }

        @Override
        public int[] predicted(double[] probabilities) {
            return new int[] {best(probabilities)};
        }

        @Override
        public double margin(double[] probabilities) {
            int best = best(probabilities);
            double second =
                    IntStream.range(0, probabilities.length)
                            .filter(c -> c != best)
                            .mapToDouble(c -> probabilities[c])
                            .max()
                            .orElse(0);
            return probabilities[best] - second;
        }

        @Override
        public List<String> classes(String label) {
            return List.of(label);
        }
    },

    /**
     * Several labels an image, joined as {@link Label#join} does: one against the rest, each class
     * has a probability of its own.
     */
    SIGMOID {
        @Override
        public double[] probabilities(double[] scores) {
            return Arrays.stream(scores).map(Softmax::sigmoid).toArray();
        }

        @Override
        public double score(double probability) {
            return Math.log(Math.max(probability, LEAST) / Math.max(1 - probability, LEAST));
        }

        @Override
        public double secondDerivative(double[] probabilities, double[] scores) {
            double sum = 0;
            for (int c = 0; c < scores.length; c++) {
                sum += probabilities[c] * (1 - probabilities[c]) * scores[c] * scores[c];
            }
            return sum;
        }

        @Override
        public double loss(double[] probabilities, int[] labels) {
            double loss = 0;
            for (int c = 0; c < probabilities.length; c++) {
                boolean has = Arrays.binarySearch(labels, c) >= 0;
                double truth = has ? probabilities[c] : 1 - probabilities[c];
                loss -= Math.log(Math.max(truth, LEAST));
            }
            return loss;
        }

        // Those that are likelier than not; an image shows something, so at least the likeliest.
        @Override
        public int[] predicted(double[] probabilities) {
            int[] likely =
                    IntStream.range(0, probabilities.length)
                            .filter(c -> probabilities[c] >= EVEN)
                            .toArray();
            return likely.length == 0 ? new int[] {best(probabilities)} : likely;
        }

        @Override
        public double margin(double[] probabilities) {
            return Arrays.stream(probabilities).map(p -> Math.abs(2 * p - 1)).min().orElse(1);
        }

        @Override
        public List<String> classes(String label) {
            return Label.split(label);
        }
    };

    /** For images that have so many labels. */
    public static Activation of(LabelsPerImage labels) {
        return labels == LabelsPerImage.ONE ? SOFTMAX : SIGMOID;
    }

    private static final double LEAST = 1e-15;
    private static final double EVEN = 0.5;

    /**
     * The probabilities of scores.
     *
     * @param scores (classes)
     * @return (classes), each 0..1
     */
    public abstract double[] probabilities(double[] scores);

    /** A score that has this probability among others made the same way. */
    public abstract double score(double probability);

    /** Second derivative of the loss by a factor of all scores, at these probabilities. */
    public abstract double secondDerivative(double[] probabilities, double[] scores);

    /**
     * How surprised these probabilities are by the truth, in nats; of several labels the sum over
     * all classes.
     *
     * @param probabilities (classes)
     * @param labels indices of the true classes, rising
     */
    public abstract double loss(double[] probabilities, int[] labels);

    /** Indices of the classes that are answered, at least one, rising. */
    public abstract int[] predicted(double[] probabilities);

    /** How far the answer is from becoming another one, 0..1. */
    public abstract double margin(double[] probabilities);

    /** The classes that the text of a label names. */
    public abstract List<String> classes(String label);

    /**
     * Probabilities of the same scores at another temperature.
     *
     * @param probabilities (classes)
     * @param temperature positive; the scores are divided by it
     */
    public double[] soften(double[] probabilities, double temperature) {
        return soft(scores(probabilities), temperature);
    }

    /** Scores that have these probabilities. */
    public double[] scores(double[] probabilities) {
        return Arrays.stream(probabilities).map(this::score).toArray();
    }

    /** Probabilities of scores divided by a temperature. */
    public double[] soft(double[] scores, double temperature) {
        return probabilities(Arrays.stream(scores).map(s -> s / temperature).toArray());
    }

    /**
     * The one that a card names.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    static Activation named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Index of the largest probability, the first of equal ones. */
    public static int best(double[] probabilities) {
        int best = 0;
        for (int c = 1; c < probabilities.length; c++) {
            best = probabilities[c] > probabilities[best] ? c : best;
        }
        return best;
    }
}
