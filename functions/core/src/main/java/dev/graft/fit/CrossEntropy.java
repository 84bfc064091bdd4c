package dev.graft.fit;

import dev.graft.feature.Vectors;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Mean cross-entropy of a linear layer on standardized features plus L2: the mean of {@link
 * ScoreLoss} + strength / 2 * |weights|^2, the bias free. Parameters are one array: weights
 * (classes, width) row-major, then bias (classes). Mean and scale come from the rows to learn from
 * alone. The rows are cut into at most 16 parts whose sums are added in order: the result does not
 * depend on the machine or its number of cores. Beyond the matrix it takes about 16 x 12 bytes per
 * parameter. Safe for use by many threads.
 */
public final class CrossEntropy {
    private static final int PARTS = 16;
    private static final int ROWS_IN_FLOAT32 = 1 << 10;
    private static final double BIAS_MODULUS = 0.1;

    private final TrainingSet set;
    private final int[] images;
    private final List<Part> parts;
    private final int width;
    private final int classes;
    private final ScoreLoss scoreLoss;
    private final double[] priors;
    private final ConcurrentLinkedQueue<RowBlock> blocks = new ConcurrentLinkedQueue<>();
    private @Nullable Preconditioner preconditioner;
    private final Standardization standardization;

    /** Rows of the matrix that one thread goes through, in order, and which images they are. */
    private record Part(int[] images, int[] rows) {}

    private record Sums(double loss, double[] values) {}

    /**
     * Over some images of a set.
     *
     * @param images which of them to learn from
     * @param scaling of their features
     */
    public CrossEntropy(TrainingSet set, int[] images, Scaling scaling) {
        this.set = set;
        this.images = images;
        this.width = set.features().width();
        this.classes = set.classes().size();
        this.parts = parts(images);
        int[] perClass = new int[classes];
        for (int image : images) {
            for (int label : set.labels()[image]) {
                perClass[label]++;
            }
        }
        this.scoreLoss = new ScoreLoss(set.activation(), perClass, images.length);
        this.priors = scoreLoss.priors(perClass, images.length);
        this.standardization = standardization(scaling);
    }

    private Standardization standardization(Scaling scaling) {
        double[] sums = new double[2 * width];
        parts.parallelStream()
                .map(this::moments)
                .toList()
                .forEach(part -> Vectors.addTo(sums, 1, part));
        return Standardization.of(sums, images.length, scaling);
    }

    private double[] moments(Part part) {
        double[] sums = new double[2 * width];
        RowBlock block = block();
        int rows = RowBlock.rows(width);
        for (int from = 0; from < part.rows.length; from += rows) {
            int to = Math.min(part.rows.length, from + rows);
            block.read(set.features(), part.rows, from, to);
            block.moments(to - from, width, sums);
        }
        blocks.add(block);
        return sums;
    }

    /** How many parameters: classes x (width + 1). */
    public int parameters() {
        return classes * (width + 1);
    }

    /**
     * The parameters whose loss is at most {@code accuracy} above the optimum, going down from
     * {@code start}. The loss is strongly convex in the weights with modulus {@code strength}, so
     * |gradient|^2 / (2 strength) bounds what is left (Boyd and Vandenberghe, Convex Optimization,
     * equation 9.9). For the bias, which L2 leaves free, a modulus of {@value #BIAS_MODULUS} is
     * taken, about what its curvature is. Where {@code stop} says so first, the parameters reached
     * by then.
     */
    public double[] minimize(
            double strength, double[] start, double accuracy, BooleanSupplier stop) {
        double tolerance = Math.sqrt(2 * Math.min(strength, BIAS_MODULUS) * accuracy);
        return Lbfgs.minimize(objective(strength), start, tolerance, stop).at();
    }

