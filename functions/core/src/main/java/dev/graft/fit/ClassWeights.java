package dev.graft.fit;

import java.util.Arrays;
import java.util.Locale;

/**
 * How much an image counts while a head is fitted: 1, or more the rarer its class. A class of n_c
 * of n images in K classes counts n / (K n_c) in the balanced case (King and Zeng, Political
 * Analysis 9, 2001), and the square root of that half-way between.
 */
public enum ClassWeights {
    /** Every image counts alike. */
    NONE,
    /** The square root of the balanced weight. */
    SQUARE_ROOT,
    /** Every class counts alike. */
    BALANCED;

    /**
     * What an image of each class counts.
     *
     * @param counts (classes), images of each
     * @return (classes), positive
     */
    public double[] of(int[] counts) {
        double all = Arrays.stream(counts).sum();
        double even = all / counts.length;
        double[] weights =
                Arrays.stream(counts)
                        .mapToDouble(count -> weight(even / Math.max(1, count)))
                        .toArray();
        double sum = 0;
        for (int c = 0; c < counts.length; c++) {
            sum += counts[c] * weights[c];
        }
        double mean = sum / all;
        return Arrays.stream(weights).map(weight -> weight / mean).toArray();
    }

    /** What people call it, such as "square root". */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private double weight(double balanced) {
        return switch (this) {
            case NONE -> 1;
            case SQUARE_ROOT -> Math.sqrt(balanced);
            case BALANCED -> balanced;
        };
    }
}
