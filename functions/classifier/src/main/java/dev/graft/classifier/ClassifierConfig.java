package dev.graft.classifier;

import dev.graft.lambda.Environment;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the classifier takes from its environment.
 *
 * @param imagesBucket {@code IMAGES_BUCKET}
 * @param headsBucket {@code HEADS_BUCKET}
 * @param table {@code TABLE}
 * @param backbone {@code BACKBONE_FILE}, else {@code backbone.onnx} beside the code
 * @param threads of one run of the backbone
 */
record ClassifierConfig(
        String imagesBucket, String headsBucket, String table, Path backbone, int threads) {

    static ClassifierConfig from(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        String task = environment.optional("LAMBDA_TASK_ROOT", ".");
        ClassifierConfig config =
                new ClassifierConfig(
                        environment.required("IMAGES_BUCKET"),
                        environment.required("HEADS_BUCKET"),
                        environment.required("TABLE"),
                        Path.of(environment.optional("BACKBONE_FILE", task + "/backbone.onnx")),
                        environment.threads());
        environment.check();
        return config;
    }
}
