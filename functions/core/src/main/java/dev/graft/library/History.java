package dev.graft.library;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What people did beside labelling: promotions, deletions and settings. Nothing in it ever changes
 * but the keys of images that are forgotten. Safe for use by many threads; throws {@link
 * dev.graft.feature.StoreException} if it does not answer.
 */
public interface History {

    /**
     * One thing that somebody did.
     *
     * @param by e-mail or id of who; empty text for somebody on this machine
     * @param action a verb, such as {@code promoted}
     * @param subject what it was done to, such as the version of a head
     * @param undo of what {@link Undo} takes back; empty where it cannot
     */
    record Act(Instant time, String by, String action, String subject, Optional<String> undo) {

        /** What {@link Undo} does not take back. */
        public Act(Instant time, String by, String action, String subject) {
            this(time, by, action, subject, Optional.empty());
        }
    }

    /** Keeps one more. */
    void add(Act act);

    /**
     * Puts another text in place of the key of an image, wherever a subject names it.
     *
     * @param key of the image
     * @param text that does not tell the key
     */
    void forget(String key, String text);

    /** The newest first, at most {@code most}. */
    List<Act> latest(int most);
}
