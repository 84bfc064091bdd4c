package dev.graft.feature;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lists the images that have a feature of one backbone, without the features. What was changed a
 * moment ago may show a moment later. Safe for use by many threads; throws {@link
 * dev.graft.feature.StoreException} if it does not answer.
 */
public interface ImageIndex {

    /**
     * An image.
     *
     * @param key in its bucket
     * @param label empty while nobody said
     * @param width of the upright picture, in pixels
     * @param height likewise
     * @param time when it was featurized
     */
    record Entry(String key, Optional<Label> label, int width, int height, Instant time) {}

    /** Which images to list. */
    sealed interface Which {}

    /** Every image. */
    record All() implements Which {}

    /** Images without label. */
    record Unlabelled() implements Which {}

    /** Images of one class. */
    record OfLabel(String name) implements Which {}

    /** Images of which this is one of several labels, see {@link Label#join}, or the only one. */
    record OneOfSeveral(String name) implements Which {}

    /**
     * Some images.
     *
     * @param images newest first
     * @param cursor where the next page starts; empty if there is none
     */
    record Page(List<Entry> images, Optional<String> cursor) {}

    /**
     * A page of images, newest first.
     *
     * @param limit at least 1
     * @param cursor of the page before; empty for the first
     * @throws BadRequestException if the cursor is none that this index gave
     */
    Page list(Which which, int limit, Optional<String> cursor);

    /** Gives every image to {@code consumer}, newest first, on this thread. */
    void forEach(Consumer<Entry> consumer);
}
