package dev.graft.classifier;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Label;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelSet;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.UnreadableImage;
import dev.graft.index.ImageListing;
import dev.graft.library.Library;
import dev.graft.library.Links;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Uploads, lists, finds and deletes images over HTTP, with their labels in one label set. */
final class ImageRoutes {
    private static final int MOST_KEYS = 1000;
    private static final String LABEL = "label";
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Duration DAY = Duration.ofDays(1);

    private final LabelSet set;
    private final Ports ports;
    private final ImageListing listing;
    private final Optional<Long> dailyImages;
    private final InstantSource clock;
    private final HistoryRoutes history;

    ImageRoutes(
            Ports ports,
            ImageListing listing,
            Optional<Long> dailyImages,
            InstantSource clock,
            HistoryRoutes history) {
        this.set = history.set();
        this.history = history;
        this.ports = ports;
        this.listing = listing;
        this.dailyImages = dailyImages;
        this.clock = clock;
    }

    void addTo(Router router) {
        router.on("GET /uploads", this::allowance)
                .on("POST /uploads?set", this::upload)
                .on("DELETE /images?key", this::delete)
                .on("POST /images/delete", this::deleteMany)
                .on("POST /images/find?set", this::find)
                .on("GET /images/content?key&thumbnail", this::content)
                .on("GET /images/history?key&set", this::labelHistory)
                .on("GET /unreadable?limit&cursor", this::unreadable);
    }

    private record Allowance(int used, @Nullable Long limit) {}

    /** How many images came within a day, and with how many reading stops. */
    private Response allowance(Request request) {
        int used = ports.index().arrivedSince(clock.instant().minus(DAY));
        return Response.json(new Allowance(used, dailyImages.orElse(null)));
    }

    private record Upload(
            String key, String method, String url, Map<String, String> headers, String expires) {}

    private record Uploads(List<Upload> uploads) {}

    /** Of one key, or of many; a label is of all of them. */
    private Response upload(Request request) {
        boolean many = request.has("keys");
        JsonBody body = request.jsonWithOptional(List.of(LABEL), many ? "keys" : "key");
        Optional<String> label = body.has(LABEL) ? Optional.of(body.name(LABEL)) : Optional.empty();
        if (!many) {
            return Response.json(upload(body.key("key"), label));
        }
        List<String> keys = body.keys("keys", MOST_KEYS);
        return Response.json(new Uploads(keys.stream().map(key -> upload(key, label)).toList()));
    }

    private Upload upload(String key, Optional<String> label) {
        String expires = clock.instant().plus(Links.GOOD_FOR).toString();
        Links links = ports.links();
        Links.Put put =
                label.map(text -> links.toWrite(key, set, text))
                        .orElseGet(() -> new Links.Put(links.toWrite(key), Map.of()));
        return new Upload(key, "PUT", put.url(), put.headers(), expires);
    }

    private record Labelled(@Nullable String label, String source, String by, String time) {
        static Labelled of(LabelChange change) {
            return new Labelled(
                    change.name().orElse(null),
                    change.source().name(),
                    change.by(),
                    change.time().toString());
        }
    }

    private record LabelHistory(Image image, List<Labelled> labels) {}

    /** An image with the last decisions about its label, newest first. */
    private Response labelHistory(Request request) {
        ImageRecord known = ports.features().known(request.key());
        Image image =
                ImageIndex.Change.of(known)
                        .entry()
                        .map(entry -> Image.of(entry, ports.links()))
                        .orElseThrow(() -> Library.noFeature(known.key()));
        return Response.json(
                new LabelHistory(image, known.labels().stream().map(Labelled::of).toList()));
    }

    private Response delete(Request request) {
        return delete(request, List.of(request.key()));
    }

    private Response delete(Request request, List<String> keys) {
        return Response.json(history.delete(request, keys, () -> ports.images().delete(keys)));
    }

    private Response deleteMany(Request request) {
        return delete(request, request.json("keys").keys("keys", MOST_KEYS));
    }

    private record Found(String hash, String key, @Nullable String label) {
        static Found of(ImageIndex.Change image, String hash) {
            return new Found(hash, image.key(), image.label().map(Label::name).orElse(null));
        }
    }

    private record AllFound(List<Found> images) {}

    private Response find(Request request) {
        Set<String> hashes = new HashSet<>(request.json("hashes").texts("hashes", MOST_KEYS));
        hashes.stream()
                .filter(hash -> !SHA_256.matcher(hash).matches())
                .findFirst()
                .ifPresent(
                        hash -> {
                            throw new BadRequestException(
                                    "hashes: expected SHA-256 of files, each of 64 lower-case hexadecimal digits");
                        });
        List<Found> found = new ArrayList<>();
        for (ImageIndex.Change image : listing.pictures()) {
            image.picture()
                    .map(ImageRecord.Picture::imageHash)
                    .filter(hashes::contains)
                    .ifPresent(hash -> found.add(Found.of(image, hash)));
        }
        return Response.json(new AllFound(found));
    }

    private Response content(Request request) {
        String key = request.key();
        if (ports.index().find(List.of(key)).isEmpty()) {
            throw new NotFoundException("no image '" + key + "' has a feature: upload it first");
        }
        Links links = ports.links();
        return Response.leadingTo(
                request.flag("thumbnail") ? links.toThumbnail(key) : links.toRead(key), request);
    }

    private record UnreadableFile(String key, String reason, String time) {
        static UnreadableFile of(UnreadableImage image) {
            return new UnreadableFile(image.key(), image.reason(), image.time().toString());
        }
    }

    private record Unreadable(List<UnreadableFile> images, int count, @Nullable String cursor) {}

    private Response unreadable(Request request) {
        ImageIndex.Page<UnreadableImage> page =
                ports.index()
                        .unreadable(request.number("limit", 50, 200), request.parameter("cursor"));
        return Response.json(
                new Unreadable(
                        page.images().stream().map(UnreadableFile::of).toList(),
                        ports.index().counts().unreadable(),
                        page.cursor().orElse(null)));
    }
}
