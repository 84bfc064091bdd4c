package dev.graft.importer;

/**
 * Something of a source that is not imported.
 *
 * @param what it is called in the source
 * @param why for people
 */
record LeftOut(String what, String why) {}
