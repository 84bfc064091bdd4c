package dev.graft.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The classes of an image by a line of an augmented manifest. Of its labelling jobs only those of
 * type {@code groundtruth/image-classification}, with the label in {@code class-name}, and {@code
 * groundtruth/image-classification-multilabel}, with the labels in {@code class-map}, count;
 * others, such as verifications and bounding boxes, say nothing about the class of an image. Of
 * several the newest counts, by {@code creation-date}; the labels of several of the same date
 * belong together, as Rekognition writes one job for each label.
 *
 * @param labels as they are written; may be empty
 * @param failed whether there are only jobs that failed ({@code failure-reason})
 */
public record ManifestLabels(List<String> labels, boolean failed) {
    private static final String SUFFIX = "-metadata";
    private static final String ONE = "groundtruth/image-classification";
    private static final String SEVERAL = "groundtruth/image-classification-multilabel";

    /** Copies the list. */
    public ManifestLabels {
        labels = List.copyOf(labels);
    }

    /**
     * Reads them.
     *
     * @param line one object, with {@code source-ref} and the jobs
     * @throws IllegalArgumentException if no job is of those types, or a label is no text
     */
    public static ManifestLabels of(JsonNode line) {
        List<JsonNode> newest = new ArrayList<>();
        List<String> others = new ArrayList<>();
        boolean failed = false;
        for (var field : line.properties()) {
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
        if (newest.isEmpty() && !failed) {
            throw new IllegalArgumentException(
                    "the types of its labels are %s, expected %s or %s"
                            .formatted(others, ONE, SEVERAL));
        }
        return new ManifestLabels(
                newest.stream().flatMap(job -> classes(job).stream()).toList(), newest.isEmpty());
    }

    private static String date(JsonNode job) {
        return job.path("creation-date").asText();
    }

    private static List<String> classes(JsonNode job) {
        return job.path("type").asText().equals(SEVERAL)
                ? texts("class-map", job)
                : texts("class-name", job);
    }

    /** The labels in a text or number, or in a list or map of them. */
    static List<String> texts(String name, JsonNode in) {
        JsonNode node = in.path(name);
        List<String> labels = new ArrayList<>();
        if (node.isArray() || node.isObject()) {
            node.forEach(label -> text(name, label).ifPresent(labels::add));
        } else {
            text(name, node).ifPresent(labels::add);
        }
        return labels;
    }

    private static Optional<String> text(String name, JsonNode label) {
        if (label.isTextual() || label.isNumber()) {
            return Optional.of(label.asText());
        }
        if (label.isNull()) {
            return Optional.empty();
        }
        throw new IllegalArgumentException(
                "%s is %s, expected a text or a number"
                        .formatted(name, label.isMissingNode() ? "missing" : label.toString()));
    }
}
