package dev.graft.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.ingest.ManifestLabels;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Annotation files of one JSON object a line: of Vertex AI ({@code imageGcsUri} with {@code
 * classificationAnnotation}, {@code classificationAnnotations} or {@code boundingBoxAnnotations}),
 * augmented manifests of SageMaker Ground Truth and Rekognition Custom Labels ({@code source-ref},
 * see {@link ManifestLabels}), and Graft's own ({@code key} with {@code label} or {@code labels}).
 * A line that cannot be used is left out, and told.
 */
final class JsonLinesFile {
    private final Annotations annotations;

    private JsonLinesFile(String name) {
        this.annotations = new Annotations(name);
    }

    /** What it says; empty if its first line is of no kind that is known. */
    static Optional<Annotations> read(String name, InputStream file) throws IOException {
        JsonLinesFile read = new JsonLinesFile(name);
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String text = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
            if (!text.isBlank()) {
                read.line(number, text);
            }
        }
        return read.annotations.pictures().isEmpty()
                ? Optional.empty()
                : Optional.of(read.annotations);
    }

    private void line(int number, String text) {
        try {
            JsonNode line = JsonElements.JSON.readTree(text);
            if (line.has("source-ref")) {
                ManifestLabels found = ManifestLabels.of(line);
                if (found.failed()) {
                    annotations.note("lines are of a labelling job that failed: unlabelled");
                }
                annotations.add(line.path("source-ref").asText(), found.labels());
            } else if (line.has("imageGcsUri")) {
                annotations.add(line.path("imageGcsUri").asText(), vertex(line));
            } else if (line.has("key")) {
                annotations.add(line.path("key").asText(), own(line));
            } else {
                annotations.leaveOut(
                        "line " + number,
                        "it has none of the fields source-ref, imageGcsUri and key, which name a picture");
            }
        } catch (JsonProcessingException e) {
            annotations.leaveOut("line " + number, "it is no JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            annotations.leaveOut("line " + number, String.valueOf(e.getMessage()));
        }
    }

    private List<String> vertex(JsonNode line) {
        List<String> labels = new ArrayList<>();
        String name = "displayName";
        labels.add(line.path("classificationAnnotation").path(name).asText());
        line.path("classificationAnnotations").forEach(one -> labels.add(one.path(name).asText()));
        JsonNode boxes = line.path("boundingBoxAnnotations");
        boxes.forEach(one -> labels.add(one.path(name).asText()));
        if (!boxes.isEmpty()) {
            annotations.note("pictures have boxes: their names count for the whole picture");
        }
        return labels;
    }

    private static List<String> own(JsonNode line) {
        List<String> labels = new ArrayList<>();
        line.path("labels").forEach(one -> labels.add(one.asText()));
        if (line.path("label").isValueNode() && !line.path("label").isNull()) {
            labels.add(line.path("label").asText());
        }
        return labels;
    }
}
