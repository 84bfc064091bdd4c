package dev.graft.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Label files of one JSON object a line: {@code {"key": …, "label": …}}, or {@code "labels": […]}
 * for several, or a line of an augmented manifest (Amazon SageMaker AI Developer Guide, "Augmented
 * manifest"; Amazon Rekognition Custom Labels Guide, "Importing image-level labels in manifest
 * files"): {@code source-ref} and, for each labelling job, {@code …-metadata}.
 *
 * <p>Of the jobs only those of type {@code groundtruth/image-classification}, with the label in
 * {@code class-name}, and {@code groundtruth/image-classification-multilabel}, with the labels in
 * {@code class-map}, count; others, such as verifications and bounding boxes, say nothing about the
 * class of an image. Of several the newest counts, by {@code creation-date}; the labels of several
 * of the same date belong together, as Rekognition writes one job for each label. A line whose jobs
 * failed ({@code failure-reason}) is counted. A label is a text or a number; null is none.
 */
final class JsonLabels {
    private static final String SUFFIX = "-metadata";
    private static final String ONE = "groundtruth/image-classification";
    private static final String SEVERAL = "groundtruth/image-classification-multilabel";

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
            lines.add(line, key("key"), labels(json.has("labels") ? "labels" : "label", json));
        } else {
            throw lines.wrong(line, "found neither label nor labels, expected one of them");
        }
    }

    private void manifest() {
        String key = key("source-ref");
        List<JsonNode> newest = new ArrayList<>();
        List<String> others = new ArrayList<>();
        boolean failed = false;
        for (var field : json.properties()) {
            JsonNode job = field.getValue();
            if (!field.getKey().endsWith(SUFFIX) || !job.isObject()) {
                continue;
            }
            String type = job.path("type").asText();
            if (job.has("failure-reason")) {
                failed = true;
            } else if (type.equals(ONE) || type.equals(SEVERAL)) {
                int order = newest.isEmpty() ? 1 : date(job).compareTo(date(newest.getFirst()));
                if (order > 0) {
                    newest.clear();
                }
                if (order >= 0) {
                    newest.add(job);
                }
            } else {
                others.add(type);
            }
        }
        if (newest.isEmpty() && failed) {
            lines.failed(line);
        } else if (newest.isEmpty()) {
            throw lines.wrong(
                    line,
                    "the types of its labels are %s, expected %s or %s"
                            .formatted(others, ONE, SEVERAL));
        } else {
            lines.add(line, key, newest.stream().flatMap(job -> classes(job).stream()).toList());
        }
    }

    private static String date(JsonNode job) {
        return job.path("creation-date").asText();
    }

    private List<String> classes(JsonNode job) {
        return job.path("type").asText().equals(SEVERAL)
                ? labels("class-map", job)
                : labels("class-name", job);
    }

    private String key(String name) {
        JsonNode key = json.path(name);
        if (!key.isTextual()) {
            throw lines.wrong(line, "%s is %s, expected a text".formatted(name, shown(key)));
        }
        return key.textValue();
    }

    /** The labels in a text or number, or in a list or map of them. */
    private List<String> labels(String name, JsonNode in) {
        JsonNode node = in.path(name);
        List<String> labels = new ArrayList<>();
        if (node.isArray() || node.isObject()) {
            node.forEach(label -> label(name, label).ifPresent(labels::add));
        } else {
            label(name, node).ifPresent(labels::add);
        }
        return labels;
    }

    private Optional<String> label(String name, JsonNode label) {
        if (label.isTextual() || label.isNumber()) {
            return Optional.of(label.asText());
        }
        if (label.isNull()) {
            return Optional.empty();
        }
        throw lines.wrong(
                line, "%s is %s, expected a text or a number".formatted(name, shown(label)));
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "missing" : node.toString();
    }
}
