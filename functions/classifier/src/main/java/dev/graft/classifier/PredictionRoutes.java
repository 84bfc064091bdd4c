package dev.graft.classifier;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.feature.Vectors;
import dev.graft.index.KnownImages;
import dev.graft.index.Neighbours;
import dev.graft.index.Novelty;
import dev.graft.library.Links;
import dev.graft.prediction.Classification;
import dev.graft.prediction.Classification.ClassProbability;
import dev.graft.prediction.Networks;
import dev.graft.prediction.Recognition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Predictions for images, and similar images, over HTTP. */
final class PredictionRoutes {
    private static final int TOP = 5;
    private static final int MAX_TOP = 9999;

    /** Percentage of known images that are to count as known. */
    private static final int ACCEPTED = 95;

    private final Classification classification;
    private final KnownImages known;
    private final Links links;

    PredictionRoutes(Classification classification, KnownImages known, Links links) {
        this.classification = classification;
        this.known = known;
        this.links = links;
    }

    void addTo(Router router) {
        router.on("POST /classify?top&evidence&accept", this::classify)
                .on("POST /similar?limit", this::similar);
    }

    private record Prediction(
            String label,
            List<String> labels,
            List<ClassProbability> probabilities,
            @Nullable Boolean known,
            @Nullable String reason,
            @Nullable String notLearned,
            String head,
            BackboneName backbone,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<SimilarImage> evidence) {}

    private Response classify(Request request) {
        int top = request.number("top", TOP, MAX_TOP);
        boolean evidence = request.flag("evidence");
        int accept = request.number("accept", ACCEPTED, 99);
        Classification.InUse inUse = classification.inUse();
        float[] feature = feature(inUse.network(), request);
        Classification.Prediction found = classification.predict(inUse.head(), feature, top);
        Optional<KnownImages.Snapshot> images = known.get(inUse.network().identity());
        List<Neighbours.Neighbour> nearest =
                images.map(now -> Novelty.nearest(now.images(), Vectors.unit(feature)))
                        .orElseGet(List::of);
        Recognition recognition =
                images.map(
                                now ->
                                        Recognition.of(
                                                inUse.head(), found.labels(), now, nearest, accept))
                        .orElseGet(Recognition::notCompared);
        return Response.json(
                new Prediction(
                        found.label(),
                        found.labels(),
                        found.best(),
                        recognition.known(),
                        recognition.reason(),
                        recognition.notLearned(),
                        inUse.head().version(),
                        BackboneName.of(inUse.network()),
                        evidence ? SimilarImage.all(nearest, links) : null));
    }

    private Response similar(Request request) {
        int limit = request.number("limit", TOP, 100);
        String self = request.isJson() ? request.json("key").key("key") : "";
        Networks.Loaded network = classification.network();
        float[] unit = Vectors.unit(feature(network, request));
        Neighbours images = known.await(network.identity()).images();
        return Response.json(
                Map.of(
                        "images",
                        SimilarImage.all(
                                images.nearest(unit, limit, i -> !images.key(i).equals(self)),
                                links)));
    }

    private float[] feature(Networks.Loaded network, Request request) {
        return request.isJson()
                ? classification.featureOf(network, request.json("key").key("key"))
                : classification.feature(network, request.image());
    }
}
