package dev.graft.system.violation.vp8;

/** Knows a package above its own, or, from the last, the first. */
public record Upward(dev.graft.system.violation.image.Upward above) {}
