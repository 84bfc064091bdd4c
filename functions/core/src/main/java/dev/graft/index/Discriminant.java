package dev.graft.index;

import dev.graft.feature.Vectors;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/**
 * Classes as normal distributions of unit features with one covariance (linear discriminant
 * analysis, shrunk), against one normal distribution of all: whether a feature is of any of the
 * classes. Immutable; safe for use by many threads.
 *
 * @param mean (width), of all features
 * @param within whitens by the covariance around the means of the classes
 * @param total whitens by the covariance around the mean of all
 * @param classes of images of each
 * @param marked the same of the images that show none of the classes, without a prior; empty
 *     without such
 */
record Discriminant(
        float[] mean,
        Whitening within,
        Whitening total,
        OfClass[] classes,
        Optional<OfClass> marked) {

    private static final int MOST_CLASSES = 1 << 16;

    /**
     * What is known of a class.
     *
     * @param mean (width), less that of all, whitened by {@code within}
     * @param halfSquare half the squared length of it
     * @param logPrior logarithm of the share of the images
     */
    record OfClass(float[] mean, double halfSquare, double logPrior) {
        static OfClass of(float[] mean, double logPrior) {
            return new OfClass(mean, Vectors.dot(mean, mean) / 2, logPrior);
        }

        private double score(float[] white) {
            return Vectors.dot(white, mean) - halfSquare;
        }
    }

    /**
     * What a feature looks like; the higher, the more like the classes.
     *
     * @param relative minus the relative Mahalanobis distance to the nearest class: its squared
     *     distance less that to the mean of all (Ren et al., "A Simple Fix to Mahalanobis Distance
     *     for Improving Near-OOD Detection", 2021, equation 2)
     * @param energy logarithm of the summed exponentials of the classes' scores (Liu et al.,
     *     "Energy-based Out-of-distribution Detection", 2020, equation 4)
     * @param odds logarithm of the odds of the classes against the marked images, had these no
     *     prior; 0 without such
     */
    record Scores(double relative, double energy, double odds) {}

    /** Judges a feature, (width) and of length 1. */
    Scores of(float[] unit) {
        float[] centred = less(unit, mean);
        float[] white = within.apply(centred);
        float[] ofAll = total.apply(centred);
        double nearest = Double.POSITIVE_INFINITY;
        double[] scores = new double[classes.length];
        double square = Vectors.dot(white, white);
        double highest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < scores.length; c++) {
            double score = classes[c].score(white);
            nearest = Math.min(nearest, square - 2 * score);
            scores[c] = score + classes[c].logPrior();
            highest = Math.max(highest, scores[c]);
        }
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(score - highest);
        }
        double energy = highest + Math.log(sum);
        return new Scores(
                Vectors.dot(ofAll, ofAll) - nearest,
                energy,
                marked.map(none -> energy - none.score(white)).orElse(0.0));
    }

    static float[] less(float[] values, float[] mean) {
        float[] centred = new float[values.length];
        for (int i = 0; i < centred.length; i++) {
            centred[i] = values[i] - mean[i];
        }
        return centred;
    }

    /**
     * Big-endian: width, number of classes, number of values of {@code marked}, then all values.
     */
    void write(DataOutput out) throws IOException {
        float[] ofMarked = marked.map(OfClass::mean).orElse(new float[0]);
        out.writeInt(mean.length);
        out.writeInt(classes.length);
        out.writeInt(ofMarked.length);
        Whitening.write(mean, out);
        within.write(out);
        total.write(out);
        for (OfClass one : classes) {
            Whitening.write(one.mean(), out);
            out.writeDouble(one.logPrior());
        }
        Whitening.write(ofMarked, out);
    }

    static Discriminant read(DataInput in) throws IOException {
        int width = in.readInt();
        OfClass[] classes = new OfClass[Math.clamp(in.readInt(), 0, MOST_CLASSES)];
        int ofMarked = in.readInt();
        float[] mean = Whitening.floats(width, in);
        Whitening within = Whitening.read(width, in);
        Whitening total = Whitening.read(width, in);
        for (int c = 0; c < classes.length; c++) {
            classes[c] = OfClass.of(Whitening.floats(width, in), in.readDouble());
        }
        Optional<OfClass> marked =
                ofMarked == 0
                        ? Optional.empty()
                        : Optional.of(OfClass.of(Whitening.floats(ofMarked, in), 0));
        return new Discriminant(mean, within, total, classes, marked);
    }
}
