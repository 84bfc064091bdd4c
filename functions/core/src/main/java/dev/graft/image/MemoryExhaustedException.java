package dev.graft.image;

/**
 * There is too little memory for an image at the moment. The file is not to blame and trying again
 * helps.
 */
public final class MemoryExhaustedException extends RuntimeException {
    /** With the words for the caller. */
    public MemoryExhaustedException(String message, Throwable cause) {
        super(message, cause);
    }
}
