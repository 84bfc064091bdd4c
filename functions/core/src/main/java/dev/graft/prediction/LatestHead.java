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
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The head in use, kept in memory. The pointer is read at most once per {@code checkEvery}, and the
 * head only when the ETag of the pointer has changed. Once a head is in memory it stays in use
 * while the store fails, while the pointer names none, and while the head that it names is damaged
 * or of a newer format, and each time that is told. Safe for use by many threads: one of them
 * refreshes, and the others go on with the head in memory without waiting for it; only while there
 * is none do they wait.
 */
public final class LatestHead {
    private final HeadStore store;
    private final Duration checkEvery;
    private final InstantSource clock;
    private final Consumer<RuntimeException> failed;

    private record Current(HeadStore.Pointer pointer, Head head) {}

    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile Optional<Current> current = Optional.empty();
    private volatile Instant nextCheck = Instant.MIN;

    /**
     * Reads from {@code store}.
     *
     * @param failed takes why the head in memory stays in use although the pointer moved
     */
    public LatestHead(
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
     * The head to predict with.
     *
     * @throws NoHeadException if the pointer names none, as where the one in use learned from an
     *     image that was forgotten
     * @throws StoreException if the store fails or the head is damaged, and no head is in memory
     */
    public Head get() {
        if (current.isEmpty()) {
            readFirst();
        } else if (isDue() && refreshing.tryLock()) {
            try {
                refresh();
            } finally {
                refreshing.unlock();
            }
        }
        return current.orElseThrow(NoHeadException::new).head();
    }

    /** Tells why the head before the one in memory goes on predicting. */
    void failed(RuntimeException reason) {
        failed.accept(reason);
    }

    private boolean isDue() {
        return !clock.instant().isBefore(nextCheck);
    }

    private void readFirst() {
        refreshing.lock();
        try {
            if (current.isEmpty()) {
                read();
            }
        } finally {
            refreshing.unlock();
        }
    }

    private void refresh() {
        if (isDue()) {
            try {
                read();
            } catch (StoreException e) {
                failed.accept(e);
            }
        }
    }

    private void read() {
        nextCheck = clock.instant().plus(checkEvery);
        Optional<HeadStore.Pointer> latest = store.latest();
        if (!latest.equals(current.map(Current::pointer))) {
            current = latest.map(pointer -> new Current(pointer, head(pointer.version())));
        }
    }

    private Head head(String version) {
        return HeadFiles.read(version, file -> store.read(version, file));
    }
}
