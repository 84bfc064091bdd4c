package dev.graft.classifier;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.ImageIndex;
import dev.graft.head.Head;
import dev.graft.index.ImageListing;
import dev.graft.index.KnownImages;
import dev.graft.library.ImageSearch;
import dev.graft.library.Links;
import dev.graft.prediction.Classification;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists and searches images over HTTP. */
final class ImageListRoutes {
    private static final int MOST_CHARACTERS = 200;

    private final ImageListing listing;
    private final Classification classification;
    private final KnownImages known;
    private final Links links;

    ImageListRoutes(
            ImageListing listing, Classification classification, KnownImages known, Links links) {
        this.listing = listing;
        this.classification = classification;
        this.known = known;
        this.links = links;
    }

    void addTo(Router router) {
        router.on(
                "GET /images?label&unlabelled&several&name&predicted&from&to&sort&limit&cursor&set",
                this::list);
    }

    private record Images(List<Image> images, @Nullable Integer count, @Nullable String cursor) {}

    /** By label alone from the index of the table; else all images are gone through. */
    private Response list(Request request) {
        ImageIndex.Which which = which(request);
        int limit = request.number("limit", 50, 200);
        Optional<String> cursor = request.parameter("cursor");
        if (Stream.of("name", "predicted", "from", "to", "sort")
                .allMatch(name -> request.parameter(name).isEmpty())) {
            ImageIndex.Page<ImageIndex.Entry> page = listing.index().list(which, limit, cursor);
            return response(page.images(), null, page.cursor());
        }
        ImageSearch.Found found =
                ImageSearch.find(
                        listing.pictures(), query(request, which), order(request), limit, cursor);
        return response(found.images(), found.count(), found.cursor());
    }

    private Response response(
            List<ImageIndex.Entry> images, @Nullable Integer count, Optional<String> cursor) {
        return Response.json(
                new Images(
                        images.stream().map(image -> Image.of(image, links)).toList(),
                        count,
                        cursor.orElse(null)));
    }

    private ImageSearch.Query query(Request request, ImageIndex.Which which) {
        String name = request.parameter("name").orElse("");
        if (name.length() > MOST_CHARACTERS) {
            throw new BadRequestException(
                    "name has %d characters, expected at most %d"
                            .formatted(name.length(), MOST_CHARACTERS));
        }
        return new ImageSearch.Query(
                which,
                name,
                time(request, "from"),
                time(request, "to"),
                request.parameter("predicted").map(this::predicted));
    }

    private static Optional<Instant> time(Request request, String name) {
        return request.parameter(name).map(given -> request.time(name));
    }

    private static ImageSearch.Order order(Request request) {
        String sort = request.parameter("sort").orElse("newest");
        return Stream.of(ImageSearch.Order.values())
                .filter(order -> order.name().toLowerCase(Locale.ROOT).equals(sort))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BadRequestException(
                                        "sort is '%s': expected newest, oldest or name"
                                                .formatted(sort)));
    }

    /** Keys of the images in memory that the head in use predicts to be of a class. */
    private Set<String> predicted(String label) {
        Classification.InUse inUse = classification.inUse();
        Head head = inUse.head();
        int wanted = head.classes().indexOf(label);
        if (wanted < 0) {
            throw new BadRequestException(
                    "predicted is '%s': expected a class of the head in use, %s"
                            .formatted(label, String.join(", ", head.classes())));
        }
        Set<String> keys = new HashSet<>();
        known.await(inUse.network().identity())
                .images()
                .forEach(
                        (key, feature) -> {
                            int[] found = head.activation().predicted(head.probabilities(feature));
                            if (IntStream.of(found).anyMatch(c -> c == wanted)) {
                                keys.add(key);
                            }
                        });
        return keys;
    }

    /** The longest name of a class is that of a folder, in a key. */
    private static void checkLength(String label) {
        int bytes = label.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > ImageKey.MAX_BYTES) {
            throw new BadRequestException(
                    "label has %d bytes, expected at most %d".formatted(bytes, ImageKey.MAX_BYTES));
        }
    }

    private static ImageIndex.Which which(Request request) {
        Optional<String> label = request.parameter("label");
        label.ifPresent(ImageListRoutes::checkLength);
        boolean unlabelled = request.flag("unlabelled");
        boolean several = request.flag("several");
        if (label.isPresent() && unlabelled) {
            throw new BadRequestException(
                    "label and unlabelled=true exclude each other: leave one out");
        }
        if (unlabelled) {
            return new ImageIndex.Unlabelled();
        }
        return label.<ImageIndex.Which>map(
                        name ->
                                several
                                        ? new ImageIndex.OneOfSeveral(name)
                                        : new ImageIndex.OfLabel(name))
                .orElseGet(ImageIndex.All::new);
    }
}
