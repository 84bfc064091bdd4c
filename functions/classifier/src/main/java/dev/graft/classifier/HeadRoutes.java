package dev.graft.classifier;

import dev.graft.aws.S3Links;
import dev.graft.head.HeadCard;
import dev.graft.prediction.KnownImages;
import dev.graft.prediction.Neighbours;
import dev.graft.versions.HeadVersions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** The versions of the head, over HTTP. */
final class HeadRoutes {
    private static final int LISTED = 50;

    private final HeadVersions heads;
    private final KnownImages known;
    private final S3Links links;
    private final FileAnswers files;

    HeadRoutes(HeadVersions heads, KnownImages known, S3Links links, FileAnswers files) {
        this.heads = heads;
        this.known = known;
        this.links = links;
        this.files = files;
    }

    Router addTo(Router router) {
        return router.on("GET /heads", this::list)
                .on("PUT /heads/latest", this::promote)
                .on("GET /heads/{version}", request -> Answer.json(heads.card(version(request))))
                .on("GET /heads/{version}/report", this::report)
                .on("GET /heads/{version}/preview", this::preview);
    }

    private Answer list(Request request) {
        List<HeadVersions.Summary> list =
                request.parameter("learnedFrom")
                        .map(key -> heads.listLearnedFrom(Request.key(key)))
                        .orElseGet(() -> heads.list(LISTED));
        return Answer.json(Map.of("heads", list));
    }

    private Answer promote(Request request) {
        String version = request.text("version");
        try {
            heads.promote(version);
        } catch (IllegalStateException e) {
            throw new ConflictException(e.getMessage());
        }
        return Answer.json(heads.card(version));
    }

    private Answer report(Request request) {
        String version = version(request);
        heads.card(version);
        byte[] report =
                heads.report(version)
                        .orElseThrow(
                                () ->
                                        new NoSuchElementException(
                                                "head " + version + " has no report"));
        return files.text(
                "report-" + version + ".html",
                "text/html",
                new String(report, StandardCharsets.UTF_8));
    }

    private record Change(String key, String label, String now, String then, String url) {}

    private record Previewed(String version, int images, int changed, List<Change> changes) {}

    private Answer preview(Request request) {
        String version = version(request);
        HeadCard.Preview preview = heads.preview(version);
        Neighbours images = known.get().images();
        return Answer.json(
                new Previewed(
                        version,
                        preview.images(),
                        preview.changed(),
                        preview.first().stream()
                                .map(
                                        change ->
                                                new Change(
                                                        change.key(),
                                                        images.labelOf(change.key()).orElse(null),
                                                        change.from(),
                                                        change.to(),
                                                        links.toRead(change.key())))
                                .toList()));
    }

    private static String version(Request request) {
        return request.query().get("version");
    }
}
