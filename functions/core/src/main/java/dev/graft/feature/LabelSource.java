package dev.graft.feature;

/** Where a label comes from; the first that is there wins, a person's correction before all. */
public enum LabelSource {
    /** Given by a person through the API; kept as long as the picture stays the same. */
    CORRECTION,
    /** A line of a file under {@code labels/}. */
    FILE,
    /** Object tag {@code label}. */
    TAG,
    /** Metadata {@code x-amz-meta-label}. */
    METADATA,
    /** First folder of the key: {@code images/<label>/<name>}. */
    FOLDER
}
