package dev.graft.classifier;

import dev.graft.index.Neighbours.Neighbour;
import dev.graft.library.Links;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An image and its similarity to another one, as openapi.json describes it. */
record SimilarImage(
        String key, @Nullable String label, double similarity, String url, String thumbnail) {

    static List<SimilarImage> all(List<Neighbour> images, Links links) {
        return images.stream().map(image -> of(image, links)).toList();
    }

    private static SimilarImage of(Neighbour image, Links links) {
        return new SimilarImage(
                image.key(),
                image.label().orElse(null),
                image.similarity(),
                links.toRead(image.key()),
                links.toThumbnail(image.key()));
    }
}
