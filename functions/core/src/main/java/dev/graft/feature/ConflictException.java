package dev.graft.feature;

import org.jspecify.annotations.Nullable;

/**
 * The request does not fit what is stored now, such as when somebody else changed the same thing at
 * the same moment (409). The caller looks again and decides anew.
 */
public final class ConflictException extends RuntimeException {
    /** With what stands in the way and what to do; the caller reads it. */
    public ConflictException(@Nullable String message) {
        super(message);
    }

    /** Likewise, with what caused it. */
    public ConflictException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
