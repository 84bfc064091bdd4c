package dev.graft.head;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One way to fit the head, and how well it did on images not trained on.
 *
 * @param strength of L2
 * @param scaling of the features; null where the file does not say so
 * @param classWeights how much an image of each class counted, in heads that chose it; else null
 * @param priorAdjustment share of the logarithm of its class frequency that is taken off a score
 * @param accuracy share of right predictions, 0..1
 * @param macroF1 mean of the classes' F1
 * @param logLoss mean negative log of the probability of the truth, in nats
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Tried(
        double strength,
        @Nullable String scaling,
        @Nullable String classWeights,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) double priorAdjustment,
        double accuracy,
        double macroF1,
        double logLoss) {
    /** What all heads were before the scaling was chosen. */
    static final String STANDARDIZED = "standardized";

    /** What was done for rare classes, such as "prior adjustment 0.25" or "none". */
    public static String forRareClasses(@Nullable String classWeights, double priorAdjustment) {
        if (priorAdjustment > 0) {
            return "prior adjustment " + priorAdjustment;
        }
        return classWeights == null || classWeights.equals("none")
                ? "none"
                : "class weights " + classWeights;
    }

    /** The scaling of the features. */
    public String features() {
        return scaling == null ? STANDARDIZED : scaling;
    }
}
