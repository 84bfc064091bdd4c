package dev.graft.classifier;

import dev.graft.feature.ConfigurationException;
import dev.graft.lambda.Environment;
import dev.graft.library.KeptAnswers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the classifier takes from its environment.
 *
 * @param imagesBucket {@code IMAGES_BUCKET}
 * @param headsBucket {@code HEADS_BUCKET}
 * @param table {@code TABLE}
 * @param backbone {@code BACKBONE_FILE}, else {@code backbone.onnx} beside the code
 * @param networks files of the folder {@code NETWORKS_FOLDER}, else {@code networks} beside the
 *     code: networks of earlier builds, whose heads may be in use
 * @param copies folder for networks of the heads bucket
 * @param threads of one run of the backbone
 * @param trainer {@code TRAINER}, the function that trains
 * @param dailyImages {@code DAILY_IMAGES}, with more of which in 24 hours reading stops; empty
 *     where it never does
 * @param answers {@code ANSWER_DAYS}, for how many days answers are kept, 0 (the default) for not
 *     at all; {@code ANSWER_PICTURES}, whether with the picture: on, or off (the default)
 * @param vectorBucket {@code VECTOR_BUCKET}, ARN of a vector bucket; empty for none
 */
record ClassifierConfig(
        String imagesBucket,
        String headsBucket,
        String table,
        Path backbone,
        List<Path> networks,
        Path copies,
        int threads,
        String trainer,
        Optional<Long> dailyImages,
        KeptAnswers.Settings answers,
        Optional<String> vectorBucket) {

    static ClassifierConfig from(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        String task = environment.optional("LAMBDA_TASK_ROOT", ".");
        ClassifierConfig config =
                new ClassifierConfig(
                        environment.required("IMAGES_BUCKET"),
                        environment.required("HEADS_BUCKET"),
                        environment.required("TABLE"),
                        Path.of(environment.optional("BACKBONE_FILE", task + "/backbone.onnx")),
                        files(Path.of(environment.optional("NETWORKS_FOLDER", task + "/networks"))),
                        Path.of(System.getProperty("java.io.tmpdir")),
                        environment.threads(),
                        environment.optional("TRAINER", ""),
                        Optional.of(environment.number("DAILY_IMAGES", 0, 1, Integer.MAX_VALUE))
                                .filter(most -> most > 0),
                        new KeptAnswers.Settings(
                                (int) environment.number("ANSWER_DAYS", 0, 0, 365),
                                environment.choice(
                                        "ANSWER_PICTURES",
                                        Map.of("on", true, "off", false),
                                        "off")),
                        environment.optional("VECTOR_BUCKET"));
        environment.check();
        return config;
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
        } catch (IOException e) {
            throw new ConfigurationException(folder + " cannot be listed: package again: " + e, e);
        }
    }
}
