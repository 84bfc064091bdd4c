package dev.graft.review;

/**
 * What a head predicts for an image without label.
 *
 * @param label the text of a label
 * @param probability of it, 0..1; of several classes the least
 */
public record Suggestion(String label, double probability) {}
