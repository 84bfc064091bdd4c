package dev.graft.training;

import dev.graft.evaluation.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Mean cross-entropy of a linear layer on standardized features plus L2: the mean of -log p(label)
 * of a softmax, or of the sum over the classes of -log p(it has the label, or has it not) of
 * sigmoids, each image counting as {@link ClassWeights} says, + strength / 2 * |weights|^2, the
 * bias free. Parameters are one array: weights (classes, width) row-major, then bias (classes).
 * Mean and scale come from the rows to learn from alone. The rows are cut into at most 16 parts
 * whose sums are added in order, and exponents come from {@link StrictMath}: the result does not
 * depend on the machine or its number of cores. Beyond the matrix it takes about 16 x 12 bytes per
 * parameter. Safe for use by many threads.
 */
final class SoftmaxLoss {
    private static final int PARTS = 16;
    private static final int ROWS_IN_FLOAT32 = 1 << 10;
    private static final double BIAS_MODULUS = 0.1;

    private final TrainingSet set;
    private final int[] images;
    private final int width;
    private final int classes;
    private final double[][] counts;
    private final ConcurrentLinkedQueue<RowBlock> blocks = new ConcurrentLinkedQueue<>();
    private Curvature curvature;
    final float[] mean;
    final float[] scale;

    /** Rows of the matrix that one thread goes through, in order, and which images they are. */
    private record Part(int[] images, int[] rows) {}

    private record Sums(double loss, double[] values) {}

    /**
     * Over some images of a set.
     *
     * @param images which of them to learn from
     * @param weights what they count
     */
    SoftmaxLoss(TrainingSet set, int[] images, ClassWeights weights) {
        this.set = set;
        this.images = images;
        this.width = set.features().width();
        this.classes = set.classes().size();
        int[] perClass = new int[classes];
        for (int image : images) {
            for (int label : set.labels()[image]) {
                perClass[label]++;
            }
        }
        this.counts = counts(perClass, weights);
        this.mean = new float[width];
        this.scale = new float[width];
        standardize();
    }

    /** (classes, 2): what an image counts for a class whose label it has not, and has. */
    private double[][] counts(int[] perClass, ClassWeights weights) {
        double[][] counts = new double[classes][];
        double[] ofClasses = weights.of(perClass);
        for (int c = 0; c < classes; c++) {
            counts[c] =
                    several()
                            ? weights.of(new int[] {images.length - perClass[c], perClass[c]})
                            : new double[] {0, ofClasses[c]};
        }
        return counts;
    }

    private boolean several() {
        return set.activation() == Activation.SIGMOID;
    }

    private void standardize() {
        double[] sums = new double[2 * width];
        parts(images).parallelStream()
                .map(this::moments)
                .toList()
                .forEach(part -> LbfgsFit.addTo(sums, 1, part));
        for (int j = 0; j < width; j++) {
            double average = sums[j] / images.length;
            double variance = sums[width + j] / images.length - average * average;
            mean[j] = (float) average;
            scale[j] = variance > 1e-12 ? (float) Math.sqrt(variance) : 1f;
        }
    }

    private double[] moments(Part part) {
        double[] sums = new double[2 * width];
        RowBlock block = block();
        int rows = RowBlock.rows(width);
        for (int from = 0; from < part.rows.length; from += rows) {
            int to = Math.min(part.rows.length, from + rows);
            block.read(set.features(), part.rows, from, to);
            for (int i = 0; i < to - from; i++) {
                for (int j = 0; j < width; j++) {
                    double value = block.value(i, j);
                    sums[j] += value;
                    sums[width + j] += value * value;
                }
            }
        }
        blocks.add(block);
        return sums;
    }

