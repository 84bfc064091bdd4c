package dev.graft.classifier;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.aws.S3Links;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageStore;
import dev.graft.feature.Label;
import dev.graft.library.Library;
import dev.graft.prediction.KnownImages;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** What people do with their images and labels, over HTTP. */
final class ImageRoutes {
    /** Flag: a label may be one of several of an image. */
    private static final String SEVERAL = "several";

    private static final int MAX_KEYS = 1000;

    private final Stores stores;
    private final KnownImages known;
    private final Library library;

    /** The stores behind the routes. */
    record Stores(FeatureStore features, ImageIndex index, ImageStore images, S3Links links) {}

    ImageRoutes(Stores stores, Library library, KnownImages known) {
        this.stores = stores;
        this.known = known;
        this.library = library;
    }

    Router addTo(Router router) {
        return router.on("POST /uploads", this::upload)
                .on("GET /images", this::list)
                .on("DELETE /images", this::delete)
                .on("GET /images/content", this::content)
                .on("PUT /images/label", this::label)
                .on("GET /unreadable", this::unreadable)
                .on("GET /labels", this::labels)
                .on("POST /labels", this::labelMany)
                .on("POST /labels/rename", this::rename);
    }

    private record Image(
            String key,
            String label,
            String source,
            int width,
            int height,
            String time,
            String url) {}

    private Image image(ImageIndex.Entry entry) {
        return new Image(
                entry.key(),
                entry.label().map(Label::name).orElse(null),
                entry.label().map(label -> label.source().name()).orElse(null),
                entry.width(),
                entry.height(),
                entry.time().toString(),
                stores.links().toRead(entry.key()));
    }

    private record Upload(String key, String method, String url, String expires) {}

    private Answer upload(Request request) {
        String key = Request.key(request.text("key"));
        String expires = InstantSource.system().instant().plus(S3Links.GOOD_FOR).toString();
        return Answer.json(new Upload(key, "PUT", stores.links().toWrite(key), expires));
    }

    private record Images(List<Image> images, String cursor) {}

    private Answer list(Request request) {
        Optional<String> label = request.parameter("label");
        ImageIndex.Which which =
                request.flag("unlabelled")
                        ? new ImageIndex.Unlabelled()
                        : label.map(name -> which(name, request.flag(SEVERAL)))
                                .orElseGet(ImageIndex.All::new);
        if (label.isPresent() && request.flag("unlabelled")) {
            throw new IllegalArgumentException(
                    "label and unlabelled=true exclude each other: leave one out");
        }
        ImageIndex.Page page =
                stores.index()
                        .list(which, request.number("limit", 50, 200), request.parameter("cursor"));
        return Answer.json(
                new Images(
                        page.images().stream().map(this::image).toList(),
                        page.cursor().orElse(null)));
    }

    private static ImageIndex.Which which(String label, boolean several) {
        return several ? new ImageIndex.OneOfSeveral(label) : new ImageIndex.OfLabel(label);
    }

    private Answer delete(Request request) {
        stores.images().delete(request.key());
        return Answer.nothing();
    }

    private Answer content(Request request) {
        String key = request.key();
        if (stores.features().find(key).isEmpty()) {
            throw new NoSuchElementException("nothing is known of '" + key + "': upload it first");
        }
        return Answer.redirect(stores.links().toRead(key));
    }

    private Answer label(Request request) {
        ImageFeature image = library.label(request.key(), request.label("label"));
        known.relabelled(List.of(image.key()), image.label().map(Label::name));
        return Answer.json(
                image(
                        new ImageIndex.Entry(
                                image.key(),
                                image.label(),
                                image.width(),
                                image.height(),
                                image.time())));
    }

    private Answer unreadable(Request request) {
        return Answer.json(
                Map.of(
                        "images",
                        stores.features().unreadable().stream()
                                .map(
                                        image ->
                                                Map.of(
                                                        "key", image.key(),
                                                        "reason", image.reason(),
                                                        "time", image.time().toString()))
                                .toList()));
    }

    private record LabelCount(String label, int images) {}

    private record Labels(List<LabelCount> labels, int labelled, int unlabelled) {}

    private Answer labels(Request request) {
        Library.Counts counts = library.counts(request.flag(SEVERAL));
        return Answer.json(
                new Labels(
                        counts.labels().entrySet().stream()
                                .map(count -> new LabelCount(count.getKey(), count.getValue()))
                                .toList(),
                        counts.labelled(),
                        counts.unlabelled()));
    }

    private Answer labelMany(Request request) {
        JsonNode keys = request.json("keys", "label").get("keys");
        if (!keys.isArray() || keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException(
                    "keys: expected 1 to " + MAX_KEYS + " keys of images");
        }
        List<String> names = new ArrayList<>();
        keys.forEach(key -> names.add(Request.key(key.asText())));
        Optional<String> label = request.label("label");
        Library.Changed changed = library.label(names, label);
        known.relabelled(names, label);
        return Answer.json(changed);
    }

    private Answer rename(Request request) {
        String to = request.labelName("to");
        Library.Changed changed =
                library.rename(request.labelName("from"), to, request.flag(SEVERAL));
        known.forget();
        return Answer.json(changed);
    }
}
