package dev.graft.feature;

import org.jspecify.annotations.Nullable;

/**
 * A stored file is missing or cannot be read as what it should be; its owner has to act, and trying
 * again does not help (503).
 */
public final class DamagedFileException extends StoreException {
    /**
     * With the file, what it belongs to and the remedy; the caller reads it, so it quotes neither
     * the file nor another library. The cause is for the log.
     */
    public DamagedFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
