package dev.graft.system.violation.review;

/** Knows a package above its own, or, from the last, the first. */
public record Upward(dev.graft.system.violation.vp8.Upward above) {}
