package dev.graft.local;

/** The whole product on one machine. */
public final class Main {
    private Main() {}

    /** Runs. */
    public static void main(String[] args) {
        System.out.println(Runtime.version() + " " + String.join(" | ", args));
    }
}
