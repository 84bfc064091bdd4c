package dev.graft.featurizer;

import dev.graft.feature.LabelsPerImage;
import dev.graft.lambda.Environment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the featurizer takes from its environment.
 *
 * @param imagesBucket {@code IMAGES_BUCKET}
 * @param table {@code TABLE}
 * @param backbone {@code BACKBONE_FILE}, else {@code backbone.onnx} beside the code
 * @param threads of one run of the backbone
 * @param maxImageBytes {@code MAX_IMAGE_BYTES}, 50 MB unless set
 * @param labelsPerImage {@code LABELS_PER_IMAGE}: one (the default) or several
 * @param deadLetters {@code DEAD_LETTERS}, address of the queue that keeps what was tried in vain
 * @param followedBucket {@code FOLLOWED_BUCKET}, another one whose objects become images
 */
record FeaturizerConfig(
        String imagesBucket,
        String table,
        Path backbone,
        int threads,
        long maxImageBytes,
        LabelsPerImage labelsPerImage,
        Optional<String> deadLetters,
        Optional<String> followedBucket) {

    static FeaturizerConfig from(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        String task = environment.optional("LAMBDA_TASK_ROOT", ".");
        FeaturizerConfig config =
                new FeaturizerConfig(
                        environment.required("IMAGES_BUCKET"),
                        environment.required("TABLE"),
                        Path.of(environment.optional("BACKBONE_FILE", task + "/backbone.onnx")),
                        environment.threads(),
                        environment.number("MAX_IMAGE_BYTES", 50L << 20, 1, 1L << 30),
                        environment.choice(
                                "LABELS_PER_IMAGE",
                                Map.of(
                                        "one", LabelsPerImage.ONE,
                                        "several", LabelsPerImage.SEVERAL),
                                "one"),
                        given(environment.optional("DEAD_LETTERS", "")),
                        given(environment.optional("FOLLOWED_BUCKET", "")));
        environment.check();
        return config;
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
    }
}
