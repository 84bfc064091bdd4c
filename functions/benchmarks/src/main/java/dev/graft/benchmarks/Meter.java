package dev.graft.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** What several runs of one piece of work take on this thread. For one thread. */
public final class Meter {
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final List<Double> cpu = new ArrayList<>();
    private final List<Double> wall = new ArrayList<>();
    private final List<Double> allocated = new ArrayList<>();

    /** Runs it once more. */
    public <T> T run(Callable<T> work) {
        long bytes = THREAD.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        long cpuStart = THREAD.getCurrentThreadCpuTime();
        try {
            return work.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            cpu.add((THREAD.getCurrentThreadCpuTime() - cpuStart) / 1e6);
            wall.add((System.nanoTime() - start) / 1e6);
            allocated.add((THREAD.getCurrentThreadAllocatedBytes() - bytes) / 1e6);
        }
    }

    /** CPU milliseconds of this thread, of each run. */
    public List<Double> cpu() {
        return cpu;
    }

    /** Milliseconds of each run. */
    public List<Double> wall() {
        return wall;
    }

    /** Megabytes that this thread allocated in each run. */
    public List<Double> allocated() {
        return allocated;
    }
}
