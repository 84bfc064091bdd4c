package dev.graft.system.violation.training;

/** Knows a package above its own, or, from the last, the first. */
public record Upward(dev.graft.system.violation.versions.Upward above) {}
