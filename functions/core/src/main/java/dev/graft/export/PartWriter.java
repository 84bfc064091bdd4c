package dev.graft.export;

import java.time.Instant;
import java.util.List;

/** Writes one file of an export, which others follow. Safe for use by many threads. */
interface PartWriter {
    /**
     * A file.
     *
     * @param bytes of length 0 where none of the images that were taken is there any more
     * @param taken how many of the images are done, from the first on; at least 1
     * @param missing of these, those that are not in it as they are gone
     */
    record Part(byte[] bytes, int taken, int missing) {}

    /** How such a file ends, such as {@code .zip}. */
    String ending();

    /** Media type. */
    String type();

    /**
     * The next file.
     *
     * @param images at least 1
     * @param identity of the features
     * @param end after which no other image is begun
     */
    Part write(List<PlannedImage> images, String identity, Instant end);
}
