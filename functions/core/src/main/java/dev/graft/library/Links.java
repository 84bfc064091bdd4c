package dev.graft.library;

import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSet;
import java.time.Duration;
import java.util.Map;

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

    /**
     * A PUT that writes an object.
     *
     * @param headers that it has to send, by name
     */
    record Put(String url, Map<String, String> headers) {
        /** Copies. */
        public Put {
            headers = Map.copyOf(headers);
        }
    }

    /** A link that writes an image with one PUT, and its label in a label set with it. */
    Put toWrite(String key, LabelSet set, String label);

    /** The object's address for tools that have access of their own, such as {@code s3://b/key}. */
    String uri(String key);
}