    /** The loss at a strength, with its preconditioner. */
    public Objective objective(double strength) {
        Preconditioner.Inverse inverse =
                preconditioner()
                .new Inverse(strength, scoreLoss.hessianDiagonal(), scoreLoss.hessianFrequencies());
        return new Objective() {
            @Override
            public double evaluate(double[] at, double[] gradient) {
                return CrossEntropy.this.evaluate(at, strength, gradient);
            }

            @Override
            public double[] precondition(double[] gradient) {
                return inverse.times(gradient);
            }
        };
    }

    private synchronized Preconditioner preconditioner() {
        if (preconditioner == null) {
            int[] rows = IntStream.of(images).map(i -> set.rows()[i]).toArray();
            preconditioner = new Preconditioner(set.features(), rows, standardization);
        }
        return preconditioner;
    }

    /** The layer at some parameters for features as they are stored. */
    private final class Layer {
        final float[][][] weights;
        final double[] offset;

        Layer(double[] at) {
            weights = RowBlock.strips(classes, width);
            offset = Arrays.copyOfRange(at, classes * width, parameters());
            for (int c = 0; c < classes; c++) {
                double[] raw = Arrays.copyOfRange(at, c * width, (c + 1) * width);
                offset[c] -= unscale(raw);
                RowBlock.copy(raw, 0, width, weights[c]);
            }
        }

        /** Divides weights by the scale; returns what they give for the mean. */
        private double unscale(double[] raw) {
            float[] mean = standardization.mean();
            float[] scale = standardization.scale();
            double ofMean = 0;
            for (int j = 0; j < width; j++) {
                raw[j] = (float) (raw[j] / scale[j]);
                ofMean += raw[j] * mean[j];
            }
            return ofMean;
        }
    }

    /** Loss at {@code at}; its gradient goes to {@code gradient}, the same length. */
    public double evaluate(double[] at, double strength, double[] gradient) {
        Layer layer = new Layer(at);
        Arrays.fill(gradient, 0);
        double loss = 0;
        var all = parts.parallelStream().map(part -> sums(part, layer)).toList();
        for (Sums part : all) {
            loss += part.loss;
            Vectors.addTo(gradient, 1, part.values);
        }
        double penalty = 0;
        for (int c = 0; c < classes; c++) {
            standardize(gradient, c);
            gradient[classes * width + c] /= images.length;
            penalty += addPenalty(at, strength, gradient, c);
        }
        return loss / images.length + strength / 2 * penalty;
    }

    /** Makes of the sum over features as they are stored the mean over standardized ones. */
    private void standardize(double[] gradient, int c) {
        float[] mean = standardization.mean();
        float[] scale = standardization.scale();
        double residual = gradient[classes * width + c];
        for (int j = 0; j < width; j++) {
            int k = c * width + j;
            gradient[k] = (gradient[k] - residual * mean[j]) / scale[j] / images.length;
        }
    }

    private double addPenalty(double[] at, double strength, double[] gradient, int c) {
        double squares = 0;
        for (int k = c * width; k < (c + 1) * width; k++) {
            gradient[k] += strength * at[k];
            squares += at[k] * at[k];
        }
        return squares;
    }

    private Sums sums(Part part, Layer layer) {
        double[] sums = new double[parameters()];
        double loss = 0;
        RowBlock block = block();
        int rows = RowBlock.rows(width);
        float[][] scores = new float[classes][rows];
        float[][][] gradient = RowBlock.strips(classes, width);
        for (int from = 0; from < part.rows.length; from += rows) {
            int count = Math.min(part.rows.length, from + rows) - from;
            block.read(set.features(), part.rows, from, from + count);
            block.scores(layer.weights, count, scores);
            loss += residuals(scores, part, from, layer.offset, sums);
            block.addTo(gradient, scores, count);
            if ((from + rows) % ROWS_IN_FLOAT32 == 0 || from + rows >= part.rows.length) {
                RowBlock.flush(gradient, width, sums);
            }
        }
        blocks.add(block);
        return new Sums(loss, sums);
    }

