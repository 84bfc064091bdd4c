package dev.graft.classifier;

import dev.graft.aws.S3Links;
import dev.graft.aws.S3ResultStore;
import dev.graft.feature.FeatureStore;
import dev.graft.head.NoHeadException;
import dev.graft.library.Library;
import dev.graft.prediction.BatchClassification;
import dev.graft.prediction.Classification;
import dev.graft.prediction.KnownImages;
import dev.graft.review.ReviewQueue;
import java.util.List;
import java.util.Map;

/** The queue of images to label, batches, and how far things are, over HTTP. */
final class WorkRoutes {
    private final Classification classification;
    private final KnownImages known;
    private final BatchClassification batch;
    private final Library library;
    private final Places places;

    /** Where images are known and linked from. */
    record Places(FeatureStore features, S3Links links) {}

    WorkRoutes(
            Classification classification,
            KnownImages known,
            BatchClassification batch,
            Library library,
            Places places) {
        this.classification = classification;
        this.known = known;
        this.batch = batch;
        this.library = library;
        this.places = places;
    }

    Router addTo(Router router) {
        return router.on("GET /queue", this::queue)
                .on("POST /batch", this::batch)
                .on("GET /status", this::status);
    }

    private record Item(
            String key,
            String url,
            String suggestion,
            double probability,
            List<PredictionRoutes.Near> alike) {}

    private Answer queue(Request request) {
        int limit = request.number("limit", 20, 100);
        List<Item> items =
                ReviewQueue.of(known.get().images(), classification.usableHead(), limit).stream()
                        .map(this::item)
                        .toList();
        return Answer.json(Map.of("images", items));
    }

    private Item item(ReviewQueue.Item item) {
        S3Links links = places.links();
        return new Item(
                item.key(),
                links.toRead(item.key()),
                item.suggestion(),
                item.probability(),
                item.alike().stream()
                        .map(image -> PredictionRoutes.Near.of(image, links))
                        .toList());
    }

    private record Part(String key, String url) {}

    private record Batch(
            String id,
            String prefix,
            String head,
            int images,
            int unreadable,
            boolean complete,
            List<Part> parts) {}

    private Answer batch(Request request) {
        String prefix = request.text("prefix");
        if (!prefix.startsWith("images/")) {
            throw new IllegalArgumentException(
                    "prefix is '" + prefix + "': expected one that starts with images/");
        }
        BatchClassification.Progress progress = batch.run(prefix);
        return Answer.json(
                new Batch(
                        progress.id(),
                        prefix,
                        progress.head(),
                        progress.images(),
                        progress.unreadable(),
                        progress.complete(),
                        progress.files().stream()
                                .map(name -> S3ResultStore.FOLDER + name)
                                .map(key -> new Part(key, places.links().toRead(key)))
                                .toList()));
    }

    private record Status(
            int images,
            int labelled,
            int unlabelled,
            int unreadable,
            String head,
            PredictionRoutes.BackboneName backbone) {}

    private Answer status(Request request) {
        Library.Counts counts = library.counts(false);
        return Answer.json(
                new Status(
                        counts.labelled() + counts.unlabelled(),
                        counts.labelled(),
                        counts.unlabelled(),
                        places.features().unreadable().size(),
                        head(),
                        PredictionRoutes.BackboneName.of(classification.backbone())));
    }

    private String head() {
        try {
            return classification.usableHead().version();
        } catch (NoHeadException e) {
            return null;
        }
    }
}
