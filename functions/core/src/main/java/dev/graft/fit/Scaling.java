package dev.graft.fit;

import java.util.Locale;

/** What the values of a feature are divided by before a head is fitted. */
public enum Scaling {
    /** All by one number, so that they keep what they count beside each other. */
    COMMON,
    /** Each by its own deviation, so that all count alike. */
    STANDARDIZED;

    /** What people call it. */
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
