package dev.graft.feature;

/**
 * The deployment is wrong, and the one who deploys has to act; the message lists every problem
 * found.
 */
public final class ConfigurationException extends RuntimeException {
    /** With what is wrong, what was expected and what to do. */
    public ConfigurationException(String message) {
        super(message);
    }

    /** Likewise, with what caused it. */
    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
