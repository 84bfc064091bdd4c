package dev.graft.local;

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
    private final AtomicInteger done = new AtomicInteger();
    private volatile LocalFunctions functions;

    /** Events before this wait in vain, so it comes before the first upload. */
    void to(LocalFunctions featurizing) {
        this.functions = featurizing;
    }

    /** Takes an S3 event and returns at once. */
    void accept(String s3Event) {
        workers.execute(
                () -> {
                    try {
                        functions.featurize(s3Event);
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

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
