package dev.graft.feature;

import org.jspecify.annotations.Nullable;

/** What the caller sent is wrong, and sending it again does not help (400). */
public final class BadRequestException extends RuntimeException {
    /** With what was sent, what was expected and what to do; the caller reads it. */
    public BadRequestException(String message) {
        super(message);
    }

    /** Likewise, with what caused it. */
    public BadRequestException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
