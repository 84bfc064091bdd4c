package dev.graft.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Annotation files in JSON, told apart by what is in them:
 *
 * <ul>
 *   <li>COCO (cocodataset.org, "Data format"): the categories of the annotations of an image are
 *       its labels;
 *   <li>pages of images of Custom Vision, see {@link CustomVisionPage};
 *   <li>exports of Label Studio, see {@link LabelStudioTask}.
 * </ul>
 */
final class JsonFile {
    private final Annotations annotations;
    private final Map<String, String> fileByImage = new LinkedHashMap<>();
    private final Map<String, String> categories = new HashMap<>();
    private final Map<String, List<String>> categoriesByImage = new HashMap<>();
    private final CustomVisionPage.Tags tags = new CustomVisionPage.Tags();
    private int unknown;

    private JsonFile(String name) {
        this.annotations = new Annotations(name);
    }

    /** What it says; empty if it is of no kind that is known. */
    static Optional<Annotations> read(String name, InputStream file) throws IOException {
        JsonFile read = new JsonFile(name);
        JsonElements.read(name, file, read::element);
        return read.annotations();
    }

    private void element(String field, JsonNode element) {
        switch (field) {
            case "images" -> {
                String from = element.path("file_name").asText(element.path("coco_url").asText());
                fileByImage.put(element.path("id").asText(), from);
            }
            case "categories" ->
                    categories.put(element.path("id").asText(), element.path("name").asText());
            case "annotations" ->
                    categoriesByImage
                            .computeIfAbsent(
                                    element.path("image_id").asText(), id -> new ArrayList<>())
                            .add(element.path("category_id").asText());
            case "" -> single(element);
            default -> unknown++;
        }
    }

    private void single(JsonNode element) {
        if (CustomVisionPage.isImage(element)) {
            CustomVisionPage.Image image = CustomVisionPage.image(element);
            annotations.add(image.uri(), tags.labels(image));
            if (image.regions()) {
                annotations.note(CustomVisionPage.REGIONS);
            }
        } else if (CustomVisionPage.isTag(element)) {
            tags.add(element);
        } else if (!LabelStudioTask.read(element, annotations)) {
            unknown++;
        }
    }

    private Optional<Annotations> annotations() {
        if (!fileByImage.isEmpty() && !categories.isEmpty()) {
            coco();
        } else if (unknown > 0 && !annotations.pictures().isEmpty()) {
            annotations.leaveOut("%d of its elements".formatted(unknown), "they name no picture");
        }
        return annotations.ifAny();
    }

    private void coco() {
        fileByImage.forEach(
                (id, file) -> {
                    List<String> labels = new ArrayList<>();
                    for (String category :
                            Optional.ofNullable(categoriesByImage.remove(id)).orElse(List.of())) {
                        String name = categories.get(category);
                        if (name == null) {
                            annotations.leaveOut(
                                    "category %s of image %s".formatted(category, id),
                                    "the file has no category of that id");
                        } else {
                            labels.add(name);
                        }
                    }
                    annotations.add(file, labels);
                });
        categoriesByImage.forEach(
                (id, found) ->
                        annotations.leaveOut(
                                "annotations of image " + id, "the file has no image of that id"));
    }
}
