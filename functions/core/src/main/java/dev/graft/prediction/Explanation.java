package dev.graft.prediction;

import dev.graft.feature.FeatureExtractor;
import dev.graft.head.Head;
import dev.graft.image.Preprocessing;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a picture speaks for a class and where against it.
 *
 * @param maps one for each class that was asked about; none if the network has no map
 * @param seen the part of the picture that the maps cover, in shares of its sides; null without
 *     maps
 * @param reason why there are none, a sentence; null if there are
 */
public record Explanation(
        List<OfClass> maps, Preprocessing.@Nullable Region seen, @Nullable String reason) {

    /**
     * The map of a class.
     *
     * @param score of the class, before the temperature: the mean of the values, and the bias
     * @param values (rows, columns), from the top left; what a position adds to the score, times
     *     the number of positions
     */
    public record OfClass(String label, double score, double bias, List<List<Double>> values) {}

    /**
     * Explains what a head says of a file.
     *
     * @param labels classes of the head
     * @throws RuntimeException as {@link FeatureExtractor#extract}
     */
    public static Explanation of(
            Head head, FeatureExtractor extractor, byte[] file, List<String> labels) {
        Optional<FeatureExtractor.Mapped> mapped = extractor.map(file);
        if (mapped.isEmpty()) {
            return new Explanation(
                    List.of(),
                    null,
                    "the network %s has no map: its feature is not the mean over the positions of the picture"
                            .formatted(extractor.backbone().name()));
        }
        return new Explanation(
                labels.stream().map(label -> ofClass(head, mapped.get(), label)).toList(),
                mapped.get().seen(),
                null);
    }

    private static OfClass ofClass(Head head, FeatureExtractor.Mapped mapped, String label) {
        int index = head.classes().indexOf(label);
        double[] values = head.activationMap(mapped.map(), index);
        double bias = head.bias(index);
        double score = Arrays.stream(values).average().orElse(0) + bias;
        int columns = mapped.map().columns();
        return new OfClass(
                label,
                score,
                bias,
                IntStream.range(0, mapped.map().rows())
                        .mapToObj(
                                row ->
                                        Arrays.stream(values, row * columns, (row + 1) * columns)
                                                .boxed()
                                                .toList())
                        .toList());
    }
}
