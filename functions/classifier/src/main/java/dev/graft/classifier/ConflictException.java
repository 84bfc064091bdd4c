package dev.graft.classifier;

/** Somebody else changed the same thing meanwhile; look again and repeat (409). */
final class ConflictException extends RuntimeException {
    ConflictException(String message) {
        super(message);
    }
}
