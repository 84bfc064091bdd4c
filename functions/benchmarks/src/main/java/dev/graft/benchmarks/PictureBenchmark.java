package dev.graft.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.graft.feature.FeatureExtractor;
import dev.graft.onnx.OnnxBackbone;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a picture costs from its bytes to its feature, on one thread. It is asked by {@code
 * pictures.py}, which does the same with Pillow and Python's ONNX Runtime in turn.
 */
public final class PictureBenchmark {
    private PictureBenchmark() {}

    /**
     * Prints, for each line with the name of a picture on standard input, its CPU milliseconds,
     * wall milliseconds and allocated megabytes.
     *
     * @param args the file of a cut network
     */
    public static void main(String[] args) throws IOException {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (OnnxBackbone backbone = OnnxBackbone.open(Path.of(args[0]), 1)) {
            FeatureExtractor extractor = new FeatureExtractor(backbone);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byte[] picture = Files.readAllBytes(Path.of(line));
                long wall = System.nanoTime();
                long cpu = thread.getCurrentThreadCpuTime();
                long bytes = thread.getCurrentThreadAllocatedBytes();
                extractor.feature(picture);
                System.out.printf(
                        Locale.ROOT,
                        "%.3f %.3f %.3f%n",
                        (thread.getCurrentThreadCpuTime() - cpu) / 1e6,
                        (System.nanoTime() - wall) / 1e6,
                        (thread.getCurrentThreadAllocatedBytes() - bytes) / 1e6);
            }
        }
    }
}
