package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.Backbone;
import dev.graft.onnx.OnnxBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A function of the template, with the zip that {@code mvn package} made for it. */
enum Function {
    FEATURIZER("FeaturizerFunction", "featurizer/target/featurizer-x86_64.zip", "-Xmx512m"),
    REFILL("RefillFunction", "featurizer/target/featurizer-x86_64.zip", "-Xmx512m"),
    TRAINER("TrainerFunction", "trainer/target/trainer.zip", "-Xmx512m"),
    CLASSIFIER("ClassifierFunction", "classifier/target/classifier-x86_64.zip", "-Xmx512m");

    private static final Path EMBEDDED =
            Repository.file(
                    "functions/backbone/src/main/resources/dev/graft/backbone/graft-resnet18-int8.onnx");

    final String resource;
    final String zip;
    private final String heap;

    Function(String resource, String zip, String heap) {
        this.resource = resource;
        this.zip = zip;
        this.heap = heap;
    }

    /** Folder of its module, under {@code functions/}. */
    String module() {
        return zip.substring(0, zip.indexOf('/'));
    }

    /** Unpacks the zip into a folder of its own under {@code folder}. */
    void unpack(Path folder) throws IOException {
        Path task = folder.resolve(name());
        try (ZipFile file = new ZipFile(Repository.file("functions/" + zip).toFile())) {
            for (ZipEntry entry : file.stream().filter(e -> !e.isDirectory()).toList()) {
                Path target = task.resolve(entry.getName()).normalize();
                assertTrue(target.startsWith(task), entry.getName());
                Files.createDirectories(target.getParent());
                Files.copy(file.getInputStream(entry), target);
            }
        }
    }

    /**
     * Starts it with the variables that the template names, taken from {@code cloud} or as the
     * template gives them, and with those of the platform.
     */
    LambdaProcess start(Path folder, Map<String, String> cloud) throws IOException {
        Path task = folder.resolve(name());
        Template template = Template.read();
        Map<String, String> environment = new HashMap<>();
        template.variables(resource)
                .forEach(
                        (variable, value) ->
                                environment.put(
                                        variable,
                                        cloud.containsKey(variable)
                                                ? cloud.get(variable)
                                                : text(value, task)));
        cloud.forEach(
                (variable, value) -> {
                    if (variable.startsWith("AWS_")) { // where S3 and DynamoDB are
                        environment.put(variable, value);
                    }
                });
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", template.memory(resource));
        nameTheBackbone(task, environment);
        String handler = template.properties(resource).path("Handler").asText();
        return new LambdaProcess(task, handler, environment, heap);
    }

    /** Where the zip holds none. */
    private static void nameTheBackbone(Path task, Map<String, String> environment) {
        if (!Files.exists(task.resolve("backbone.onnx"))) {
            environment.put("BACKBONE_FILE", EMBEDDED.toString());
        }
        if (!Files.exists(task.resolve("backbone.json"))) {
            try (Backbone backbone = OnnxBackbone.open(EMBEDDED, 1)) {
                environment.put("BACKBONE_ID", backbone.id());
            }
        }
    }

    /** A text of the template, for this processor and this place. */
    private static String text(JsonNode value, Path task) {
        String text = value.isArray() ? value.path(0).asText() : value.asText();
        return text.replace("${folder}", "linux-x64").replace("/var/task", task.toString());
    }
}
