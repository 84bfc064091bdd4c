package dev.graft.library;

import dev.graft.feature.ImageStore;
import java.time.Duration;

/**
 * Addresses of the objects of the images bucket. Signing an address sends nothing. Safe for use by
 * many threads.
 */
public interface Links {
    /** How long a link is good; whoever has it may use it until then. */
    Duration GOOD_FOR = Duration.ofHours(1);

    /** A link that reads an object with a GET, whether it exists or not. */
    String toRead(String key);

    /** A link that reads the thumbnail of an image with a GET, whether it exists or not. */
    default String toThumbnail(String key) {
        return toRead(ImageStore.thumbnail(key));
    }

    /** A link that writes an object with one PUT. */
    String toWrite(String key);

    /** The object's address for tools that have access of their own, such as {@code s3://b/key}. */
    String uri(String key);
}
