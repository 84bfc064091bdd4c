package dev.graft.system.violation.index;

/** Knows a package above its own, or, from the last, the first. */
public record Upward(dev.graft.system.violation.ingest.Upward above) {}
