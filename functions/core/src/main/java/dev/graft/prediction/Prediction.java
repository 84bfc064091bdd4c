package dev.graft.prediction;

import java.util.List;

/**
 * The answer to "what is this?".
 *
 * @param label the most probable class
 * @param probabilities the most probable classes, best first
 * @param head version of the head that answered
 * @param backbone name and id of the network that saw the image
 */
public record Prediction(
        String label, List<ClassProbability> probabilities, String head, BackboneName backbone) {

    /**
     * One class and how sure the head is of it.
     *
     * @param label the class
     * @param probability calibrated, 0..1; over all classes of the head they sum to 1
     */
    public record ClassProbability(String label, double probability) {}

    /**
     * Which network.
     *
     * @param name what people call it
     * @param id see {@link dev.graft.feature.Backbone#id}
     */
    public record BackboneName(String name, String id) {}
}
