package dev.graft.prediction;

import dev.graft.feature.ConflictException;
import dev.graft.feature.StoreException;
import dev.graft.head.HeadStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The settings of verdicts, kept in memory and read at most once per {@code checkEvery}. Those in
 * memory stay while the store fails and while the file is damaged, and each time that is told. Safe
 * for use by many threads: one of them refreshes, and the others go on with those in memory.
 */
public final class LatestSettings {
    private final HeadStore store;
    private final Duration checkEvery;
    private final InstantSource clock;
    private final Consumer<RuntimeException> failed;
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile Optional<VerdictSettings> current = Optional.empty();
    private volatile Instant nextCheck = Instant.MIN;

    /**
     * Reads from {@code store}.
     *
     * @param failed takes why those in memory stay in use
     */
    public LatestSettings(
            HeadStore store,
            Duration checkEvery,
            InstantSource clock,
            Consumer<RuntimeException> failed) {
        this.store = store;
        this.checkEvery = checkEvery;
        this.clock = clock;
        this.failed = failed;
    }

    /**
     * The settings now, give or take {@code checkEvery}.
     *
     * @throws StoreException if they cannot be read, and none are in memory
     */
    public VerdictSettings get() {
        Optional<VerdictSettings> known = current;
        if (known.isPresent() && (clock.instant().isBefore(nextCheck) || !refreshing.tryLock())) {
            return known.get();
        }
        if (known.isEmpty()) {
            return read();
        }
        try {
            return read();
        } catch (StoreException e) {
            failed.accept(e);
            return known.get();
        } finally {
            refreshing.unlock();
        }
    }

    /**
     * The settings as they are stored, for who wants to change them.
     *
     * @throws StoreException if they cannot be read
     */
    public VerdictSettings read() {
        nextCheck = clock.instant().plus(checkEvery);
        VerdictSettings now =
                store.settings()
                        .map(file -> VerdictSettings.read(file.json()))
                        .orElse(VerdictSettings.DEFAULT);
        current = Optional.of(now);
        return now;
    }

    /**
     * Replaces them; they count at once here, and elsewhere within {@code checkEvery}.
     *
     * @throws ConflictException if somebody else replaced them at the same moment
     */
    public void replace(VerdictSettings settings) {
        if (!store.replaceSettings(settings.json(), store.settings())) {
            throw new ConflictException(
                    "somebody else changed the settings at the same moment: look at them, and change them again if you still want to");
        }
        current = Optional.of(settings);
        nextCheck = clock.instant().plus(checkEvery);
    }
}
