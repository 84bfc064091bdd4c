package dev.graft.feature;

/** The caller names a thing that does not exist (404). */
public final class NotFoundException extends RuntimeException {
    /** With the name and what to do; the caller reads it. */
    public NotFoundException(String message) {
        super(message);
    }
}
