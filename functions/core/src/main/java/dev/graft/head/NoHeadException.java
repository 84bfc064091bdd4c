package dev.graft.head;

/** There is no head to answer with; a head has to be trained first (503). */
public final class NoHeadException extends RuntimeException {
    /** Before the first head: says how to get one. */
    public NoHeadException() {
        this(
                "no head was trained yet, or heads/latest.json names none: put at least 2 images of"
                        + " each of 2 or more classes under images/<label>/ and wait for the next"
                        + " scheduled training, or promote a version of GET /heads");
    }

    /** With why the head there is cannot be used, and what to do. */
    public NoHeadException(String message) {
        super(message);
    }
}
