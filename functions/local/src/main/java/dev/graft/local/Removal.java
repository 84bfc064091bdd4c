package dev.graft.local;

/** What is done where so much is gone from a folder of pictures that a disk may be missing. */
enum Removal {
    /** Nothing is removed, and it is said how to have it done. */
    ASK,
    /** A person said that it is gone for good. */
    CONFIRMED
}
