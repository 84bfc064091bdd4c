package dev.graft.head;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often a head is right where it answers only when it is sure, by predictions out of fold.
 *
 * @param curve from the surest images to all
 * @param classes thresholds of each class
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SelectivePrediction(List<Point> curve, List<OfClass> classes) {
    /** Precisions that thresholds are proposed for, in percent. */
    public static final List<Integer> PRECISIONS = List.of(90, 95, 99);

    /**
     * What comes of answering the surest images only.
     *
     * @param share of all images that are answered, 0..1
     * @param accuracy among these, 0..1
     * @param probability of the least sure of these, 0..1
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Point(double share, double accuracy, double probability) {}

    /**
     * One class.
     *
     * @param images that it is predicted for
     * @param cuts one for each of {@link #PRECISIONS}
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record OfClass(String label, int images, List<Cut> cuts) {}

    /**
     * A threshold of a class.
     *
     * @param precision of the answers with at least this probability, in percent
     * @param threshold the lowest that reaches it, 0..1; null if none does with ten images or more
     * @param share of the images that the class is predicted for, 0..1
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Cut(int precision, @Nullable Double threshold, double share) {}
}
