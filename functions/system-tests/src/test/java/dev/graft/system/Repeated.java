package dev.graft.system;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Sends the same request again and again, until it is closed. */
final class Repeated implements AutoCloseable {
    private final Set<Integer> statuses = new ConcurrentSkipListSet<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final Thread thread;
    private volatile boolean ends;

    Repeated(Supplier<ApiDocument.Reply> request) {
        thread =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    while (!ends) {
                                        statuses.add(request.get().status());
                                        answers.incrementAndGet();
                                    }
                                });
    }

    /** Waits for so many answers from now on. */
    void awaitAnother(int more) {
        int enough = answers.get() + more;
        DeployedStack.until(more + " answers", () -> answers.get() >= enough || !thread.isAlive());
        if (!thread.isAlive()) {
            throw new AssertionError("a request failed after " + answers.get() + " answers");
        }
    }

    /** All that came so far. */
    Set<Integer> statuses() {
        return statuses;
    }

    @Override
    public void close() {
        ends = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
