package dev.graft.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.Label;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A text file that labels many images, as people and labelling tools write them. By its ending:
 *
 * <ul>
 *   <li>{@code .csv}: {@code key,label}, fields quoted as RFC 4180 says, with or without that
 *       heading;
 *   <li>{@code .jsonl} and {@code .manifest}: a JSON object a line, {@code {"key": …, "label": …}}
 *       or {@code "labels": […]} for several, or a line of SageMaker Ground Truth, {@code
 *       source-ref} and {@code …-metadata} with {@code class-name}, or for several labels {@code
 *       class-map} (Amazon SageMaker AI Developer Guide, "Augmented manifest" and "Multi-label
 *       image classification").
 * </ul>
 */
public final class LabelFile {
    /** The most images that one file labels, as a Lambda call has to get through them. */
    static final int MAX_LINES = 100_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private LabelFile() {}

    /** Whether a file of this name is one. */
    static boolean is(String name) {
        return name.matches(".*\\.(csv|jsonl|manifest)");
    }

    /**
     * Reads all of a file, or nothing.
     *
     * @param name its name; only the ending matters
     * @param bytes UTF-8
     * @return label by key, in the order of the file; of two lines about one key the later counts
     * @throws IllegalArgumentException if a line is wrong, with its number and what was expected
     */
    static Map<String, String> read(String name, byte[] bytes) {
        String text = text(name, bytes);
        Map<String, String> labels = new LinkedHashMap<>();
        int[] line = {0};
        if (name.endsWith(".csv")) {
            for (List<String> row : rows(name, text)) {
                line[0]++;
                boolean heading = line[0] == 1 && row.equals(List.of("key", "label"));
                if (!heading && !row.equals(List.of(""))) {
                    boolean two = row.size() == 2;
                    add(labels, where(name, line[0]), two ? row.get(0) : "", two ? row.get(1) : "");
                }
            }
        } else {
            text.lines()
                    .forEach(
                            json -> {
                                line[0]++;
                                if (!json.isBlank()) {
                                    addJson(labels, where(name, line[0]), json);
                                }
                            });
        }
        if (labels.size() > MAX_LINES) {
            throw new IllegalArgumentException(
                    "%s labels %,d images, expected at most %,d: split it"
                            .formatted(name, labels.size(), MAX_LINES));
        }
        return labels;
    }

    private static String text(String name, byte[] bytes) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(name + " is not UTF-8 text: save it as UTF-8", e);
        }
    }

    private static String where(String name, int line) {
        return name + " line " + line;
    }

    private static void add(Map<String, String> labels, String where, String key, String label) {
        if (!key.startsWith(ImageIngest.PREFIX) || label.isBlank()) {
            throw new IllegalArgumentException(
                    "%s: key '%s' and label '%s', expected a key that starts with %s and a label; no line of the file was used, mend it and upload it again"
                            .formatted(where, key, label, ImageIngest.PREFIX));
        }
        labels.put(key, label.strip());
    }

    private static void addJson(Map<String, String> labels, String where, String line) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    where + ": no JSON object; no line of the file was used, mend it and upload it",
                    e);
        }
        String source = json.path("source-ref").asText();
        if (source.isEmpty()) {
            add(labels, where, json.path("key").asText(), label(json));
        } else {
            add(labels, where, source.replaceFirst("^s3://[^/]+/", ""), className(json));
        }
    }

    private static String label(JsonNode json) {
        return json.path("labels").isArray()
                ? joined(json.path("labels"))
                : json.path("label").asText();
    }

    /** Of a Ground Truth line: the job's name stands before {@code -metadata}. */
    private static String className(JsonNode json) {
        return json.properties().stream()
                .filter(field -> field.getKey().endsWith("-metadata"))
                .map(Map.Entry::getValue)
                .map(
                        job ->
                                job.path("class-map").isObject()
                                        ? joined(job.path("class-map"))
                                        : job.path("class-name").asText())
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String joined(JsonNode names) {
        List<String> all = new ArrayList<>();
        names.forEach(name -> all.add(name.asText().strip()));
        return Label.join(all);
    }

    /** The fields of each row; quoted ones may hold commas, line ends and doubled quotes. */
    private static List<List<String>> rows(String name, String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                field.append(text.charAt(++i));
            } else if (c == '"' && (quoted || field.isEmpty())) {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    rows.add(row);
                    row = new ArrayList<>();
                }
            } else if (quoted || c != '\r') {
                field.append(c);
            }
        }
        if (quoted) {
            throw new IllegalArgumentException(name + ": a quoted field does not end; close it");
        }
        row.add(field.toString());
        rows.add(row);
        return rows;
    }
}
