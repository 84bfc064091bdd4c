package dev.graft.system.violation.versions;

/** Knows a package above its own, or, from the last, the first. */
public record Upward(dev.graft.system.violation.library.Upward above) {}
