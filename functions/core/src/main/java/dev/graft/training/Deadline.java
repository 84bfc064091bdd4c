package dev.graft.training;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * When a training has to be over, and what was cut short for it. The stages share the time: a stage
 * that has used up its share ends, so that those behind it still get theirs and a head is stored.
 * Safe for use by many threads.
 */
final class Deadline {

    /** Up to which share of all the time a stage may go on. */
    enum Stage {
        READING("reading", 0),
        NEAR_DUPLICATES("near-duplicates", 0.2),
        VALIDATION("validation", 0.6),
        FIGURES("figures", 0.75),
        HEAD("head", 0.9);

        private final String title;
        private final double share;

        Stage(String title, double share) {
            this.title = title;
            this.share = share;
        }
    }

    private static final Duration LONG = Duration.ofDays(1_000);

    private final InstantSource clock;
    private final Instant start;
    private final Duration length;
    private final Consumer<String> begun;
    private final Set<Stage> asked = ConcurrentHashMap.newKeySet();
    private final List<String> cut = new ArrayList<>();

    /**
     * From now on for {@code length}.
     *
     * @param begun takes the name of each stage when it begins
     */
    Deadline(InstantSource clock, Duration length, Consumer<String> begun) {
        this.clock = clock;
        this.start = clock.instant();
        this.length = length;
        this.begun = begun;
    }

    /** So far away that nothing is cut short. */
    static Deadline none() {
        return new Deadline(InstantSource.fixed(Instant.EPOCH), LONG, stage -> {});
    }

    /** There is something to train: the features are read now. */
    void begin() {
        begun.accept(Stage.READING.title);
    }

    /** Whether a stage, which has begun with this question at the latest, has used up its share. */
    boolean over(Stage stage) {
        if (asked.add(stage)) {
            begun.accept(stage.title);
        }
        double nanos = length.toNanos() * stage.share;
        return !clock.instant().isBefore(start.plusNanos((long) nanos));
    }

    /** Notes what could not be finished. */
    synchronized void cut(String what) {
        cut.add(what);
    }

    /** A sentence for the owner; empty if nothing was cut short. */
    synchronized String sentence() {
        return cut.isEmpty()
                ? ""
                : "cut short, as the time of %d s was nearly over: %s; give the trainer more memory, which brings more processors, or more time"
                        .formatted(length.toSeconds(), String.join(", ", cut));
    }

    /** The time there was. */
    Duration length() {
        return length;
    }
}
