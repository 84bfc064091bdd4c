package dev.graft.system.violation.head;

/** Knows a package above its own, or, from the last, the first. */
public record Upward(dev.graft.system.violation.fit.Upward above) {}
