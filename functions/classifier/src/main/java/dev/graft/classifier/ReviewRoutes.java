package dev.graft.classifier;

import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.head.Head;
import dev.graft.index.KnownImages;
import dev.graft.index.Neighbours;
import dev.graft.library.Links;
import dev.graft.prediction.Classification;
import dev.graft.prediction.NameSuggestions;
import dev.graft.prediction.NameSuggestions.Name;
import dev.graft.prediction.Networks;
import dev.graft.review.ReviewQueue;
import dev.graft.review.Suggestion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The queue of images to label next, and names for unlabelled images, over HTTP. */
final class ReviewRoutes {
    private static final int MOST_NAMES = 3;
    private static final int MOST_IMAGES = 100;
    private static final int MOST_TRIES = 3;

    private final Classification classification;
    private final KnownImages known;
    private final NameSuggestions names;
    private final ReviewQueue review;
    private final ImageIndex index;
    private final Links links;

    ReviewRoutes(
            Classification classification, KnownImages known, NameSuggestions names, Ports ports) {
        this.index = ports.index();
        this.review = new ReviewQueue(ports.features());
        this.classification = classification;
        this.known = known;
        this.names = names;
        this.links = ports.links();
    }

    void addTo(Router router) {
        router.on("GET /queue?limit&set", this::queue).on("POST /names", this::names);
    }

    private record Item(
            String key,
            String url,
            String thumbnail,
            @Nullable String suggestion,
            @Nullable Double probability,
            boolean unknown,
            List<SimilarImage> alike,
            List<Name> names) {}

    private Response queue(Request request) {
        int limit = request.number("limit", 20, 100);
        Optional<Classification.InUse> inUse = classification.inUseIfAny();
        Networks.Loaded network =
                inUse.map(Classification.InUse::network)
                        .orElseGet(() -> classification.networks().current());
        List<ReviewQueue.Item> open =
                open(network.identity(), inUse.map(Classification.InUse::head), limit);
        Neighbours images = known.await(network.identity()).images();
        NameSuggestions suggestions = names(network);
        return Response.json(
                Map.of(
                        "images",
                        open.stream().map(item -> item(item, images, suggestions)).toList()));
    }

    /**
     * Images that have no label now, ranked anew where others were labelled meanwhile. The labels
     * in memory may be some seconds old, so those of the images that are offered are read.
     */
    private List<ReviewQueue.Item> open(String backbone, Optional<Head> head, int limit) {
        List<ReviewQueue.Item> queue = List.of();
        Set<String> free = Set.of();
        boolean othersLabelled = true;
        for (int i = 0; othersLabelled && i < MOST_TRIES; i++) {
            queue = review.of(known.await(backbone), head, limit);
            List<ImageIndex.Entry> now =
                    index.find(queue.stream().flatMap(ReviewQueue.Item::keys).toList());
            free = new HashSet<>();
            othersLabelled = false;
            for (ImageIndex.Entry image : now) {
                if (image.label().isEmpty()) {
                    free.add(image.key());
                } else {
                    othersLabelled = true;
                    known.relabelled(List.of(image.key()), image.label().map(Label::name));
                }
            }
        }
        Set<String> offered = free;
        return queue.stream()
                .filter(item -> offered.contains(item.key()))
                .map(item -> item.withAlike(offered::contains))
                .toList();
    }

    /** The names belong to the network of this build. */
    private NameSuggestions names(Networks.Loaded network) {
        return network == classification.networks().current() ? names : NameSuggestions.NONE;
    }

    private Item item(ReviewQueue.Item item, Neighbours images, NameSuggestions suggestions) {
        List<float[]> features =
                item.keys().flatMap(key -> images.featureOf(key).stream()).toList();
        return new Item(
                item.key(),
                links.toRead(item.key()),
                links.toThumbnail(item.key()),
                item.suggestion().map(Suggestion::label).orElse(null),
                item.suggestion().map(Suggestion::probability).orElse(null),
                item.unknown(),
                SimilarImage.all(item.alike(), links),
                suggestions.of(features, MOST_NAMES));
    }

    private record ImageNames(String key, List<Name> names) {}

    private record Names(List<Name> together, List<ImageNames> images) {}

    private Response names(Request request) {
        Networks.Loaded current = classification.networks().current();
        Map<String, float[]> features = new LinkedHashMap<>();
        for (String key : request.json("keys").keys("keys", MOST_IMAGES)) {
            features.put(key, classification.featureOf(current, key));
        }
        List<ImageNames> each = new ArrayList<>();
        features.forEach(
                (key, feature) ->
                        each.add(new ImageNames(key, names.of(List.of(feature), MOST_NAMES))));
        return Response.json(new Names(names.of(List.copyOf(features.values()), MOST_NAMES), each));
    }
}
