package dev.graft.classifier;

import dev.graft.export.CollectionExport;
import dev.graft.feature.NotFoundException;
import dev.graft.library.Links;
import dev.graft.library.ResultStore;
import dev.graft.prediction.Classification;
import java.util.List;

/** The whole collection as files, some with each request, over HTTP. */
final class CollectionRoutes {
    private final CollectionExport export;
    private final Classification classification;
    private final Links links;

    CollectionRoutes(CollectionExport export, Classification classification, Links links) {
        this.export = export;
        this.classification = classification;
        this.links = links;
    }

    void addTo(Router router, String name) {
        router.on("POST /export/" + name, request -> run(request))
                .on("GET /export/" + name, request -> last(name));
    }

    private record Part(String key, String url) {}

    private record Export(
            String run, int images, int done, int missing, boolean complete, List<Part> parts) {}

    private Response run(Request request) {
        request.expectNoBody();
        return told(export.run(classification.network().identity()));
    }

    private Response last(String name) {
        return told(
                export.last()
                        .orElseThrow(
                                () ->
                                        new NotFoundException(
                                                "no export was begun: send POST /export/%s until it is complete"
                                                        .formatted(name))));
    }

    private Response told(CollectionExport.Progress progress) {
        return Response.json(
                new Export(
                        progress.run(),
                        progress.images(),
                        progress.done(),
                        progress.missing(),
                        progress.complete(),
                        export.files(progress).stream()
                                .map(name -> ResultStore.FOLDER + name)
                                .map(key -> new Part(key, links.toRead(key)))
                                .toList()));
    }
}
