package dev.graft.classifier;

/** The caller may not do this; 403. */
final class ForbiddenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ForbiddenException(String message) {
        super(message);
    }
}
