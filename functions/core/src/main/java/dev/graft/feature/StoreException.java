package dev.graft.feature;

import org.jspecify.annotations.Nullable;

/** A store did not do what it should; unless a file is damaged, the same call may succeed later. */
public class StoreException extends RuntimeException {
    /**
     * With the operation and the thing it concerned; the cause is for the log and never reaches a
     * caller.
     */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
