package dev.graft.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.graft.feature.ConfigurationException;
import dev.graft.head.Activation;
import dev.graft.lambda.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the trainer takes from its environment.
 *
 * @param table {@code TABLE}
 * @param format1Table {@code FORMAT_1_TABLE}, a table of the format before to move into this one;
 *     empty for none
 * @param headsBucket {@code HEADS_BUCKET}
 * @param imagesBucket {@code IMAGES_BUCKET}, in which files may name images that are forgotten
 * @param backboneId {@code BACKBONE_ID}, else that of {@code backbone.json} beside the code: only
 *     its features are learned from
 * @param backboneName {@code BACKBONE_NAME}, likewise
 * @param activation {@code LABELS_PER_IMAGE}: one (softmax, the default) or several (sigmoid)
 * @param large {@code LARGE_TRAINING}: where {@code on}, what this function has, as what does not
 *     fit is trained elsewhere; else (off, the default) empty
 * @param vectorBucket {@code VECTOR_BUCKET}, ARN of a vector bucket to keep features in; empty for
 *     none
 */
record TrainerConfig(
        String table,
        Optional<String> format1Table,
        String headsBucket,
        String imagesBucket,
        String backboneId,
        String backboneName,
        Activation activation,
        Optional<LargeTraining.Place> large,
        Optional<String> vectorBucket) {

    /** Values of a feature, where the packaged network does not tell. */
    private static final int MOST_WIDTH = 2048;

    static TrainerConfig from(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        JsonNode packaged = packaged(Path.of(environment.optional("LAMBDA_TASK_ROOT", ".")));
        String id = packaged.path("id").asText();
        String backbone =
                id.isBlank()
                        ? environment.required("BACKBONE_ID")
                        : environment.optional("BACKBONE_ID", id);
        var place =
                new LargeTraining.Place(
                        backbone,
                        packaged.path("width").asInt(MOST_WIDTH),
                        environment.number("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", 3008, 1, 1 << 20));
        TrainerConfig config =
                new TrainerConfig(
                        environment.required("TABLE"),
                        environment.optional("FORMAT_1_TABLE"),
                        environment.required("HEADS_BUCKET"),
                        environment.required("IMAGES_BUCKET"),
                        backbone,
                        environment.optional(
                                "BACKBONE_NAME", packaged.path("name").asText("backbone")),
                        environment.choice(
                                "LABELS_PER_IMAGE",
                                Map.of(
                                        "one", Activation.SOFTMAX,
                                        "several", Activation.SIGMOID),
                                "one"),
                        environment.choice(
                                "LARGE_TRAINING",
                                Map.of("on", Optional.of(place), "off", Optional.empty()),
                                "off"),
                        environment.optional("VECTOR_BUCKET"));
        environment.check();
        return config;
    }

    private static JsonNode packaged(Path folder) {
        Path file = folder.resolve("backbone.json");
        try {
            return Files.exists(file)
                    ? new ObjectMapper().readTree(file.toFile())
                    : MissingNode.getInstance();
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read: package again: " + e, e);
        }
    }
}
