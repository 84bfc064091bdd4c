package dev.graft.training;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.StoreException;
import dev.graft.index.IndexStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a training waits, runs or has ended: the file {@value #FILE} of the index, which whoever
 * asks for one and the trainer write, each only in place of what it read. So one runs at a time,
 * and everybody sees how far it is. A look of the schedule that finds nothing new leaves no trace.
 *
 * <p>Asking is safe for use by many threads; {@link #begin}, {@link #reached} and {@link #end} are
 * for the trainer, which does one training after the other.
 */
public final class Trainings {
    private static final String FILE = "training";
    private static final int MOST_BYTES = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How long a training may wait to begin; then nobody is thought to come. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String FAILED = "Failed";

    private final IndexStore store;
    private final InstantSource clock;
    private String run = "";
    private Instant since = Instant.MIN;
    private Instant until = Instant.MIN;
    private boolean told;

    /** What a training does. */
    public enum State {
        /** It was asked for. */
        QUEUED,
        /** It has begun. */
        RUNNING,
        /** It is over, see its outcome. */
        ENDED
    }

    /**
     * The training that was asked for or begun last.
     *
     * @param since when it came to be in this state, ISO 8601
     * @param until when it is over if nothing else was heard, ISO 8601
     * @param run what tells it from others; empty until it runs
     * @param stage where it is, as {@link TrainHead.Setup} names it; empty but while it runs
     * @param outcome how it ended, as the trainer says it: {@code outcome} and, where there is one,
     *     {@code version} and {@code reason}; empty until then
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Training(
            State state,
            String since,
            String until,
            String run,
            String stage,
            Map<String, String> outcome) {}

    /** As it was read. */
    private record Read(Optional<Training> training, Optional<String> etag) {
        private boolean is(State state) {
            return training.filter(last -> last.state() == state).isPresent();
        }
    }

    /** With the store of the file. */
    public Trainings(IndexStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The last one; empty if there was none. */
    public Optional<Training> last() {
        return read().training();
    }

    /**
     * Notes that a training is asked for.
     *
     * @return false if one waits or runs already, so that none is to be started
     */
    public boolean ask() {
        Read last = read();
        Instant now = clock.instant();
        var queued =
                new Training(State.QUEUED, text(now), text(now.plus(PATIENCE)), "", "", Map.of());
        boolean free = last.training().isEmpty() || last.is(State.ENDED);
        return free && store.replace(FILE, last.etag(), json(queued));
    }

    /** Notes that the one that was asked for cannot begin. */
    public void withdraw(String reason) {
        store.write(FILE, ended(failed(reason)));
    }

    /** Forgets what an earlier process noted, where nobody else can be at it. */
    public void forget() {
        store.delete(FILE);
    }

    /**
     * Begins a training, or a look whether there is anything to train.
     *
     * @param name what tells it from others; the same again where a call is repeated
     * @param left the time it has at most
     * @return false if another one runs
     */
    public boolean begin(String name, Duration left) {
        Read last = read();
        if (last.is(State.RUNNING) && !last.training().orElseThrow().run().equals(name)) {
            return false;
        }
        run = name;
        since = clock.instant();
        until = since.plus(left);
        told = !last.training().isEmpty() && !last.is(State.ENDED);
        return !told || store.replace(FILE, last.etag(), running(""));
    }

    /** Notes how far the training is; for want of an answer of the store nobody is told. */
    public void reached(String stage) {
        told = true;
        try {
            store.write(FILE, running(stage));
        } catch (StoreException e) {
            // the next stage or the end tells
        }
    }

    /** Notes how the training ended, unless nobody asked for it and there was nothing to train. */
    public void end(Map<String, String> outcome) {
        if (told) {
            told = false;
            store.write(FILE, ended(outcome));
        }
    }

    /** An outcome for what went wrong. */
    public static Map<String, String> failed(String reason) {
        return Map.of("outcome", FAILED, "reason", reason);
    }

    private Read read() {
        return store.read(FILE, 0, MOST_BYTES)
                .map(part -> new Read(training(part.bytes()), Optional.of(part.etag())))
                .orElseGet(() -> new Read(Optional.empty(), Optional.empty()));
    }

    /** What nobody can be at any more has ended; a damaged file tells nothing. */
    private Optional<Training> training(byte[] file) {
        try {
            Training last = JSON.readValue(file, Training.class);
            boolean lost =
                    last.state() != State.ENDED
                            && !clock.instant().isBefore(Instant.parse(last.until()));
            return Optional.of(lost ? lost(last) : last);
        } catch (IOException | RuntimeException damaged) {
            return Optional.empty();
        }
    }

    private static Training lost(Training last) {
        String reason =
                last.state() == State.QUEUED
                        ? "it did not begin within %d minutes: ask for it again"
                                .formatted(PATIENCE.toMinutes())
                        : "it ended without a word, as a training does that runs out of memory or time: the log of the trainer says more";
        return new Training(State.ENDED, last.until(), last.until(), "", "", failed(reason));
    }

    private byte[] running(String stage) {
        return json(new Training(State.RUNNING, text(since), text(until), run, stage, Map.of()));
    }

    private byte[] ended(Map<String, String> outcome) {
        String now = text(clock.instant());
        return json(new Training(State.ENDED, now, now, "", "", outcome));
    }

    private static String text(Instant time) {
        return time.toString();
    }

    private static byte[] json(Training training) {
        try {
            return JSON.writeValueAsBytes(training);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always become JSON", e);
        }
    }
}
