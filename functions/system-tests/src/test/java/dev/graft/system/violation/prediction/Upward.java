package dev.graft.system.violation.prediction;

/** Knows a package above its own, or, from the last, the first. */
public record Upward(dev.graft.system.violation.review.Upward above) {}
