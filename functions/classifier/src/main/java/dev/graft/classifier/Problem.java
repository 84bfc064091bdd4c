package dev.graft.classifier;

import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 tells it.
 *
 * @param status of HTTP
 * @param title what kind of error
 * @param detail what failed and what to do; of a long one, which repeats what was sent, start and
 *     end
 */
record Problem(int status, String title, @Nullable String detail) {
    private static final int START = 400;
    private static final int END = 200;

    /** Shortens what is too long to be read. */
    Problem {
        if (detail != null && detail.length() > START + END) {
            detail = detail.substring(0, START) + "…" + detail.substring(detail.length() - END);
        }
    }
}
