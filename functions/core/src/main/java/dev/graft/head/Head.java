package dev.graft.head;

import dev.graft.feature.FeatureMap;
import dev.graft.feature.Label;
import dev.graft.feature.Vectors;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A trained layer: the probability of each class given a feature. Immutable; safe for use by many
 * threads.
 */
public final class Head {
    /** Images that a class needs to be learned. */
    public static final int LEAST_PER_CLASS = 2;

    /** Fewer images of a class than that say little about it. */
    public static final int ENOUGH_OF_A_CLASS = 5;

    private final String version;
    private final List<String> classes;
    private final String backbone;
    private final float[] weights;
    private final float[] bias;
    private final float[] mean;
    private final float[] scale;
    private final double temperature;
    private final Activation activation;
    private final @Nullable ConformalSets conformal;

    /**
     * The numbers of a head; the arrays are copied.
     *
     * @param weights (classes, width), row-major, for standardized features
     * @param bias (classes)
     * @param mean (width), taken off a feature
     * @param scale (width), positive; a feature is divided by it after the mean was taken off
     * @param temperature positive; scores are divided by it before the activation
     * @param activation makes probabilities of scores
     */
    public record Parameters(
            float[] weights,
            float[] bias,
            float[] mean,
            float[] scale,
            double temperature,
            Activation activation) {

        /** The same numbers at another temperature. */
        public Parameters at(double other) {
            return new Parameters(weights, bias, mean, scale, other, activation);
        }
    }

    /**
     * Builds a head.
     *
     * @param version its name in the store
     * @param classes sorted, one name per row of the weights
     * @param backbone id of the backbone whose features it takes
     * @throws IllegalArgumentException if the lengths of the arrays do not belong together, or a
     *     scale or the temperature is not positive
     */
    public Head(String version, List<String> classes, String backbone, Parameters parameters) {
        this(version, classes, backbone, parameters, null);
    }

    private Head(
            String version,
            List<String> classes,
            String backbone,
            Parameters parameters,
            @Nullable ConformalSets conformal) {
        this.conformal = conformal;
        this.version = version;
        this.classes = List.copyOf(classes);
        this.backbone = backbone;
        this.weights = parameters.weights().clone();
        this.bias = parameters.bias().clone();
        this.mean = parameters.mean().clone();
        this.scale = parameters.scale().clone();
        this.temperature = parameters.temperature();
        this.activation = parameters.activation();
        int width = mean.length;
        if (bias.length != classes.size()
                || scale.length != width
                || weights.length != classes.size() * width) {
            throw new IllegalArgumentException(
                    "head %s has %d weights, %d biases, %d means and %d scales for %d classes"
                            .formatted(
                                    version,
                                    weights.length,
                                    bias.length,
                                    width,
                                    scale.length,
                                    classes.size()));
        }
        for (float value : scale) {
            if (!(value > 0)) {
                throw new IllegalArgumentException(
                        "head %s has the scale %s, expected a positive number: train it again"
                                .formatted(version, value));
            }
        }
        if (!(temperature > 0)) {
            throw new IllegalArgumentException(
                    "head %s has the temperature %s, expected a positive number: train it again"
                            .formatted(version, temperature));
        }
    }

    /** The same head with its conformal sets. */
    Head with(@Nullable ConformalSets sets) {
        return new Head(version, classes, backbone, parameters(), sets);
    }

    /** Its name in the store. */
    public String version() {
        return version;
    }

    /** The classes, sorted; the order of every array of probabilities. */
    public List<String> classes() {
        return classes;
    }

    /** Id of the backbone whose features it takes. */
    public String backbone() {
        return backbone;
    }

    /** Number of values of a feature. */
    public int width() {
        return mean.length;
    }

    /** What makes probabilities of its scores. */
    public Activation activation() {
        return activation;
    }

    /**
     * Makes sets of classes; empty if it is multi-label, or was trained before these were
     * determined.
     */
    public Optional<ConformalSets> conformal() {
        return Optional.ofNullable(conformal);
    }

    /** A copy of the numbers. */
    public Parameters parameters() {
        return new Parameters(
                weights.clone(),
                bias.clone(),
                mean.clone(),
                scale.clone(),
                temperature,
                activation);
    }

    /**
     * What each position of a picture adds to the score of a class (class activation map, Zhou et
     * al., "Learning Deep Features for Discriminative Localization", 2016): the mean over the
     * positions and the {@link #bias} make the score of the feature that is the mean of the map,
     * before it is divided by the temperature.
     *
     * @param map of the network of this head
     * @param label index of the class
     * @return (rows, columns)
     */
    public double[] activationMap(FeatureMap map, int label) {
        int positions = map.positions();
        double[] sums = new double[positions];
        for (int j = 0; j < mean.length; j++) {
            double weight = (double) weights[label * mean.length + j] / scale[j];
            for (int p = 0; p < positions; p++) {
                sums[p] += weight * (map.values()[j * positions + p] - mean[j]);
            }
        }
        return sums;
    }

    /** The bias of a class, by its index. */
    public double bias(int label) {
        return bias[label];
    }

    /**
     * Probabilities of the classes given one feature.
     *
     * @param feature (width), finite
     * @return (classes), in the order of {@link #classes}
     * @throws IllegalArgumentException if the feature has another width
     */
    public double[] probabilities(float[] feature) {
        if (feature.length != width()) {
            throw new IllegalArgumentException(
                    "feature has %d values, head %s expects %d: featurize the image with backbone %s"
                            .formatted(feature.length, version, width(), backbone));
        }
        double[] scaled = new double[feature.length];
        for (int j = 0; j < scaled.length; j++) {
            scaled[j] = (double) (feature[j] - mean[j]) / scale[j];
        }
        double[] scores = new double[classes.size()];
        for (int c = 0; c < scores.length; c++) {
            double product = Vectors.dot(weights, c * scaled.length, scaled);
            scores[c] = (bias[c] + product) / temperature;
        }
        return activation.probabilities(scores);
    }

    /**
     * The classes that are answered, at least one, sorted.
     *
     * @param probabilities (classes), of this head
     */
    public List<String> labels(double[] probabilities) {
        return IntStream.of(activation.predicted(probabilities)).mapToObj(classes::get).toList();
    }

    /** The same as the text of a label, as {@link Label#join} makes it. */
    public String label(double[] probabilities) {
        return Label.join(labels(probabilities));
    }

    /** Probability of the least probable of the classes that are answered. */
    public double confidence(double[] probabilities) {
        return IntStream.of(activation.predicted(probabilities))
                .mapToDouble(c -> probabilities[c])
                .min()
                .orElseThrow();
    }
}