    int parameters() {
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
    double[] minimize(double strength, double[] start, double accuracy, BooleanSupplier stop) {
        double tolerance = Math.sqrt(2 * Math.min(strength, BIAS_MODULUS) * accuracy);
        return LbfgsFit.minimize(objective(strength), start, tolerance, stop).at();
    }

    /** The loss at a strength, with its curvature. */
    LbfgsFit.Objective objective(double strength) {
        Curvature.Inverse inverse = curvature().new Inverse(strength);
        return new LbfgsFit.Objective() {
            @Override
            public double evaluate(double[] at, double[] gradient) {
                return SoftmaxLoss.this.evaluate(at, strength, gradient);
            }

            @Override
            public double[] precondition(double[] gradient) {
                return inverse.times(gradient);
            }
        };
    }

    private synchronized Curvature curvature() {
        if (curvature == null) {
            int[] rows = IntStream.of(images).map(i -> set.rows()[i]).toArray();
            curvature = new Curvature(set.features(), rows, classes, mean, scale);
        }
        return curvature;
    }

    /** The layer at some parameters for features as they are stored. */
    private final class Layer {
        final float[][][] weights;
        final double[] offset;

        Layer(double[] at) {
            float[] raw = new float[classes * width];
            offset = Arrays.copyOfRange(at, raw.length, parameters());
            for (int k = 0; k < raw.length; k++) {
                raw[k] = (float) (at[k] / scale[k % width]);
                offset[k / width] -= (double) raw[k] * mean[k % width];
            }
            weights = RowBlock.strips(raw, width);
        }
    }

    /** Loss at {@code at}; its gradient goes to {@code gradient}, the same length. */
    double evaluate(double[] at, double strength, double[] gradient) {
        Layer layer = new Layer(at);
        Arrays.fill(gradient, 0);
        double loss = 0;
        var parts = parts(images).parallelStream().map(part -> sums(part, layer)).toList();
        for (Sums part : parts) {
            loss += part.loss;
            LbfgsFit.addTo(gradient, 1, part.values);
        }
        double penalty = 0;
        int weights = classes * width;
        for (int k = 0; k < weights; k++) {
            int j = k % width;
            double residual = gradient[weights + k / width];
            gradient[k] = (gradient[k] - residual * mean[j]) / scale[j] / images.length;
            gradient[k] += strength * at[k];
            penalty += at[k] * at[k];
        }
        for (int c = 0; c < classes; c++) {
            gradient[weights + c] /= images.length;
        }
        return loss / images.length + strength / 2 * penalty;
    }

    private Sums sums(Part part, Layer layer) {
        double[] sums = new double[parameters()];
        double loss = 0;
        RowBlock block = block();
        int rows = RowBlock.rows(width);
        float[][] scores = new float[classes][rows];
        float[][][] gradient = RowBlock.strips(classes, width);
        double[] p = new double[classes];
        for (int from = 0; from < part.rows.length; from += rows) {
            int count = Math.min(part.rows.length, from + rows) - from;
            block.read(set.features(), part.rows, from, from + count);
            block.scores(layer.weights, count, scores);
            for (int i = 0; i < count; i++) {
                read(scores, i, layer.offset, p);
                int[] labels = set.labels()[part.images[from + i]];
                loss += several() ? sigmoid(p, labels) : softmax(p, labels[0]);
                for (int c = 0; c < classes; c++) {
                    sums[classes * width + c] += p[c];
                    scores[c][i] = (float) p[c];
                }
            }
            for (float[] residuals : scores) {
                Arrays.fill(residuals, count, rows, 0);
            }
            block.addTo(gradient, scores, count);
            if ((from + rows) % ROWS_IN_FLOAT32 == 0 || from + rows >= part.rows.length) {
                RowBlock.flush(gradient, width, sums);
            }
        }
        blocks.add(block);
        return new Sums(loss, sums);
    }

    private static void read(float[][] scores, int i, double[] offset, double[] p) {
        for (int c = 0; c < p.length; c++) {
            p[c] = scores[c][i] + offset[c];
        }
    }

    /** The loss of an image; its slope takes the place of the scores. */
    private double softmax(double[] p, int label) {
        double truth = p[label];
        double weight = counts[label][1];
        double loss = weight * (softmax(p) - truth);
        for (int c = 0; c < p.length; c++) {
            p[c] = weight * (p[c] - (c == label ? 1 : 0));
        }
        return loss;
    }

    /** Probabilities take the place of the scores; returns the log of their denominator. */
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

    /** The loss of an image; its slope takes the place of the scores. */
    private double sigmoid(double[] p, int[] labels) {
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

    /**
     * What the layer at {@code at} answers for images of the set.
     *
     * @param answers (all images, classes), where the rows of {@code wanted} are put
     */
    void answer(double[] at, int[] wanted, double[][] answers) {
        Layer layer = new Layer(at);
        parts(wanted).parallelStream().forEach(part -> answer(part, layer, answers));
    }

    private void answer(Part part, Layer layer, double[][] answers) {
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
                if (several()) {
                    Arrays.setAll(p, c -> sigmoid(p[c]));
                } else {
                    softmax(p);
                }
                answers[part.images[from + i]] = p;
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

    private RowBlock block() {
        RowBlock free = blocks.poll();
        return free == null ? new RowBlock(width) : free;
    }
}
