package dev.graft.feature;

import java.time.Instant;

/**
 * A file under {@code images/} that could not become a feature, or one under {@code labels/} that
 * could not be read or of which some lines had no effect; kept so that its owner can see and mend
 * it.
 *
 * @param key of the file in its bucket
 * @param reason in words, with what to do
 * @param sequencer of the S3 event that brought it
 * @param time when it was tried
 */
public record UnreadableImage(String key, String reason, String sequencer, Instant time) {}
