package dev.graft.classifier;

import dev.graft.library.Links;
import dev.graft.library.ResultStore;
import dev.graft.prediction.BatchClassification;
import java.util.List;

/** Classifies many images of the bucket, over HTTP. */
final class BatchRoutes {
    private final BatchClassification batch;
    private final Links links;

    BatchRoutes(BatchClassification batch, Links links) {
        this.batch = batch;
        this.links = links;
    }

    void addTo(Router router) {
        router.on("POST /batch?set", this::run);
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

    private Response run(Request request) {
        String prefix = ImageKey.prefix(request.json("prefix").text("prefix"));
        BatchClassification.Progress progress = batch.run(prefix);
        return Response.json(
                new Batch(
                        progress.id(),
                        prefix,
                        progress.head(),
                        progress.images(),
                        progress.unreadable(),
                        progress.complete(),
                        progress.files().stream()
                                .map(name -> ResultStore.FOLDER + name)
                                .map(key -> new Part(key, links.toRead(key)))
                                .toList()));
    }
}
