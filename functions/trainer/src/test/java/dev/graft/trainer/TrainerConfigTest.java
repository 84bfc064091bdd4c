package dev.graft.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.ConfigurationException;
import dev.graft.head.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerConfigTest {
    @TempDir Path task;

    @Test
    void takesThePackagedBackboneUnlessAnotherIsSet() throws IOException {
        String text = "{\"id\": \"0a-p1\", \"name\": \"resnet50\", \"width\": 2048}";
        Files.writeString(task.resolve("backbone.json"), text);
        assertEquals(
                new TrainerConfig(
                        "features",
                        Optional.empty(),
                        "heads",
                        "images",
                        "0a-p1",
                        "resnet50",
                        Activation.SOFTMAX,
                        Optional.empty(),
                        Optional.empty()),
                config(Map.of()));
        assertEquals(
                new TrainerConfig(
                        "features",
                        Optional.empty(),
                        "heads",
                        "images",
                        "0b-p1",
                        "mine",
                        Activation.SIGMOID,
                        Optional.of(new LargeTraining.Place("0b-p1", 2048, 1024)),
                        Optional.of("arn")),
                config(
                        Map.of(
                                "BACKBONE_ID",
                                "0b-p1",
                                "BACKBONE_NAME",
                                "mine",
                                "LABELS_PER_IMAGE",
                                "several",
                                "LARGE_TRAINING",
                                "on",
                                "VECTOR_BUCKET",
                                "arn",
                                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                "1024")));
    }

    @Test
    void saysWhichBackboneIsMissing() {
        String message =
                assertThrows(ConfigurationException.class, () -> config(Map.of())).getMessage();
        assertTrue(message.contains("BACKBONE_ID is not set"), message);
    }

    @Test
    void saysHowManyLabelsAnImageMayHave() {
        var more = Map.of("BACKBONE_ID", "0b-p1", "LABELS_PER_IMAGE", "two");
        String message =
                assertThrows(ConfigurationException.class, () -> config(more)).getMessage();
        assertTrue(message.contains("LABELS_PER_IMAGE is 'two': expected one or several"), message);
    }

    @Test
    void tellsADamagedFile() throws IOException {
        Files.writeString(task.resolve("backbone.json"), "{");
        String message =
                assertThrows(ConfigurationException.class, () -> config(Map.of())).getMessage();
        assertTrue(message.contains("backbone.json cannot be read"), message);
    }

    private TrainerConfig config(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(more);
        variables.put("TABLE", "features");
        variables.put("HEADS_BUCKET", "heads");
        variables.put("IMAGES_BUCKET", "images");
        variables.put("LAMBDA_TASK_ROOT", task.toString());
        return TrainerConfig.from(variables);
    }
}
