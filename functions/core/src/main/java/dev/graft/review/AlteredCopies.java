package dev.graft.review;

import dev.graft.evaluation.NearDuplicates;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.FeatureStore.Vector;
import dev.graft.feature.Float16;
import dev.graft.feature.Similarity;
import dev.graft.index.KnownImages;
import dev.graft.index.Neighbours;
import dev.graft.index.Neighbours.Neighbour;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The near-duplicates of one image, looked for whenever somebody asks: features and coarse
 * thumbnails propose them, and the thumbnails decide ({@link NearDuplicates#ofFirst}).
 */
public final class AlteredCopies {
    /** So many images are compared with the one: with it, as many as one request reads. */
    private static final int PROPOSED = 99;

    private AlteredCopies() {}

    /**
     * Those among the images in memory, of which there are not more than fit.
     *
     * @param key of the one
     * @param now the images
     * @param features of the same images
     * @return keys without its own; none where it has no feature of their backbone
     * @throws dev.graft.feature.StoreException if the store does not answer
     */
    public static List<String> of(String key, KnownImages.Snapshot now, FeatureStore features) {
        List<Vector> all = new ArrayList<>(features.vectors(List.of(key), now.backbone()));
        if (all.isEmpty()) {
            return List.of();
        }
        Neighbours images = now.images();
        int self = images.place(key);
        List<String> proposed =
                images.maybeCopies(all.getFirst(), PROPOSED, i -> i != self).stream()
                        .map(Neighbour::key)
                        .toList();
        features.vectors(proposed, now.backbone()).stream()
                .sorted(Comparator.comparing(Vector::key))
                .forEach(all::add);
        return of(all, now.backbone());
    }

    /**
     * Those among few images.
     *
     * @param images first the one, then those that it is compared with
     * @param backbone of their features
     * @return keys without its own
     */
    static List<String> of(List<Vector> images, String backbone) {
        int[] found =
                NearDuplicates.ofFirst(
                        new NearDuplicates.Images(
                                images.stream().map(Vector::key).toList(),
                                i -> Float16.decode(images.get(i).feature()),
                                images.stream().map(Vector::thumbnail).toList(),
                                Similarity.of(backbone).nearDuplicate()));
        return Arrays.stream(found).mapToObj(i -> images.get(i).key()).toList();
    }
}
