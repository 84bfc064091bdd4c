package dev.graft.system.violation;

/** Knows a file that knows it. */
record Egg(Hen hatched) {}
