package dev.graft.local;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * S3 events on their way to the featurizer, one worker per core, as Lambda would run copies of the
 * function side by side. Safe for use by many threads.
 */
final class Ingest implements AutoCloseable {
    private final ExecutorService workers =
            Executors.newFixedThreadPool(
                    Runtime.getRuntime().availableProcessors(),
                    task -> {
                        Thread thread = new Thread(task, "featurizer");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final CompletableFuture<LocalFunctions> functions = new CompletableFuture<>();

    /** Events before this wait for it. */
    void to(LocalFunctions featurizing) {
        functions.complete(featurizing);
    }

    /** Takes an S3 event and returns at once. */
    void accept(String s3Event) {
        accepted.incrementAndGet();
        workers.execute(
                () -> {
                    try {
                        functions.join().featurize(s3Event);
                    } catch (RuntimeException e) {
                        System.err.println("not featurized: " + e.getMessage());
                    } finally {
                        done.incrementAndGet();
                    }
                });
    }

    /** Events dealt with so far. */
    int done() {
        return done.get();
    }

    /** Events that wait or are being dealt with. */
    int pending() {
        return accepted.get() - done.get();
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
