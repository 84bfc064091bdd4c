package dev.graft.library;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Links by which others may classify images that they send along, and nothing else. A link carries
 * a secret token, of which only the hash is kept here. Safe for use by many threads; throws {@link
 * dev.graft.feature.StoreException} if it does not answer.
 */
public interface Shares {

    /**
     * One link.
     *
     * @param id SHA-256 of its token, hex
     * @param name what it is for, as a person called it
     * @param by e-mail or id of who made it; empty text for somebody on this machine
     * @param daily most images in a day of UTC
     */
    record Share(String id, String name, String by, Instant created, int daily) {}

    /**
     * How much of a link is used.
     *
     * @param used images on that day
     */
    record Usage(Share share, int used) {
        /** How many more there may be on that day. */
        public int left() {
            return Math.max(0, share.daily() - used);
        }
    }

    /** What became of one use. */
    enum Use {
        COUNTED,
        /** There were as many on this day as there may be. */
        SPENT,
        /** The link was withdrawn, or never was. */
        UNKNOWN
    }

    /** Keeps one more. */
    void add(Share share);

    /** As it is used on this day; empty if it was withdrawn or never was. */
    Optional<Usage> find(String id, LocalDate day);

    /** Each as it is used on this day, the newest first. */
    List<Usage> all(LocalDate day);

    /** Counts one use on this day, if there may be one more. */
    Use use(String id, LocalDate day);

    /** Nobody can use it from now on; nothing happens if there is none. */
    void withdraw(String id);
}