    /**
     * The loss of a block of rows; residuals, 0 for rows that are not there, take the place of the
     * scores and are added to the bias. Each loop has a small method of its own, as compiling large
     * ones takes a processor for long.
     */
    private double residuals(
            float[][] scores, Part part, int from, double[] offset, double[] sums) {
        double[] p = new double[classes];
        double loss = 0;
        int count = Math.min(scores[0].length, part.rows.length - from);
        for (int i = 0; i < count; i++) {
            read(scores, i, offset, p);
            loss += scoreLoss.gradient(p, set.labels()[part.images[from + i]]);
            for (int c = 0; c < classes; c++) {
                sums[classes * width + c] += p[c];
                scores[c][i] = (float) p[c];
            }
        }
        for (float[] residuals : scores) {
            Arrays.fill(residuals, count, residuals.length, 0);
        }
        return loss;
    }

    private static void read(float[][] scores, int i, double[] offset, double[] p) {
        for (int c = 0; c < p.length; c++) {
            p[c] = scores[c][i] + offset[c];
        }
    }

    /**
     * The class probabilities that the layer at {@code at} gives images of the set.
     *
     * @param priorAdjustment how much of the logarithm of its class frequency is taken off a score
     * @param probabilities (all images, classes), where the rows of {@code wanted} are put
     */
    public void predict(
            double[] at, double priorAdjustment, int[] wanted, double[][] probabilities) {
        Layer layer = new Layer(adjusted(at, priorAdjustment));
        parts(wanted).parallelStream().forEach(part -> predict(part, layer, probabilities));
    }

    private void predict(Part part, Layer layer, double[][] probabilities) {
        RowBlock block = block();
        int rows = RowBlock.rows(width);
        float[][] scores = new float[classes][rows];
        for (int from = 0; from < part.rows.length; from += rows) {
            int count = Math.min(part.rows.length, from + rows) - from;
            block.read(set.features(), part.rows, from, from + count);
            block.scores(layer.weights, count, scores);
            for (int i = 0; i < count; i++) {
                double[] p = new double[classes];
                read(scores, i, layer.offset, p);
                scoreLoss.probabilities(p);
                probabilities[part.images[from + i]] = p;
            }
        }
        blocks.add(block);
    }

    /** Always the same cut for the same number of images: whole blocks, at most 16 parts. */
    private List<Part> parts(int[] of) {
        int block = RowBlock.rows(width);
        int blocksEach = Math.ceilDiv(Math.ceilDiv(of.length, PARTS), block);
        List<Part> parts = new ArrayList<>();
        for (int from = 0; from < of.length; from += blocksEach * block) {
            int[] some =
                    Arrays.copyOfRange(of, from, Math.min(of.length, from + blocksEach * block));
            parts.add(new Part(some, IntStream.of(some).map(i -> set.rows()[i]).toArray()));
        }
        return parts;
    }

    private double[] adjusted(double[] at, double priorAdjustment) {
        double[] adjusted = at.clone();
        for (int c = 0; c < classes; c++) {
            adjusted[classes * width + c] -= priorAdjustment * priors[c];
        }
        return adjusted;
    }

    /**
     * What is taken off the score of each class per unit of prior adjustment.
     *
     * @param perClass (classes), images that have the label
     * @param images of them all
     */
    public static double[] priors(Activation activation, int[] perClass, int images) {
        return new ScoreLoss(activation, perClass, images).priors(perClass, images);
    }

    /**
     * The parameters as those of a head, rounded to float32, at temperature 1.
     *
     * @param priorAdjustment as for {@link #predict}
     */
    public Head.Parameters head(double[] at, double priorAdjustment) {
        double[] adjusted = adjusted(at, priorAdjustment);
        float[] numbers = new float[at.length];
        for (int k = 0; k < at.length; k++) {
            numbers[k] = (float) adjusted[k];
        }
        return new Head.Parameters(
                Arrays.copyOf(numbers, classes * width),
                Arrays.copyOfRange(numbers, classes * width, numbers.length),
                standardization.mean(),
                standardization.scale(),
                1,
                set.activation());
    }

    private RowBlock block() {
        RowBlock free = blocks.poll();
        return free == null ? new RowBlock(width) : free;
    }
}
