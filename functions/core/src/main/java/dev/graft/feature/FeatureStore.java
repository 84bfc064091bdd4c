package dev.graft.feature;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Features by image key and backbone; those of two backbones live side by side. Events may come
 * twice, late and out of order: whatever carries a sequencer changes a key only if no later
 * sequencer was seen for it, a removal included (it leaves a tombstone behind). Which event counts,
 * and which label an image has after it, says {@link ImageRecord}. All methods are safe for use by
 * many threads and throw {@link StoreException} if the store does not answer.
 */
public interface FeatureStore {

    /** The same store looked at in a label set: the labels it gives are those of that. */
    FeatureStore in(LabelSet set);

    /**
     * Stores a feature in place of what the key had, but for features of the same picture by other
     * backbones.
     *
     * @return false if the same event with this backbone, or a later event, was seen; then nothing
     *     changes
     */
    boolean put(ImageFeature feature);

    /**
     * Stores why a file could not be read, in place of what the key had.
     *
     * @return false if the same or a later event of this key was seen; then nothing changes
     */
    boolean putUnreadable(UnreadableImage image);

    /**
     * Forgets a key; a label that a person or a file gave stays for a picture that may come.
     *
     * @param sequencer padded, see {@link Sequencer}
     * @return false if the same or a later event of this key was seen; then nothing changes
     */
    boolean remove(String key, String sequencer);

    /** The feature of a key; empty if there is none of this backbone. */
    Optional<ImageFeature> find(String key, String backbone);

    /**
     * A feature and the thumbnail of its picture, without what else is known of the image.
     *
     * @param imageHash SHA-256 of the picture that it is of, lower-case hex
     * @param feature the values, see {@link Float16}
     * @param thumbnail see {@link ImageFeature}
     */
    record Vector(String key, String imageHash, byte[] feature, byte[] thumbnail) {}

    /**
     * The features of these keys by a backbone, in no order; keys without one are left out. What
     * was stored a moment ago may be missing.
     */
    List<Vector> vectors(List<String> keys, String backbone);

    /** All that is kept of a key but the vectors; an empty record of an unknown one. */
    ImageRecord known(String key);

    /**
     * Replaces the record of a key if nobody changed it since it was read.
     *
     * @param before as {@link #known} gave it
     * @param after what it is to be
     * @param feature that comes with it
     * @return false if it was changed; then nothing changes
     */
    boolean replace(ImageRecord before, ImageRecord after, Optional<ImageFeature> feature);

    /**
     * Deletes what is left of a key whose object is gone, if it is still this record: nothing tells
     * {@link ImageIndex#changes} of its deletion any more, and the order of events is known no
     * more, so that this is for long after the last one.
     *
     * @param gone as {@link #known} gave it
     * @return false if it was changed or there is something of the key; then nothing changes
     */
    boolean purge(ImageRecord gone);

    /**
     * Gives every key that was there when the call began, as it is kept, to {@code consumer}, from
     * several threads at once, in no order.
     */
    void keys(Consumer<ImageIndex.Change> consumer);

    /**
     * Gives every feature of a backbone to {@code consumer}, from several threads at once, in no
     * order. What changes while the scan runs may or may not be seen; no key is given twice.
     *
     * @param backbone id of the backbone; features of others are left out
     * @throws StoreException if a part could not be read; features given before it were real
     */
    void scan(String backbone, Consumer<ImageFeature> consumer);

    /**
     * Deletes the features of a backbone that is out of use. Images and labels stay, and {@link
     * ImageIndex#changes} does not tell of it. What was stored a moment ago may be left over.
     *
     * @param backbone id of the backbone
     * @param end when to stop; call again to go on
     * @return whether none are left
     */
    boolean deleteFeatures(String backbone, Instant end);
}
