package dev.graft.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes many calls to a store, some of them at the same time. */
public final class StoreCalls {
    private static final int AT_ONCE = 16;

    private StoreCalls() {}

    /**
     * Makes the calls, at most {@value #AT_ONCE} at the same time, and waits for all of them.
     *
     * @return what each call returned, in the order of the calls
     * @throws RuntimeException the first that a call threw
     */
    public static <T> List<T> concurrently(List<Callable<T>> calls) {
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<T> result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a store was called", e);
        }
    }
}
