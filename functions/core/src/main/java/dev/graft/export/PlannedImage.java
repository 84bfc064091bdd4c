package dev.graft.export;

/**
 * An image of an export, as it was when that was begun.
 *
 * @param label empty text where nobody said
 * @param path in the data set, with / between folders; no two are the same on any system
 */
record PlannedImage(String key, String label, String path) {}
