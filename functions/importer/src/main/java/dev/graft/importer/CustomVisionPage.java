package dev.graft.importer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.Label;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * What the Custom Vision Training API 3.3 gives: arrays of images ({@code GetTaggedImages}) with
 * {@code id}, {@code originalImageUri} and {@code tags}, and of tags ({@code GetTags}).
 */
final class CustomVisionPage {
    /** What is told of a project for object detection. */
    static final String REGIONS =
            "pictures have regions, which Graft does not use: their tags count for the whole picture";

    private CustomVisionPage() {}

    /**
     * An image.
     *
     * @param uri of the original, which expires
     * @param regions whether parts of it are tagged
     */
    record Image(String id, String uri, List<Tag> tags, boolean regions) {}

    /** A tag of an image. */
    record Tag(String id, String name) {}

    /**
     * The tags of a project, of which only those of type {@code Negative} matter: they mark images
     * that show none of the others.
     */
    static final class Tags {
        private final Set<String> negative = new HashSet<>();

        void add(JsonNode tag) {
            if (tag.path("type").asText().equals("Negative")) {
                negative.add(tag.path("id").asText());
            }
        }

        List<String> labels(Image image) {
            return Annotations.clean(
                    image.tags().stream()
                            .map(tag -> isNegative(tag) ? Label.NONE_OF_THESE : tag.name())
                            .toList());
        }

        /** By its id; a saved page has no types, there the name that the service gives tells. */
        private boolean isNegative(Tag tag) {
            return negative.contains(tag.id())
                    || negative.isEmpty() && tag.name().equals("Negative");
        }
    }

    static boolean isImage(JsonNode element) {
        return element.has("originalImageUri");
    }

    static boolean isTag(JsonNode element) {
        return element.has("imageCount") && element.has("name");
    }

    static Image image(JsonNode element) {
        return new Image(
                element.path("id").asText(),
                element.path("originalImageUri").asText(),
                StreamSupport.stream(element.path("tags").spliterator(), false)
                        .map(
                                tag ->
                                        new Tag(
                                                tag.path("tagId").asText(),
                                                tag.path("tagName").asText()))
                        .toList(),
                !element.path("regions").isEmpty());
    }
}
