package dev.graft.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Tasks of Label Studio, as its exports JSON and JSON-MIN have them (labelstud.io, "Export
 * annotations"). Labels are the choices of the newest annotation that was not cancelled; what else
 * people drew or wrote is told and not used.
 */
final class LabelStudioTask {
    private static final Pattern PICTURE =
            Pattern.compile(
                    "(?i)([a-z0-9]+://.*|/data/.*|.*\\.(jpe?g|png|gif|webp|bmp|tiff?|heic|avif)([?].*)?)");

    private LabelStudioTask() {}

    /** Whether it is one; adds what it says. */
    static boolean read(JsonNode task, Annotations to) {
        boolean full = task.path("data").isObject() && task.path("annotations").isArray();
        Optional<String> picture = picture(full ? task.path("data") : task);
        if (picture.isEmpty() || !full && !task.has("annotation_id") && !task.has("choice")) {
            return false;
        }
        to.add(picture.get(), full ? choices(task, to) : minimal(task, to));
        return true;
    }

    private static Optional<String> picture(JsonNode data) {
        return data.path("image").isTextual()
                ? Optional.of(data.path("image").asText())
                : StreamSupport.stream(data.spliterator(), false)
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::asText)
                        .filter(text -> PICTURE.matcher(text).matches())
                        .findFirst();
    }

    private static List<String> choices(JsonNode task, Annotations to) {
        List<List<String>> all = new ArrayList<>();
        String newest = "";
        List<String> found = List.of();
        for (JsonNode annotation : task.path("annotations")) {
            if (annotation.path("was_cancelled").asBoolean()) {
                to.note("annotations were cancelled by who made them, and do not count");
                continue;
            }
            List<String> labels = new ArrayList<>();
            for (JsonNode result : annotation.path("result")) {
                if (result.path("type").asText().equals("choices")) {
                    texts(result.path("value").path("choices"), labels);
                } else {
                    to.note(
                            "results of type %s say nothing of the whole picture, and are not used"
                                    .formatted(result.path("type").asText()));
                }
            }
            all.add(Annotations.clean(labels));
            String time =
                    annotation.path("updated_at").asText(annotation.path("created_at").asText());
            if (time.compareTo(newest) >= 0) {
                newest = time;
                found = labels;
            }
        }
        if (new TreeSet<>(all.stream().map(List::toString).toList()).size() > 1) {
            to.leaveOut(
                    "older annotations of task " + task.path("id").asText(),
                    "people chose differently, %s; the newest counts".formatted(all));
        }
        return found;
    }

    /** The column of the question is called as the owner likes, in the templates {@code choice}. */
    private static List<String> minimal(JsonNode task, Annotations to) {
        List<String> labels = new ArrayList<>();
        JsonNode choice = task.path("choice");
        if (choice.isMissingNode()) {
            to.note("tasks have no field choice: export them as JSON, not as JSON-MIN");
        }
        texts(choice.has("choices") ? choice.path("choices") : choice, labels);
        return labels;
    }

    private static void texts(JsonNode node, List<String> to) {
        if (node.isArray()) {
            node.forEach(one -> to.add(one.asText()));
        } else if (node.isValueNode()) {
            to.add(node.asText());
        }
    }
}
