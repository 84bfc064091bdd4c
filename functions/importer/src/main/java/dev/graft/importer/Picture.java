package dev.graft.importer;

import java.util.List;

/**
 * A picture of a source.
 *
 * @param from tells it from all others, also at the next start
 * @param name of its file, as the source has it
 * @param labels each once and sorted; none if it is unlabelled
 * @param bytes reads it
 */
record Picture(String from, String name, List<String> labels, Bytes bytes) {}
