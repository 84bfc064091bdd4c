package dev.graft.review;

import dev.graft.feature.FeatureStore;
import dev.graft.head.Head;
import dev.graft.index.KnownImages;
import dev.graft.index.Neighbours;
import dev.graft.index.Neighbours.Neighbour;
import dev.graft.review.LabelingOrder.Pick;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The unlabelled images whose labels would help most, near-duplicates together. {@link
 * LabelingOrder} says which; features and coarse thumbnails propose what may be a near-duplicate of
 * each, and the thumbnails decide ({@link AlteredCopies}). They are read for the images of one
 * response only, and whenever it is asked for: without a head nothing was trained yet that could
 * have found groups before, and what was uploaded since belongs to them. Safe for use by many
 * threads.
 */
public final class ReviewQueue {
    /** So many unlabelled images are compared with each that is offered. */
    public static final int PROPOSED = 20;

    /** Percentage of known images that are to count as known. */
    private static final int ACCEPTED = 95;

    /**
     * Of so many times the images asked for, those that are left of near-duplicates are offered.
     */
    private static final int MOST_TRIED = 2;

    private final FeatureStore features;

    /** With thumbnails from this store. */
    public ReviewQueue(FeatureStore features) {
        this.features = features;
    }

    /**
     * One image to label.
     *
     * @param key of the image
     * @param suggestion what the head predicts; empty without a head
     * @param unknown whether it is unlike all labelled images, so that it may be none of the
     *     classes
     * @param alike unlabelled near-duplicates of it, nearest first
     */
    public record Item(
            String key, Optional<Suggestion> suggestion, boolean unknown, List<Neighbour> alike) {
        /** With only those near-duplicates whose keys are wanted. */
        public Item withAlike(Predicate<String> wanted) {
            List<Neighbour> some = alike.stream().filter(i -> wanted.test(i.key())).toList();
            return new Item(key, suggestion, unknown, some);
        }

        /** Keys of the image and of its near-duplicates. */
        public Stream<String> keys() {
            return Stream.concat(Stream.of(key), alike.stream().map(Neighbour::key));
        }
    }

    /**
     * The most useful images first; of near-duplicates only one is an item of its own.
     *
     * @param now the images with features of the network that the head takes features of
     * @param head what asks; without one the images that are least like one another
     * @param limit at most so many
     * @throws dev.graft.feature.StoreException if the store does not answer
     */
    public List<Item> of(KnownImages.Snapshot now, Optional<Head> head, int limit) {
        Neighbours images = now.images();
        Queue<Pick> order = new ArrayDeque<>(LabelingOrder.of(images, head, MOST_TRIED * limit));
        Set<String> used = new HashSet<>();
        List<Item> queue = new ArrayList<>();
        while (queue.size() < limit && !order.isEmpty()) {
            List<Item> next = new ArrayList<>();
            while (next.size() < limit - queue.size() && !order.isEmpty()) {
                Pick pick = order.remove();
                if (!used.contains(images.key(pick.place()))) {
                    next.add(proposed(now, pick, used));
                }
            }
            queue.addAll(grouped(next, now.backbone(), used));
        }
        return queue;
    }

    /** Each with its near-duplicates alone, and without what is a near-duplicate of another one. */
    private List<Item> grouped(List<Item> proposed, String backbone, Set<String> used) {
        Map<String, FeatureStore.Vector> vectors = vectors(proposed, backbone);
        List<Item> grouped = new ArrayList<>();
        for (Item item : proposed) {
            if (vectors.containsKey(item.key()) && !used.contains(item.key())) {
                Item free = item.withAlike(k -> vectors.containsKey(k) && !used.contains(k));
                List<FeatureStore.Vector> all = free.keys().map(vectors::get).toList();
                Item group = free.withAlike(AlteredCopies.of(all, backbone)::contains);
                group.keys().forEach(used::add);
                grouped.add(group);
            }
        }
        return grouped;
    }

    private static Item proposed(KnownImages.Snapshot now, Pick pick, Set<String> used) {
        Neighbours images = now.images();
        List<Neighbour> nearest =
                images.maybeCopies(
                        pick.place(),
                        PROPOSED,
                        i ->
                                images.label(i) == null
                                        && i != pick.place()
                                        && !used.contains(images.key(i)));
        return new Item(
                images.key(pick.place()),
                pick.suggestion(),
                now.isUnknown(images.unit(pick.place()), ACCEPTED),
                nearest);
    }

    /** By key, of all these images that still have one. */
    private Map<String, FeatureStore.Vector> vectors(List<Item> items, String backbone) {
        Map<String, FeatureStore.Vector> vectors = new HashMap<>();
        features.vectors(items.stream().flatMap(Item::keys).distinct().toList(), backbone)
                .forEach(vector -> vectors.put(vector.key(), vector));
        return vectors;
    }
}
