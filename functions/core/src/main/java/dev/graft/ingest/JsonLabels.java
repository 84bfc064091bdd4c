package dev.graft.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/**
 * Label files of one JSON object a line: {@code {"key": …, "label": …}}, or {@code "labels": […]}
 * for several, with {@code "set"} for those of a label set, or a line of an augmented manifest
 * (Amazon SageMaker AI Developer Guide, "Augmented manifest"; Amazon Rekognition Custom Labels
 * Guide, "Importing image-level labels in manifest files"): {@code source-ref} and, for each
 * labelling job, {@code …-metadata}.
 *
 * <p>{@link ManifestLabels} has what counts of such a line. A label is a text or a number; null is
 * none.
 */
final class JsonLabels {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    private final LabelLines lines;
    private final int line;
    private final JsonNode json;

    private JsonLabels(LabelLines lines, int line, JsonNode json) {
        this.lines = lines;
        this.line = line;
        this.json = json;
    }

    static void read(String text, LabelLines lines) {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                new JsonLabels(lines, number, object(line, number, lines)).read();
            }
        }
    }

    private static JsonNode object(String text, int line, LabelLines lines) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json.isObject()) {
                return json;
            }
            throw lines.wrong(line, "found JSON of another kind, expected one JSON object");
        } catch (JsonProcessingException e) {
            throw lines.wrong(line, "expected one JSON object, " + e.getOriginalMessage());
        }
    }

    private void read() {
        if (json.has("source-ref")) {
            manifest();
        } else if (json.has("labels") || json.has("label")) {
            String set = json.hasNonNull("set") ? text("set") : "";
            lines.add(
                    line, text("key"), set, labels(json.has("labels") ? "labels" : "label", json));
        } else {
            throw lines.wrong(line, "found neither label nor labels, expected one of them");
        }
    }

    private void manifest() {
        String key = text("source-ref");
        try {
            ManifestLabels found = ManifestLabels.of(json);
            if (found.failed()) {
                lines.failed(line);
            } else {
                lines.add(line, key, "", found.labels());
            }
        } catch (IllegalArgumentException e) {
            throw lines.wrong(line, String.valueOf(e.getMessage()));
        }
    }

    private String text(String name) {
        JsonNode text = json.path(name);
        if (!text.isTextual()) {
            throw lines.wrong(line, "%s is %s, expected a text".formatted(name, shown(text)));
        }
        return text.textValue();
    }

    /** The labels in a text or number, or in a list or map of them. */
    private List<String> labels(String name, JsonNode in) {
        try {
            return ManifestLabels.texts(name, in);
        } catch (IllegalArgumentException e) {
            throw lines.wrong(line, String.valueOf(e.getMessage()));
        }
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "missing" : node.toString();
    }
}
