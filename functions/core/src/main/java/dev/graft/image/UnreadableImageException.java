package dev.graft.image;

import org.jspecify.annotations.Nullable;

/**
 * A file that cannot become an image; its sender has to act and trying again does not help. The
 * message says what failed, what was expected and what to do.
 */
public final class UnreadableImageException extends RuntimeException {
    /** What is wrong with the file. */
    public enum Reason {
        /** Of a known format, but broken off or garbled. */
        DAMAGED,
        /** More bytes or pixels than the limit. */
        TOO_LARGE,
        /** No image, or a format that is not read. */
        UNSUPPORTED
    }

    private final Reason reason;

    /** With what is wrong and the words for the sender. */
    public UnreadableImageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Likewise, with what caused it. */
    public UnreadableImageException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What is wrong with the file. */
    public Reason reason() {
        return reason;
    }
}
