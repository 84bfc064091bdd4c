package dev.graft.library;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Files made for people, under {@value #FOLDER} of the images bucket. Safe for use by many threads;
 * throws {@link dev.graft.feature.StoreException} if it does not answer.
 */
public interface ResultStore {
    /** What the key of every such file starts with; the bucket sends no events for it. */
    String FOLDER = "results/";

    /** What the name of a file starts with that holds images, features or labels of all. */
    String EXPORTS = "export/";

    /**
     * How long such a file is kept, as it is made anew at the asking; the lifecycle rule of the
     * template says the same.
     */
    Duration EXPORTS_KEPT = Duration.ofDays(7);

    /** What was written under this name; empty if nothing was. */
    Optional<byte[]> read(String name);

    /**
     * Writes a file in place of what was there.
     *
     * @param name of the file below {@value #FOLDER}
     * @param type media type
     */
    void write(String name, byte[] bytes, String type);

    /**
     * Deletes a file; does nothing if there is none.
     *
     * @param name of the file below {@value #FOLDER}
     */
    void delete(String name);

    /**
     * Keys of the images bucket, in order.
     *
     * @param prefix that each starts with
     * @param after the key before the first; empty text to start at the beginning
     * @param limit 1 to 1,000
     */
    List<String> keys(String prefix, String after, int limit);
}
