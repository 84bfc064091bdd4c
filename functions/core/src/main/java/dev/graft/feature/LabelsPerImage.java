package dev.graft.feature;

/** How many labels an image may have. */
public enum LabelsPerImage {
    /** Exactly one. */
    ONE,
    /** Any number; one text names them all, see {@link Label#join}. */
    SEVERAL
}
