package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An import on this machine, whose folder is taken to a deployed stack by the line that it says.
 */
final class DeployedImport {
    private static final Path SAMPLES = Repository.file("functions/local/samples/washer");

    /** COCO: two classes, and a picture without annotation. */
    private static final String ANNOTATIONS =
            """
            {"images": [{"id": 1, "file_name": "1.jpg"}, {"id": 2, "file_name": "2.jpg"},
                        {"id": 3, "file_name": "3.jpg"}],
             "categories": [{"id": 7, "name": "washer"}, {"id": 8, "name": "rondelle cassée"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 1, 9, 9]},
                             {"id": 2, "image_id": 2, "category_id": 8, "bbox": [1, 1, 9, 9]}]}
            """;

    private DeployedImport() {}

    static void arrives(DeployedStack stack, Path folder) throws Exception {
        Path source = Files.createDirectories(folder.resolve("coco"));
        for (int i = 1; i <= 3; i++) {
            Files.copy(SAMPLES.resolve("0%d.jpg".formatted(i)), source.resolve(i + ".jpg"));
        }
        Files.writeString(source.resolve("annotations.json"), ANNOTATIONS);
        Path log = folder.resolve("log");
        Path into = folder.resolve("into");
        Process imports = JavaProcess.product(log, "-Dimport=" + source, "-Dinto=" + into).start();
        int status = imports.waitFor();
        List<String> told = Files.readAllLines(log);
        assertEquals(0, status, told::toString);
        String next = "next, on a stack: ";
        String line = told.getLast();
        assertTrue(line.startsWith(next + "aws s3 sync " + into), told::toString);
        stack.shell(line.substring(next.length()).replace("BUCKET", stack.bucket()));
        Map<String, String> expected =
                Map.of(
                        "images/washer/1.jpg",
                        "washer",
                        "images/rondelle cassée/2.jpg",
                        "rondelle cassée",
                        "images/3.jpg",
                        "null");
        DeployedStack.until("the import is read: " + told, () -> labels(stack).equals(expected));
    }

    /** Of the images that are called by a number alone. */
    private static Map<String, String> labels(DeployedStack stack) {
        Map<String, String> labels = new TreeMap<>();
        for (JsonNode image : stack.images().values()) {
            labels.put(image.path("key").asText(), image.path("label").asText());
        }
        labels.keySet().removeIf(key -> key.startsWith("images/folder/") || key.contains("/4."));
        return labels;
    }
}
