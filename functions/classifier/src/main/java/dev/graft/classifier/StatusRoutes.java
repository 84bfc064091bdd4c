package dev.graft.classifier;

import dev.graft.feature.ImageIndex;
import dev.graft.head.NoHeadException;
import dev.graft.prediction.Classification;
import org.jspecify.annotations.Nullable;

/** Counts of images, and the head and backbone in use, over HTTP. */
final class StatusRoutes {
    private final ImageIndex index;
    private final Classification classification;

    StatusRoutes(ImageIndex index, Classification classification) {
        this.index = index;
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
        ImageIndex.Counts counts = index.counts();
        return Response.json(
                new Status(
                        counts.images(),
                        counts.labelled(),
                        counts.unlabelled(),
                        counts.unreadable(),
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
