package dev.graft.classifier;

import dev.graft.head.HeadCard;
import dev.graft.head.NoHeadException;
import dev.graft.library.Links;
import dev.graft.prediction.Classification;
import dev.graft.review.DoubtfulLabels;
import dev.graft.versions.HeadVersions;
import java.util.List;

/** The labels that the head in use doubts, over HTTP. */
final class DoctorRoutes {
    private final Classification classification;
    private final HeadVersions heads;
    private final DoubtfulLabels doubtful;
    private final Links links;

    DoctorRoutes(
            Classification classification,
            HeadVersions heads,
            DoubtfulLabels doubtful,
            Links links) {
        this.classification = classification;
        this.heads = heads;
        this.doubtful = doubtful;
        this.links = links;
    }

    void addTo(Router router) {
        router.on("GET /doctor?limit&set", this::doubts);
    }

    private record Doubt(
            String key,
            String url,
            String thumbnail,
            String label,
            String suggestion,
            double margin) {}

    private record Doubts(String head, List<Doubt> images) {}

    private Response doubts(Request request) {
        int limit = request.number("limit", 20, 100);
        HeadCard card =
                heads.cardInUse(classification.inUse().head().version())
                        .orElseThrow(NoHeadException::new);
        return Response.json(
                new Doubts(
                        card.version(),
                        doubtful.open(card.validation().labelDoctor(), limit).stream()
                                .map(
                                        suspect ->
                                                new Doubt(
                                                        suspect.key(),
                                                        links.toRead(suspect.key()),
                                                        links.toThumbnail(suspect.key()),
                                                        suspect.label(),
                                                        suspect.suggestion(),
                                                        suspect.margin()))
                                .toList()));
    }
}
