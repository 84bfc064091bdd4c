package dev.graft.ingest;

/**
 * Another bucket, whose objects are kept as images under the same keys below {@code images/}. Safe
 * for use by many threads; throws {@link dev.graft.feature.StoreException} if it does not answer.
 */
public interface FollowedBucket {
    /** Its name, by which its events are told from those of the images bucket. */
    String name();

    /**
     * Makes the image what the object is now: a copy with its metadata and tags, or nothing where
     * there is no such object (any more). The order of events does not matter therefore.
     */
    void copy(String key);
}
