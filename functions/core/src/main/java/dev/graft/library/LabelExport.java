package dev.graft.library;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageStore;
import dev.graft.index.ImageListing;
import dev.graft.ingest.SpreadsheetText;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The labelled images as text files that other tools read, sorted by key. Safe for use by many
 * threads; throws {@link dev.graft.feature.StoreException} if a store fails.
 */
public final class LabelExport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ImageListing listing;
    private final Links links;

    /**
     * Of the labelled images of a listing.
     *
     * @param links to the bucket of the images
     */
    public LabelExport(ImageListing listing, Links links) {
        this.listing = listing;
        this.links = links;
    }

    /**
     * {@code key,label} with a heading; fields are quoted where RFC 4180 asks for it, and guarded
     * as {@link SpreadsheetText} says.
     */
    public String csv() {
        return "key,label\r\n"
                + labelled().stream()
                        .map(image -> field(image.key()) + "," + field(name(image)) + "\r\n")
                        .collect(Collectors.joining());
    }

    /**
     * One JSON object a line: Amazon SageMaker AI Developer Guide, "Augmented manifest", class
     * label output. The number of a class is its index among the sorted names.
     */
    public String manifest() {
        List<ImageIndex.Entry> images = labelled();
        List<String> classes =
                List.copyOf(new TreeSet<>(images.stream().map(LabelExport::name).toList()));
        StringBuilder lines = new StringBuilder();
        for (ImageIndex.Entry image : images) {
            ObjectNode line = JSON.createObjectNode();
            line.put("source-ref", links.uri(image.key()));
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
     * {@code label/name}, a tab, the key: the path of each image in a folder per class. The name is
     * the key without {@value ImageStore#PREFIX}, so that no two images have the same path. Both
     * have {@code __} for each slash and {@code _} for what no path should hold, so that no path
     * leads out of its folder. A tab or line break in a key is percent-encoded.
     */
    public String folders() {
        return labelled().stream()
                .map(image -> path(image) + "\t" + line(image.key()) + "\n")
                .collect(Collectors.joining());
    }

    private static String path(ImageIndex.Entry image) {
        return safe(name(image)) + "/" + safe(image.key().substring(ImageStore.PREFIX.length()));
    }

    /** One name in a path, on any system. */
    private static String safe(String name) {
        String flat = name.replace("/", "__").replaceAll("[\\p{Cntrl}\\\\]", "_");
        return flat.matches("[. ]*") ? "_" + flat.replace('.', '_') : flat;
    }

    private static String line(String key) {
        return key.replace("\t", "%09").replace("\n", "%0A").replace("\r", "%0D");
    }

    private List<ImageIndex.Entry> labelled() {
        return listing.pictures().stream()
                .flatMap(image -> image.entry().stream())
                .filter(entry -> entry.label().isPresent())
                .toList();
    }

    private static String name(ImageIndex.Entry image) {
        return image.label().orElseThrow().name();
    }

    private static String field(String value) {
        String text = SpreadsheetText.written(value);
        return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
