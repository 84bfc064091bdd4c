package dev.graft.ingest;

import dev.graft.feature.StoreException;
import dev.graft.ingest.ImageIngest.Outcome;

/**
 * What happens to an object of the images bucket, which is an image or a label file by its key.
 * Safe for use by many threads.
 *
 * @param images under {@code images/}
 * @param labels under {@code labels/}
 */
public record ObjectIngest(ImageIngest images, LabelIngest labels) {

    /**
     * It was created or replaced.
     *
     * @param key decoded
     * @param sequencer as S3 gave it
     * @throws StoreException if a store does not answer; try again
     */
    public Outcome created(String key, String sequencer) {
        return isLabelFile(key) ? labels.created(key, sequencer) : images.created(key, sequencer);
    }

    /** It was deleted; else like {@link #created}. */
    public Outcome removed(String key, String sequencer) {
        return isLabelFile(key) ? labels.removed(key, sequencer) : images.removed(key, sequencer);
    }

    /** Its tags changed; those of label files mean nothing. */
    public Outcome tagged(String key) {
        return images.tagged(key);
    }

    /** It may be other than what is stored of it; see {@link Reconcile}. */
    public Outcome reread(String key) {
        return isLabelFile(key) ? labels.reread(key) : images.reread(key);
    }

    private static boolean isLabelFile(String key) {
        return key.startsWith(LabelIngest.PREFIX);
    }
}
