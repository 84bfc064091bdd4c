package dev.graft.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.UnreadableImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a run learned, for the terminal and as JSON.
 *
 * @param images featurized
 * @param unreadable files that were no image, with reasons
 * @param times how long it took
 * @param head contents of head.json; its {@code validation} is of images not trained on
 */
record Report(int images, List<UnreadableImage> unreadable, Times times, JsonNode head) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * How long a run took.
     *
     * @param featurized images featurized by this run
     * @param featurizeSeconds from the first upload to the last feature
     * @param trainSeconds of the trainer's run
     */
    record Times(int featurized, double featurizeSeconds, double trainSeconds) {
        double imagesPerSecond() {
            return featurized / featurizeSeconds;
        }
    }

    void write(Path file) {
        ObjectNode json = JSON.createObjectNode().put("images", images);
        var problems = json.putArray("unreadable");
        unreadable.forEach(
                image ->
                        problems.addObject().put("key", image.key()).put("reason", image.reason()));
        json.put("featurizeSeconds", times.featurizeSeconds());
        json.put("imagesPerSecond", times.imagesPerSecond());
        json.put("trainSeconds", times.trainSeconds());
        json.set("classes", head.path("classes"));
        json.set("validation", head.path("validation"));
        json.set("backbone", head.path("backbone"));
        json.set("head", head.path("version"));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, json.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the report " + file, e);
        }
    }

    void print() {
        JsonNode validation = head.path("validation");
        System.out.printf(
                "%n%,d images, %,d of them featurized now in %.1f s (%.1f a second), %d unreadable%n",
                images,
                times.featurized(),
                times.featurizeSeconds(),
                times.imagesPerSecond(),
                unreadable.size());
        unreadable.forEach(image -> System.out.println("  " + image.key() + ": " + image.reason()));
        System.out.printf(
                "head %s, trained in %.1f s%n",
                head.path("version").asText(), times.trainSeconds());
        System.out.printf(
                "on pictures not trained on: accuracy %.1f %%, macro-F1 %.3f, log loss %.3f%n%n",
                100 * validation.path("accuracy").asDouble(),
                validation.path("macroF1").asDouble(),
                validation.path("logLoss").asDouble());
        printClasses(validation);
    }

    /** Row = true class, column = answer, both in the order of the classes. */
    private static void printClasses(JsonNode validation) {
        System.out.printf("%-20s %9s %6s  %s%n", "class", "precision", "recall", "answers");
        for (int row = 0; row < validation.path("classes").size(); row++) {
            JsonNode one = validation.path("classes").path(row);
            StringBuilder cells = new StringBuilder();
            validation
                    .path("confusion")
                    .path(row)
                    .forEach(cell -> cells.append("%6d".formatted(cell.asInt())));
            System.out.printf(
                    "%-20s %8.1f%% %5.1f%% %s%n",
                    one.path("name").asText(),
                    100 * one.path("precision").asDouble(),
                    100 * one.path("recall").asDouble(),
                    cells);
        }
    }
}
