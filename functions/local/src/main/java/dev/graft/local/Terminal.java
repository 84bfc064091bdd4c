package dev.graft.local;

/** Where what is printed goes. */
final class Terminal {
    private Terminal() {}

    /** Whether that is a terminal, not a file or another program. */
    @SuppressWarnings("SystemConsoleNull") // from JDK 25 on it is null again without a terminal
    static boolean isThere() {
        return System.console() != null && System.console().isTerminal();
    }
}
