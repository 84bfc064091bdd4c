package dev.graft.feature;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The images bucket. Safe for use by many threads; throws {@link StoreException} if it does not
 * answer.
 */
public interface ImageStore {
    /** What the key of every image starts with. */
    String PREFIX = "images/";

    /** What the key of every thumbnail starts with. */
    String THUMBNAILS = "thumbnails/";

    /** Key of the thumbnail of an image, which does not tell what the image is called. */
    static String thumbnail(String key) {
        String hash = Sha256.of(key.getBytes(StandardCharsets.UTF_8));
        return THUMBNAILS + hash.substring(0, 32) + ".jpg";
    }

    /**
     * Reads an image with what its object says about its label.
     *
     * @param maxBytes the most that is read
     * @return empty if there is no such key (any more)
     * @throws dev.graft.image.UnreadableImageException if the object is larger than {@code
     *     maxBytes}
     */
    Optional<ImageFile> read(String key, long maxBytes);

    /** An object without its bytes; empty if there is no such key (any more). */
    Optional<StoredObject> find(String key);

    /**
     * Some of the objects whose key starts with {@code prefix}, by the bytes of their keys.
     *
     * @param after key of the last one of the page before; empty text for the first page
     * @return at most 1,000; none at the end
     */
    List<StoredObject> list(String prefix, String after);

    /**
     * Stores the thumbnail of an image.
     *
     * @param key of the image
     * @param jpeg see {@link dev.graft.image.ThumbnailFile}
     */
    void putThumbnail(String key, byte[] jpeg);

    /**
     * Copies an object of the bucket, with what it says about its label, in place of what the other
     * key has.
     *
     * @return false if there is no object to copy; then nothing changes
     */
    boolean copy(String from, String to);

    /**
     * Copies an object of the bucket as an image that says its label in one label set, in its
     * metadata, and nothing else of labels, in place of what the other key has.
     *
     * @return false if there is no object to copy; then nothing changes
     */
    boolean copy(String from, String to, LabelSet set, String label);

    /**
     * Deletes images, or thumbnails; nothing happens where there is none.
     *
     * @param keys 1 to 1,000
     */
    void delete(List<String> keys);
}
