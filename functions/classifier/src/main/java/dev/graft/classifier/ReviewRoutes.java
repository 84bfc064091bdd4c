package dev.graft.classifier;

import dev.graft.library.Links;
import dev.graft.prediction.Classification;
import dev.graft.prediction.KnownImages;
import dev.graft.prediction.Neighbours;
import dev.graft.review.ReviewQueue;
import java.util.List;
import java.util.Map;

/** The queue of images to label next, over HTTP. */
final class ReviewRoutes {
    private final Classification classification;
    private final KnownImages known;
    private final Links links;

    ReviewRoutes(Classification classification, KnownImages known, Links links) {
        this.classification = classification;
        this.known = known;
        this.links = links;
    }

    void addTo(Router router) {
        router.on("GET /queue?limit", this::queue);
    }

    private record Item(
            String key,
            String url,
            String suggestion,
            double probability,
            List<SimilarImage> alike) {}

    private Response queue(Request request) {
        int limit = request.number("limit", 20, 100);
        Classification.InUse inUse = classification.inUse();
        Neighbours images = known.get(inUse.network().identity()).images();
        List<ReviewQueue.Item> queue = ReviewQueue.of(images, inUse.head(), limit);
        return Response.json(Map.of("images", queue.stream().map(this::item).toList()));
    }

    private Item item(ReviewQueue.Item item) {
        return new Item(
                item.key(),
                links.toRead(item.key()),
                item.suggestion(),
                item.probability(),
                SimilarImage.all(item.alike(), links));
    }
}
