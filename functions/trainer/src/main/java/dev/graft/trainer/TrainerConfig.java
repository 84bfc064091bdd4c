package dev.graft.trainer;

import dev.graft.aws.Environment;
import java.util.Map;

/**
 * What the trainer takes from its environment.
 *
 * @param featuresTable {@code FEATURES_TABLE}
 * @param headsBucket {@code HEADS_BUCKET}
 * @param backboneId {@code BACKBONE_ID}: only its features are learned from
 * @param backboneName {@code BACKBONE_NAME}
 */
record TrainerConfig(
        String featuresTable, String headsBucket, String backboneId, String backboneName) {

    static TrainerConfig from(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        TrainerConfig config =
                new TrainerConfig(
                        environment.required("FEATURES_TABLE"),
                        environment.required("HEADS_BUCKET"),
                        environment.required("BACKBONE_ID"),
                        environment.optional("BACKBONE_NAME", "backbone"));
        environment.check();
        return config;
    }
}
