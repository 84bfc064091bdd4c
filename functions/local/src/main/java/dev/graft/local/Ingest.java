package dev.graft.local;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * S3 events on their way to the featurizer, one worker per core, as Lambda would run copies of the
 * function side by side. What fails is tried twice more, as Lambda does. Safe for use by many
 * threads.
 */
final class Ingest implements AutoCloseable {
    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration DRAINED = Duration.ofSeconds(20);

    private final ScheduledExecutorService workers =
            Executors.newScheduledThreadPool(
                    Runtime.getRuntime().availableProcessors(),
                    task -> {
                        Thread thread = new Thread(task, "featurizer");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final CompletableFuture<Work> work = new CompletableFuture<>();

    /**
     * What is done.
     *
     * @param event with an S3 event
     * @param key with the key of an object to be looked at
     */
    record Work(Consumer<String> event, Consumer<String> key) {}

    /** Events before this wait for it. */
    void to(Work featurizing) {
        work.complete(featurizing);
    }

    /** Takes an S3 event and returns at once. */
    void accept(String s3Event) {
        accepted.incrementAndGet();
        workers.execute(() -> deal(to -> to.event().accept(s3Event), 1));
    }

    /** Takes the key of an object to be looked at and returns at once. */
    void reread(String key) {
        accepted.incrementAndGet();
        workers.execute(() -> deal(to -> to.key().accept(key), 1));
    }

    private void deal(Consumer<Work> one, int attempt) {
        try {
            one.accept(work.join());
            done.incrementAndGet();
        } catch (RuntimeException | OutOfMemoryError e) {
            if (attempt < TRIES) {
                long pause = PAUSE.toMillis() * attempt;
                var _ =
                        workers.schedule(
                                () -> deal(one, attempt + 1), pause, TimeUnit.MILLISECONDS);
                return;
            }
            System.err.printf(
                    Locale.ROOT,
                    "not read in %d tries: %s; it is read at the next start with the same data%n",
                    TRIES,
                    e.getMessage());
            done.incrementAndGet();
        }
    }

    /** Events dealt with so far. */
    int done() {
        return done.get();
    }

    /** Events that wait or are being dealt with. */
    int pending() {
        return accepted.get() - done.get();
    }

    /** Deals with what waits, for at most some seconds. */
    @Override
    public void close() {
        long end = System.nanoTime() + DRAINED.toNanos();
        if (pending() > 0 && work.isDone()) {
            System.out.printf(
                    Locale.ROOT,
                    "%,d files are still being read; what is not done in %d s is read at the next start%n",
                    pending(),
                    DRAINED.toSeconds());
            while (pending() > 0 && System.nanoTime() < end) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
        workers.shutdownNow();
    }
}
