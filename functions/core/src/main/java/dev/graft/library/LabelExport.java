package dev.graft.library;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.ImageIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The labelled images as text files that other tools read, sorted by key. Immutable. */
public final class LabelExport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<ImageIndex.Entry> images = new ArrayList<>();

    /** Of all labelled images of the index. */
    public LabelExport(ImageIndex index) {
        index.forEach(
                image -> {
                    if (image.label().isPresent()) {
                        images.add(image);
                    }
                });
        images.sort(Comparator.comparing(ImageIndex.Entry::key));
    }

    /** {@code key,label} with a heading; fields quoted as RFC 4180 says where they need it. */
    public String csv() {
        return "key,label\r\n"
                + images.stream()
                        .map(image -> field(image.key()) + "," + field(name(image)) + "\r\n")
                        .collect(Collectors.joining());
    }

    /**
     * Lines of JSON: Amazon SageMaker AI Developer Guide, "Augmented manifest", class label output.
     * The number of a class is its place among the sorted names.
     */
    public String manifest(String bucket) {
        List<String> classes = List.copyOf(new TreeSet<>(images.stream().map(this::name).toList()));
        StringBuilder lines = new StringBuilder();
        for (ImageIndex.Entry image : images) {
            ObjectNode line = JSON.createObjectNode();
            line.put("source-ref", "s3://" + bucket + "/" + image.key());
            line.put("label", classes.indexOf(name(image)));
            line.putObject("label-metadata")
                    .put("class-name", name(image))
                    .put("confidence", 1)
                    .put("type", "groundtruth/image-classification")
                    .put("human-annotated", "yes")
                    .put("creation-date", image.time().toString())
                    .put("job-name", "graft");
            lines.append(line).append('\n');
        }
        return lines.toString();
    }

    /**
     * {@code label/name}, a tab, the key: where each image goes in a folder per class. The name is
     * the key below {@code images/} with its slashes as {@code __}, so that no two are alike.
     */
    public String folders() {
        return images.stream()
                .map(
                        image ->
                                name(image).replace('/', '_')
                                        + "/"
                                        + image.key()
                                                .substring("images/".length())
                                                .replace("/", "__")
                                        + "\t"
                                        + image.key()
                                        + "\n")
                .collect(Collectors.joining());
    }

    private String name(ImageIndex.Entry image) {
        return image.label().orElseThrow().name();
    }

    private static String field(String text) {
        return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
