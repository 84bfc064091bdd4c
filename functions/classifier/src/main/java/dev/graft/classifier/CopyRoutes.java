package dev.graft.classifier;

import dev.graft.head.Duplicates;
import dev.graft.index.ImageListing;
import dev.graft.library.Links;
import dev.graft.prediction.Classification;
import dev.graft.review.Copies;
import dev.graft.versions.HeadVersions;
import java.util.List;
import java.util.Optional;

/** Pictures that are stored more than once, over HTTP. */
final class CopyRoutes {
    private static final int MOST_IMAGES = 12;

    private final ImageListing listing;
    private final Classification classification;
    private final HeadVersions heads;
    private final Links links;

    CopyRoutes(
            ImageListing listing, Classification classification, HeadVersions heads, Links links) {
        this.listing = listing;
        this.classification = classification;
        this.heads = heads;
        this.links = links;
    }

    void addTo(Router router) {
        router.on("GET /copies?limit", this::copies);
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
        List<Copies.Group> groups = Copies.among(listing.pictures(), found());
        return Response.json(
                new AllCopies(
                        groups.stream().limit(limit).map(this::group).toList(), groups.size()));
    }

    private Optional<Duplicates> found() {
        return classification
                .inUseIfAny()
                .map(inUse -> heads.card(inUse.head().version()).validation().duplicates());
    }

    private Group group(Copies.Group group) {
        return new Group(
                group.images().stream()
                        .limit(MOST_IMAGES)
                        .flatMap(image -> image.entry().stream())
                        .map(entry -> Image.of(entry, links))
                        .toList(),
                group.images().stream().map(image -> image.key()).toList(),
                group.identical(),
                group.contradicts());
    }
}
