package dev.graft.classifier;

import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Label;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.head.Activation;
import dev.graft.index.KnownImages;
import dev.graft.library.Library;
import dev.graft.library.Links;
import java.util.List;
import java.util.Optional;

/** Labels images, and counts and renames classes, over HTTP. */
final class LabelRoutes {
    private static final int MAX_KEYS = 1000;

    private final Library library;
    private final KnownImages known;
    private final Links links;

    LabelRoutes(Library library, KnownImages known, Links links) {
        this.library = library;
        this.known = known;
        this.links = links;
    }

    void addTo(Router router) {
        router.on("PUT /images/label?key", this::label)
                .on("GET /labels?several", this::count)
                .on("POST /labels", this::labelMany)
                .on("POST /labels/rename?several", this::rename);
    }

    private Response label(Request request) {
        Optional<String> label = request.json("label").label("label");
        var decision = Decision.of(request.key(), label, request.caller());
        ImageRecord image = library.label(decision).now();
        known.relabelled(List.of(image.key()), image.label().map(Label::name));
        return Response.json(Image.of(ImageIndex.Change.of(image).entry().orElseThrow(), links));
    }

    private record LabelCount(String label, int images) {}

    private record Labels(List<LabelCount> labels, int labelled, int unlabelled) {}

    private Response count(Request request) {
        Library.Counts counts = library.counts(reading(request));
        return Response.json(
                new Labels(
                        counts.labels().entrySet().stream()
                                .map(count -> new LabelCount(count.getKey(), count.getValue()))
                                .toList(),
                        counts.labelled(),
                        counts.unlabelled()));
    }

    /** How to read the text of a label: as one class, or as several joined by +. */
    private static Activation reading(Request request) {
        return request.flag("several") ? Activation.SIGMOID : Activation.SOFTMAX;
    }

    private Response labelMany(Request request) {
        JsonBody body = request.json("keys", "label");
        List<String> keys = body.keys("keys", MAX_KEYS);
        Optional<String> label = body.label("label");
        Library.Changed changed = library.label(keys, label, request.caller());
        known.relabelled(keys, label);
        return Response.json(changed);
    }

    private Response rename(Request request) {
        JsonBody body = request.json("from", "to");
        Library.Changed changed =
                library.rename(
                        body.labelName("from"),
                        body.labelName("to"),
                        reading(request),
                        request.caller());
        known.lookSoon();
        return Response.json(changed);
    }
}
