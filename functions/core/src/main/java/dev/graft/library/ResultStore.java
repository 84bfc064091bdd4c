package dev.graft.library;

import java.util.List;
import java.util.Optional;

/**
 * Files made for people, under {@code results/} of the images bucket. Safe for use by many threads;
 * throws {@link dev.graft.feature.StoreException} if it does not answer.
 */
public interface ResultStore {

    /** What was written under this name; empty if nothing was. */
    Optional<byte[]> read(String name);

    /**
     * Writes a file in place of what was there.
     *
     * @param name below {@code results/}
     * @param type media type
     */
    void write(String name, byte[] bytes, String type);

    /**
     * Keys of the images bucket, in order.
     *
     * @param prefix that each starts with
     * @param after the key before the first; empty text to start at the beginning
     * @param limit 1 to 1,000
     */
    List<String> keys(String prefix, String after, int limit);
}
