package dev.graft.importer;

import java.util.List;

/**
 * What became of a picture: a line of the journal of an import.
 *
 * @param from see {@link Picture}
 * @param kind what became of it
 * @param file where it lies in the folder, or the picture that it is a duplicate of; with /; empty
 *     if it is unreadable
 * @param sha256 of its bytes; empty if they were not kept
 * @param labels each once and sorted
 * @param problem why it is not imported, else empty
 */
record Outcome(
        String from, Kind kind, String file, String sha256, List<String> labels, String problem) {
    /** What may become of a picture. */
    enum Kind {
        IMPORTED,
        DUPLICATE,
        UNREADABLE
    }
}
