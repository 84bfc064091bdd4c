package dev.graft.classifier;

import dev.graft.feature.ImageIndex.Change;
import dev.graft.head.Duplicates;
import dev.graft.index.ImageListing;
import dev.graft.index.KnownImages;
import dev.graft.prediction.Classification;
import dev.graft.review.AlteredCopies;
import dev.graft.review.Copies;
import dev.graft.versions.HeadVersions;
import java.util.List;
import java.util.Optional;

/** Pictures that are stored more than once, over HTTP. */
final class CopyRoutes {
    private static final int MOST_IMAGES = 12;

    private final Ports ports;
    private final ImageListing listing;
    private final KnownImages known;
    private final Classification classification;
    private final HeadVersions heads;

    CopyRoutes(
            Ports ports,
            ImageListing listing,
            KnownImages known,
            Classification classification,
            HeadVersions heads) {
        this.ports = ports;
        this.listing = listing;
        this.known = known;
        this.classification = classification;
        this.heads = heads;
    }

    void addTo(Router router) {
        router.on("GET /copies?key&limit&set", this::copies);
    }

    /** The other images whose files have the same bytes. */
    List<String> identical(String key) {
        return others(key, Copies.of(key, listing.pictures(), Optional.empty(), List.of()));
    }

    /** These, and the near-duplicates that the last training found or that are found now. */
    List<String> near(String key) {
        return others(key, nearAndItself(key));
    }

    private static List<String> others(String key, Optional<Copies.Group> group) {
        return group.stream()
                .flatMap(found -> found.images().stream())
                .map(Change::key)
                .filter(other -> !other.equals(key))
                .toList();
    }

    private Optional<Copies.Group> nearAndItself(String key) {
        String network = classification.network().identity();
        List<String> near = AlteredCopies.of(key, known.await(network), ports.features());
        return Copies.of(key, listing.pictures(), found(), near);
    }

    /**
     * One picture.
     *
     * @param images some of them, the one to keep first
     * @param keys of all
     */
    private record Group(
            List<Image> images, List<String> keys, boolean identical, boolean contradicts) {}

    private record AllCopies(List<Group> groups, int count) {}

    private Response copies(Request request) {
        int limit = request.number("limit", 20, 100);
        List<Copies.Group> groups =
                request.parameter("key").isPresent()
                        ? nearAndItself(request.key()).stream().toList()
                        : Copies.among(listing.pictures(), found());
        return Response.json(
                new AllCopies(
                        groups.stream().limit(limit).map(this::group).toList(), groups.size()));
    }

    private Optional<Duplicates> found() {
        return classification
                .inUseIfAny()
                .flatMap(inUse -> heads.cardInUse(inUse.head().version()))
                .map(card -> card.validation().duplicates());
    }

    private Group group(Copies.Group group) {
        return new Group(
                group.images().stream()
                        .limit(MOST_IMAGES)
                        .flatMap(image -> image.entry().stream())
                        .map(entry -> Image.of(entry, ports.links()))
                        .toList(),
                group.images().stream().map(Change::key).toList(),
                group.identical(),
                group.contradicts());
    }
}
