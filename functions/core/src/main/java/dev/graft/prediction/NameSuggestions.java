package dev.graft.prediction;

import dev.graft.feature.ConfigurationException;
import dev.graft.feature.Vectors;
import dev.graft.head.Safetensors;
import dev.graft.head.Softmax;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Suggests names for images that nobody has labelled yet, from a linear layer that was taught
 * together with a network: the probability of each of its classes (the 1,000 of ImageNet) given a
 * feature of that network. A suggestion is for a person to take or to leave; no head learns from
 * it, and no prediction is made with it. Immutable; safe for use by many threads.
 */
public final class NameSuggestions {
    /** Of a network without such a layer: suggests nothing. */
    public static final NameSuggestions NONE =
            new NameSuggestions(List.of(), new float[0][], new float[0]);

    private final List<String> names;
    private final float[][] weight;
    private final float[] bias;

    private NameSuggestions(List<String> names, float[][] weight, float[] bias) {
        this.names = names;
        this.weight = weight;
        this.bias = bias;
    }

    /**
     * A name and its probability.
     *
     * @param name of a class of ImageNet, in English
     * @param probability 0..1; those of all names sum to 1
     */
    public record Name(String name, double probability) {}

    /**
     * Of a file of tensors.
     *
     * @param file in the format of {@link Safetensors}: weight (names, width), bias (names), and
     *     the metadata {@code names}, one a line
     * @throws ConfigurationException if the file is none of this kind
     */
    public static NameSuggestions of(byte[] file) {
        try {
            Safetensors tensors = Safetensors.read(file);
            List<String> names = tensors.text("names").lines().toList();
            float[] weight = tensors.floats("weight");
            float[] bias = tensors.floats("bias");
            if (names.isEmpty()
                    || bias.length != names.size()
                    || weight.length % names.size() != 0) {
                throw new IOException(
                        "%d names, %d biases and %d weights do not belong together"
                                .formatted(names.size(), bias.length, weight.length));
            }
            int width = weight.length / names.size();
            float[][] rows =
                    IntStream.range(0, names.size())
                            .mapToObj(i -> Arrays.copyOfRange(weight, i * width, (i + 1) * width))
                            .toArray(float[][]::new);
            return new NameSuggestions(names, rows, bias);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "the names beside the network cannot be read: build the package again", e);
        }
    }

    /**
     * The most probable names of images that belong together, best first.
     *
     * @param features (images, width of the network), at least one; what is looked up is their
     *     mean, so that each image counts alike
     * @param most how many names at most
     * @return empty if the network has no names
     */
    public List<Name> of(List<float[]> features, int most) {
        if (names.isEmpty()) {
            return List.of();
        }
        float[] mean = new float[features.getFirst().length];
        for (float[] feature : features) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += feature[i] / features.size();
            }
        }
        double[] scores = new double[names.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Vectors.dot(weight[i], mean) + bias[i];
        }
        Softmax.inPlace(scores);
        return IntStream.range(0, scores.length)
                .mapToObj(i -> new Name(names.get(i), scores[i]))
                .sorted(Comparator.comparingDouble(Name::probability).reversed())
                .limit(most)
                .toList();
    }
}
