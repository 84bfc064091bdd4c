package dev.graft.featurizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.ConfigurationException;
import dev.graft.feature.LabelsPerImage;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeaturizerConfigTest {
    private static final Map<String, String> LEAST =
            Map.of("IMAGES_BUCKET", "images", "TABLE", "table");

    private static FeaturizerConfig with(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(LEAST);
        variables.putAll(more);
        return FeaturizerConfig.from(variables);
    }

    @Test
    void hasADefaultForWhatTheTemplateDoesNotSet() {
        assertEquals(
                new FeaturizerConfig(
                        "images",
                        "table",
                        Path.of("./backbone.onnx"),
                        1,
                        50L << 20,
                        LabelsPerImage.ONE,
                        Optional.empty(),
                        Optional.empty()),
                with(Map.of()));
    }

    @Test
    void takesWhatIsSet() {
        var set =
                with(
                        Map.of(
                                "LAMBDA_TASK_ROOT", "/var/task",
                                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "3538",
                                "MAX_IMAGE_BYTES", "1000",
                                "LABELS_PER_IMAGE", "several"));
        assertEquals(Path.of("/var/task/backbone.onnx"), set.backbone());
        assertEquals(2, set.threads());
        assertEquals(1000, set.maxImageBytes());
        assertEquals(LabelsPerImage.SEVERAL, set.labelsPerImage());
        assertEquals(Path.of("/b.onnx"), with(Map.of("BACKBONE_FILE", "/b.onnx")).backbone());
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        var wrong = Map.of("MAX_IMAGE_BYTES", "0", "LABELS_PER_IMAGE", "two");
        String message =
                assertThrows(ConfigurationException.class, () -> FeaturizerConfig.from(wrong))
                        .getMessage();
        for (String name :
                new String[] {
                    "IMAGES_BUCKET is not set",
                    "TABLE is not set",
                    "MAX_IMAGE_BYTES is '0'",
                    "LABELS_PER_IMAGE is 'two': expected one or several"
                }) {
            assertTrue(message.contains(name), message);
        }
    }
}
