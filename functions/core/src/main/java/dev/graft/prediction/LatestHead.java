package dev.graft.prediction;

import dev.graft.feature.StoreException;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.head.NoHeadException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The head in use, kept in memory: the pointer is looked at once per {@code checkEvery} at most,
 * the head is read again only when the pointer's ETag has changed. While the store does not answer,
 * the head at hand goes on answering. Safe for use by many threads; one of them looks, the others
 * go on with the head at hand.
 */
public final class LatestHead {
    private final HeadStore store;
    private final Duration checkEvery;
    private final InstantSource clock;

    private record Current(HeadStore.Pointer pointer, Head head) {}

    private volatile Optional<Current> current = Optional.empty();
    private Instant nextCheck = Instant.MIN;

    /** Reads from {@code store}. */
    public LatestHead(HeadStore store, Duration checkEvery, InstantSource clock) {
        this.store = store;
        this.checkEvery = checkEvery;
        this.clock = clock;
    }

    /**
     * The head to answer with.
     *
     * @throws NoHeadException if none was promoted yet
     * @throws StoreException if the store does not answer and no head is at hand
     */
    public Head get() {
        refreshIfDue();
        return current.orElseThrow(NoHeadException::new).head();
    }

    private synchronized void refreshIfDue() {
        Instant now = clock.instant();
        if (current.isPresent() && now.isBefore(nextCheck)) {
            return;
        }
        nextCheck = now.plus(checkEvery);
        try {
            Optional<HeadStore.Pointer> latest = store.latest();
            if (!latest.equals(current.map(Current::pointer))) {
                current = latest.map(pointer -> new Current(pointer, read(pointer.version())));
            }
        } catch (StoreException e) {
            if (current.isEmpty()) {
                throw e;
            }
        }
    }

    private Head read(String version) {
        return HeadFiles.read(version, file -> store.read(version, file));
    }
}
