package dev.graft.classifier;

import dev.graft.feature.FeatureStore;
import dev.graft.head.Activation;
import dev.graft.head.NoHeadException;
import dev.graft.library.Library;
import dev.graft.prediction.Classification;
import org.jspecify.annotations.Nullable;

/** Counts of images, and the head and backbone in use, over HTTP. */
final class StatusRoutes {
    private final FeatureStore features;
    private final Library library;
    private final Classification classification;

    StatusRoutes(FeatureStore features, Library library, Classification classification) {
        this.features = features;
        this.library = library;
        this.classification = classification;
    }

    void addTo(Router router) {
        router.on("GET /status", this::status);
    }

    private record Status(
            int images,
            int labelled,
            int unlabelled,
            int unreadable,
            @Nullable String head,
            BackboneName backbone) {}

    private Response status(Request request) {
        Library.Counts counts = library.counts(Activation.SOFTMAX);
        return Response.json(
                new Status(
                        counts.labelled() + counts.unlabelled(),
                        counts.labelled(),
                        counts.unlabelled(),
                        features.unreadable().size(),
                        head(),
                        BackboneName.of(classification.backbone())));
    }

    /** Null while there is none to predict with. */
    private @Nullable String head() {
        try {
            return classification.usableHead().version();
        } catch (NoHeadException e) {
            return null;
        }
    }
}
