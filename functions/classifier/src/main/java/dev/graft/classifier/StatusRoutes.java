package dev.graft.classifier;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.feature.ImageIndex;
import dev.graft.head.NoHeadException;
import dev.graft.prediction.Classification;
import dev.graft.prediction.Networks;
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
            BackboneName backbone,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable NetworkChange networkChange) {}

    /**
     * While the head in use belongs to another network than the one that this build runs.
     *
     * @param to the network that this build runs
     * @param featurized images that have its feature
     */
    private record NetworkChange(BackboneName to, int featurized, int images) {}

    private Response status(Request request) {
        ImageIndex.Counts counts = index.counts();
        Networks.Loaded network = classification.network();
        Networks.Loaded current = classification.networks().current();
        return Response.json(
                new Status(
                        counts.images(),
                        counts.labelled(),
                        counts.unlabelled(),
                        counts.unreadable(),
                        head(),
                        BackboneName.of(network),
                        network == current ? null : change(counts, current)));
    }

    private static NetworkChange change(ImageIndex.Counts counts, Networks.Loaded to) {
        int featurized = counts.features().getOrDefault(to.identity(), 0);
        return new NetworkChange(BackboneName.of(to), featurized, counts.images());
    }

    /** Null while there is none to predict with. */
    private @Nullable String head() {
        try {
            return classification.inUse().head().version();
        } catch (NoHeadException e) {
            return null;
        }
    }
}
