package dev.graft.feature;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps one entry per image key. Events may come twice, late and out of order: whatever carries a
 * sequencer changes the entry only if no later sequencer was seen for that key, a removal included
 * (it leaves a tombstone behind). All methods are safe for use by many threads and throw {@link
 * StoreException} if the store does not answer.
 */
public interface FeatureStore {

    /**
     * Stores a feature in place of what the key had.
     *
     * @return false if the same or a later event of this key was seen; then nothing changes
     */
    boolean put(ImageFeature feature);

    /**
     * Stores why a file could not be read, in place of what the key had.
     *
     * @return false if the same or a later event of this key was seen; then nothing changes
     */
    boolean putUnreadable(UnreadableImage image);

    /**
     * Forgets a key.
     *
     * @param sequencer padded, see {@link Sequencer}
     * @return false if the same or a later event of this key was seen; then nothing changes
     */
    boolean remove(String key, String sequencer);

    /** The feature of a key; empty if there is none (unknown, removed or unreadable). */
    Optional<ImageFeature> find(String key);

    /**
     * Changes the label of an image; asking twice is as asking once.
     *
     * @param label empty to take the label away
     * @return false if the key has no feature
     */
    boolean relabel(String key, Optional<Label> label);

    /** What a line of a label file did. */
    enum LabelledByFile {
        /** The image of that key has the label now. */
        LABELLED,
        /** No image of that key has a feature; the label waits for one. */
        WAITING,
        /** Nothing: a person's correction stands. */
        CORRECTED
    }

    /**
     * Labels a key by a line of a file, also one that has no feature yet: the label then waits for
     * {@link #known}. Asking twice is as asking once.
     */
    LabelledByFile labelByFile(String key, String label);

    /**
     * What is known of a key before its image is read again.
     *
     * @param imageHash of the image whose feature is stored
     * @param label of that image, or one that waits for an image
     */
    record Known(Optional<String> imageHash, Optional<Label> label) {}

    /** What is known of a key; nothing is no error. */
    Known known(String key);

    /**
     * Gives every feature of a backbone to {@code consumer}, from several threads at once, in no
     * order. What changes while the scan runs may or may not be seen; no key is given twice.
     *
     * @param backbone id of the backbone; features of others are left out
     * @throws StoreException if a part could not be read; features given before it were real
     */
    void scan(String backbone, Consumer<ImageFeature> consumer);

    /** Every image and label file that could not be read, by key. */
    List<UnreadableImage> unreadable();
}
