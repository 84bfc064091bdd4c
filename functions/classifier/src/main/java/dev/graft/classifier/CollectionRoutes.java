package dev.graft.classifier;

import dev.graft.export.CollectionExport;
import dev.graft.feature.NotFoundException;
import dev.graft.library.Links;
import dev.graft.library.ResultStore;
import dev.graft.prediction.Classification;
import java.util.List;

/**
 * The whole collection as files, with the labels of one label set, some with each request, over
 * HTTP.
 */
final class CollectionRoutes {
    /** A link of a function's role has about 2,000 characters, and a response 6 MB. */
    private static final int MOST_LINKS = 1_000;

    private static final int MOST_FILES = 1_000_000;

    private final CollectionExport export;
    private final Classification classification;
    private final Links links;

    CollectionRoutes(CollectionExport export, Classification classification, Links links) {
        this.export = export;
        this.classification = classification;
        this.links = links;
    }

    void addTo(Router router, String name) {
        router.on("POST /export/" + name + "?set", this::run)
                .on("GET /export/" + name + "?from&set", request -> last(request, name));
    }

    private record Part(String key, String url, long bytes) {}

    private record Export(
            String run,
            String until,
            int images,
            int done,
            int missing,
            boolean complete,
            int files,
            long bytes,
            List<Part> parts) {}

    private Response run(Request request) {
        request.expectNoBody();
        return told(export.run(classification.network().identity()), 1);
    }

    private Response last(Request request, String name) {
        int from = request.number("from", 1, MOST_FILES);
        return told(
                export.last()
                        .orElseThrow(
                                () ->
                                        new NotFoundException(
                                                "there is no export: send POST /export/%s until it is complete; after %d days the files are deleted"
                                                        .formatted(
                                                                name,
                                                                ResultStore.EXPORTS_KEPT
                                                                        .toDays()))),
                from);
    }

    private Response told(CollectionExport.Progress progress, int from) {
        List<CollectionExport.File> files = export.files(progress);
        return Response.json(
                new Export(
                        progress.run(),
                        progress.until().toString(),
                        progress.images(),
                        progress.done(),
                        progress.missing(),
                        progress.complete(),
                        files.size(),
                        files.stream().mapToLong(CollectionExport.File::bytes).sum(),
                        files.stream().skip(from - 1).limit(MOST_LINKS).map(this::part).toList()));
    }

    private Part part(CollectionExport.File file) {
        String key = ResultStore.FOLDER + file.name();
        return new Part(key, links.toRead(key), file.bytes());
    }
}
