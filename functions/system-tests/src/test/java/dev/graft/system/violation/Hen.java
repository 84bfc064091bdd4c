package dev.graft.system.violation;

/** Knows a file that knows it. */
record Hen(Egg laid) {}
