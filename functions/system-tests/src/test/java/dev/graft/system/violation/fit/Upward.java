package dev.graft.system.violation.fit;

/** Knows a package above its own, or, from the last, the first. */
public record Upward(dev.graft.system.violation.evaluation.Upward above) {}
