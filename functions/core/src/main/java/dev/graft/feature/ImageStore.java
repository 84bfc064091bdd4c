package dev.graft.feature;

import java.util.Optional;

/**
 * The images bucket. Safe for use by many threads; throws {@link StoreException} if it does not
 * answer.
 */
public interface ImageStore {
    /** What the key of every image starts with. */
    String PREFIX = "images/";

    /**
     * Reads an image with what its object says about its label.
     *
     * @param maxBytes the most that is read
     * @return empty if there is no such key (any more)
     * @throws dev.graft.image.UnreadableImageException if the object is larger than {@code
     *     maxBytes}
     */
    Optional<ImageFile> read(String key, long maxBytes);

    /** Deletes an image; nothing happens if there is none. */
    void delete(String key);
}
