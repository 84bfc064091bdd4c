package dev.graft.feature;

import org.jspecify.annotations.Nullable;

/**
 * A store refused a call in a way that the same call will meet again, such as for want of a
 * permission or because an item is too large.
 */
public final class RefusedException extends StoreException {
    /** With the operation, the thing it concerned and what to do. */
    public RefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
