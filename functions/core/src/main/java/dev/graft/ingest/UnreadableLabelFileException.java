package dev.graft.ingest;

/**
 * A label file that cannot be used; its sender has to act. The message names the line, says what
 * was expected and what to do.
 */
final class UnreadableLabelFileException extends RuntimeException {
    UnreadableLabelFileException(String message) {
        super(message);
    }

    UnreadableLabelFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
