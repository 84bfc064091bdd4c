package dev.graft.classifier;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.aws.S3Links;
import dev.graft.feature.Backbone;
import dev.graft.head.Head;
import dev.graft.prediction.Classification;
import dev.graft.prediction.Classification.ClassProbability;
import dev.graft.prediction.KnownImages;
import dev.graft.prediction.Neighbours;
import dev.graft.prediction.Novelty;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** What is on an image and what it is like, over HTTP. */
final class PredictionRoutes {
    private static final int TOP = 5;
    private static final int MAX_TOP = 9999;

    /** Percentage of known images that are to count as known. */
    private static final int ACCEPTED = 95;

    private final Classification classification;
    private final KnownImages known;
    private final S3Links links;

    PredictionRoutes(Classification classification, KnownImages known, S3Links links) {
        this.classification = classification;
        this.known = known;
        this.links = links;
    }

    Router addTo(Router router) {
        return router.on("POST /classify", this::classify).on("POST /similar", this::similar);
    }

    record BackboneName(String name, String id) {
        static BackboneName of(Backbone backbone) {
            return new BackboneName(backbone.name(), backbone.id());
        }
    }

    /** As in openapi.json. */
    record Near(String key, String label, double similarity, String url) {
        static Near of(Neighbours.Neighbour image, S3Links links) {
            return new Near(
                    image.key(),
                    image.label().orElse(null),
                    image.similarity(),
                    links.toRead(image.key()));
        }
    }

    private record Prediction(
            String label,
            List<String> labels,
            List<ClassProbability> probabilities,
            boolean known,
            String reason,
            String head,
            BackboneName backbone,
            @JsonInclude(JsonInclude.Include.NON_NULL) List<Near> evidence) {}

    private Answer classify(Request request) {
        int top = request.number("top", TOP, MAX_TOP);
        boolean evidence = request.flag("evidence");
        int accept = request.number("accept", ACCEPTED, 99);
        Head head = classification.usableHead();
        float[] feature = feature(request);
        Classification.Prediction found = classification.predict(head, feature, top);
        KnownImages.Snapshot snapshot = known.get();
        List<Neighbours.Neighbour> nearest =
                Novelty.nearest(snapshot.images(), Neighbours.unit(feature));
        String strange =
                strange(Novelty.familiarity(nearest), snapshot.novelty().threshold(accept), accept);
        return Answer.json(
                new Prediction(
                        found.label(),
                        found.labels(),
                        found.best(),
                        strange == null,
                        strange,
                        head.version(),
                        BackboneName.of(classification.backbone()),
                        evidence ? near(nearest) : null));
    }

    /** Why an image is not known; null if it is. */
    private static String strange(double familiarity, OptionalDouble threshold, int accept) {
        return familiarity >= threshold.orElse(-1)
                ? null
                : String.format(
                        Locale.ROOT,
                        "unlike anything labelled: similarity %.3f to the nearest labelled images, where %d %% of known images reach %.3f",
                        familiarity,
                        accept,
                        threshold.getAsDouble());
    }

    private List<Near> near(List<Neighbours.Neighbour> images) {
        return images.stream().map(image -> Near.of(image, links)).toList();
    }

    private Answer similar(Request request) {
        int limit = request.number("limit", TOP, 100);
        String self = request.isJson() ? Request.key(request.text("key")) : "";
        float[] unit = Neighbours.unit(feature(request));
        Neighbours images = known.get().images();
        return Answer.json(
                Map.of(
                        "images",
                        near(images.nearest(unit, limit, i -> !images.key(i).equals(self)))));
    }

    private float[] feature(Request request) {
        return request.isJson()
                ? classification.featureOf(Request.key(request.text("key")))
                : classification.feature(request.image());
    }
}
