package dev.graft.fit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process has used since a moment. */
public final class Usage {
    private final long start = System.nanoTime();
    private final double cpuStart = cpuSeconds();

    private static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }

    /** Seconds since then. */
    public double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** CPU seconds of all threads since then. */
    public double cpu() {
        return cpuSeconds() - cpuStart;
    }

    /** Most resident memory of the whole process so far, in MB; Linux. */
    public static double peak() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }
}
