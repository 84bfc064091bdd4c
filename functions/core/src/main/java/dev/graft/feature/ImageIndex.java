package dev.graft.feature;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Lists and counts images without reading features, and without reading more than it gives. What
 * was changed a moment ago may show a moment later. Safe for use by many threads; throws {@link
 * StoreException} if it does not answer.
 */
public interface ImageIndex {

    /**
     * An image.
     *
     * @param key in its bucket
     * @param label empty while nobody said
     * @param width of the upright picture, in pixels
     * @param height likewise
     * @param time when it came
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
     * Some of a list.
     *
     * @param images newest first
     * @param cursor where the next page starts; empty if there is none
     */
    record Page<T>(List<T> images, Optional<String> cursor) {}

    /**
     * The same images looked at in a label set: the labels it gives, lists and counts are those of
     * that. What it gives may be fewer than there are and yet have a cursor, where it lists images
     * without label.
     */
    ImageIndex in(LabelSet set);

    /**
     * A page of images, newest first.
     *
     * @param limit at least 1
     * @param cursor of the page before; empty for the first
     * @throws BadRequestException if the cursor is none that this index gave
     */
    Page<Entry> list(Which which, int limit, Optional<String> cursor);

    /** How many of the images that are there came at this time or later. */
    int arrivedSince(Instant time);

    /** Those of these images that are there, in the order of the keys. */
    List<Entry> find(List<String> keys);

    /**
     * A page of the files that could not be read, the last tried first; else like {@link #list}.
     */
    Page<UnreadableImage> unreadable(int limit, Optional<String> cursor);

    /**
     * How many images there are.
     *
     * @param labels images by the text of their label, none of them 0
     * @param unlabelled images without label
     * @param unreadable files that could not be read
     * @param features images with a feature, by the id of the backbone
     */
    record Counts(
            SortedMap<String, Integer> labels,
            int unlabelled,
            int unreadable,
            Map<String, Integer> features) {

        /** Images with label. */
        public int labelled() {
            return labels.values().stream().mapToInt(Integer::intValue).sum();
        }

        /** All images. */
        public int images() {
            return labelled() + unlabelled;
        }

        /** Images without a feature of this backbone. */
        public int lacking(String backbone) {
            return images() - features.getOrDefault(backbone, 0);
        }
    }

    /** How many images there are, by counters that are kept with every change. */
    Counts counts();

    /**
     * Counts all images and puts right what the counters got wrong where a process was killed
     * between a change and its count. Does nothing if something changed meanwhile or shortly
     * before.
     *
     * @param quiet how long nothing may have changed
     */
    void recount(Duration quiet);

    /**
     * What is known of a key.
     *
     * @param label of the image, or one that waits for it
     * @param content what the key stands for
     * @param changed when anything of it changed last
     */
    record Change(String key, Optional<Label> label, ImageRecord.Content content, Instant changed) {
        /** Of a record. */
        public static Change of(ImageRecord image) {
            return new Change(image.key(), image.label(), image.content(), image.changed());
        }

        /** As it is listed; empty if there is no picture that can be read. */
        public Optional<Entry> entry() {
            return picture()
                    .map(
                            picture ->
                                    new Entry(
                                            key,
                                            label,
                                            picture.width(),
                                            picture.height(),
                                            picture.time()));
        }

        /** The picture; empty if there is none that can be read. */
        public Optional<ImageRecord.Picture> picture() {
            return content instanceof ImageRecord.Picture picture
                    ? Optional.of(picture)
                    : Optional.empty();
        }
    }

    /**
     * Gives every key that changed at this time or later, as it is now, on this thread and in no
     * order; deletions are told for a week.
     *
     * @param since {@link Instant#EPOCH} for everything
     */
    void changes(Instant since, Consumer<Change> consumer);

    /**
     * Some of what changed.
     *
     * @param next from when to go on; empty if nothing is left
     */
    record Changes(List<Change> images, Optional<Instant> next) {}

    /**
     * The first of the keys that changed at this time or later, each as it is now.
     *
     * @param limit about how many to give
     */
    Changes changes(Instant since, int limit);
}
