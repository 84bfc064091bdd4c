package dev.graft.index;

import java.util.List;

/**
 * The port of features that are searched outside of the memory, one index for each backbone.
 * Whatever is given again takes the place of what was there. Safe for use by many threads; throws
 * {@link dev.graft.feature.StoreException} if it does not answer.
 */
public interface VectorIndex {
    /** The most that {@link #nearest} gives. */
    int MOST = 100;

    /**
     * An image.
     *
     * @param key of the image
     * @param feature (width), not all zeros
     * @param labelled whether it has the label of a class, in the default label set
     */
    record Vector(String key, float[] feature, boolean labelled) {}

    /**
     * An image that was found.
     *
     * @param similarity cosine, -1..1
     */
    record Found(String key, double similarity) {}

    /** Which images to look at. */
    enum Which {
        /** Every one. */
        ALL,
        /** Those with {@link Vector#labelled}. */
        LABELLED
    }

    /** Which one it is, as {@code GET /status} tells it. */
    String name();

    /** Where it is; what is in one place says nothing of another. */
    String place();

    /** Puts images in place of what their keys had; the first ones of a backbone make its index. */
    void put(String backbone, List<Vector> images);

    /**
     * Deletes images; keys that it does not have are passed over. When this returns, they are gone.
     */
    void delete(String backbone, List<String> keys);

    /** Deletes all images of a backbone. */
    void drop(String backbone);

    /**
     * The images that are most like a feature, best first, as far as an approximate search finds
     * them; none where there is no index of the backbone.
     *
     * @param feature (width), not all zeros
     * @param count at most so many, 1 to {@value #MOST}
     */
    List<Found> nearest(String backbone, float[] feature, int count, Which which);
}
