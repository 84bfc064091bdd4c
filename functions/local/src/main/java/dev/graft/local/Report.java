package dev.graft.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.UnreadableImage;
import dev.graft.head.HeadCard;
import dev.graft.versions.Findings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a run learned, for the terminal and as JSON.
 *
 * @param images featurized
 * @param unreadable files that were no image, with reasons
 * @param times how long it took
 * @param head in use; its {@code validation} is of images not trained on
 */
record Report(int images, List<UnreadableImage> unreadable, Times times, HeadCard head) {
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
        json.set("classes", JSON.valueToTree(head.classes()));
        json.set("validation", JSON.valueToTree(head.validation()));
        json.put("backbone", head.backbone()).put("head", head.version());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, json.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the report " + file, e);
        }
    }

    void print() {
        HeadCard.Validated validation = head.validation();
        System.out.printf(
                Locale.ROOT,
                "%n%,d images, %,d of them featurized now in %.1f s (%.1f a second), %d unreadable%n",
                images,
                times.featurized(),
                times.featurizeSeconds(),
                times.imagesPerSecond(),
                unreadable.size());
        unreadable.forEach(image -> System.out.println("  " + image.key() + ": " + image.reason()));
        System.out.printf(
                Locale.ROOT, "head %s, trained in %.1f s%n", head.version(), times.trainSeconds());
        Findings findings = Findings.of(head);
        System.out.printf(
                Locale.ROOT,
                "%s %s%n",
                Findings.percent(validation.accuracy()),
                findings.accuracy());
        System.out.println(findings.interval());
        System.out.printf(
                Locale.ROOT,
                "macro-F1 %.3f, log loss %.3f%n%n",
                validation.macroF1(),
                validation.logLoss());
        ClassTable.lines(validation).forEach(System.out::println);
        for (String about : List.of(findings.leftOut(), findings.weak())) {
            if (!about.isEmpty()) {
                System.out.println(about);
            }
        }
    }

    /** Where the network was changed, both on the same images and folds. */
    static void printNetworks(HeadCard head) {
        for (List<String> row : Findings.of(head).networks()) {
            System.out.printf(Locale.ROOT, "%-24s %20s %20s%n", row.get(0), row.get(1), row.get(2));
        }
    }
}
