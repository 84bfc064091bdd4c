package dev.graft.feature;

/**
 * Order of S3's events for one key: hex strings, the shorter padded with zeros on the right,
 * compared as text. Source: Amazon S3 User Guide, "Event message structure", field {@code
 * sequencer}.
 */
public final class Sequencer {
    /**
     * Every sequencer is stored with this many characters, so that a store can compare them as
     * plain text.
     */
    public static final int LENGTH = 32;

    private Sequencer() {}

    /**
     * Pads a sequencer for storage and comparison.
     *
     * @throws IllegalArgumentException if it is empty, longer than {@link #LENGTH} or no hex number
     */
    public static String padded(String sequencer) {
        if (!sequencer.matches("[0-9A-Fa-f]{1," + LENGTH + "}")) {
            throw new IllegalArgumentException(
                    "sequencer '" + sequencer + "': expected 1 to " + LENGTH + " hex digits");
        }
        return sequencer.toUpperCase(java.util.Locale.ROOT)
                + "0".repeat(LENGTH - sequencer.length());
    }
}
