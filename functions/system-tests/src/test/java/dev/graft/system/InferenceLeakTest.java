package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.backbone.Backbones;
import dev.graft.feature.FeatureExtractor;
import dev.graft.onnx.OnnxBackbone;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Memory that is not Java's, over 10,000 inferences in a process of its own. */
class InferenceLeakTest {
    private static final int WARM = 3_000;
    private static final int INFERENCES = 10_000;
    private static final int LOOK_EVERY = 500;

    /** What compilers and the allocators of C may still come to hold. */
    private static final long SLACK_KB = 16 << 10;

    @Test
    @EnabledOnOs(OS.LINUX)
    @EnabledIfSystemProperty(named = "stress", matches = "true")
    void tenThousandInferencesLeaveNothingBehind() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xms256m",
                                "-Xmx256m",
                                "-XX:+AlwaysPreTouch", // so that what grows is not Java's
                                "-cp",
                                System.getProperty("java.class.path"),
                                InferenceLeakTest.class.getName(),
                                Backbones.ofUser().resolve("").toString(),
                                Repository.file("functions/local/samples/key/03.jpg").toString())
                        .redirectErrorStream(true)
                        .start();
        String told =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), told);
        String[] kilobytes = told.substring(told.lastIndexOf('\n') + 1).split(" ");
        long before = Long.parseLong(kilobytes[0]);
        long after = Long.parseLong(kilobytes[1]);
        System.out.println("InferenceLeakTest: resident " + before + " -> " + after + " kB");
        assertTrue(after < before + SLACK_KB, after + " kB after " + before);
    }

    /**
     * Prints the least that was resident in either half, in kB, as it goes up and down.
     *
     * @param arguments the network and a photo
     */
    public static void main(String[] arguments) throws IOException {
        byte[] photo = Files.readAllBytes(Path.of(arguments[1]));
        try (OnnxBackbone backbone = OnnxBackbone.open(Path.of(arguments[0]), 1)) {
            FeatureExtractor extractor = new FeatureExtractor(backbone);
            long[] least = {Long.MAX_VALUE, Long.MAX_VALUE};
            for (int i = 0; i < WARM + INFERENCES; i++) {
                extractor.extract(photo);
                if (i >= WARM && i % LOOK_EVERY == 0) {
                    System.gc(); // frees buffers outside the heap whose owners are gone
                    int half = (i - WARM) / (INFERENCES / 2);
                    least[half] = Math.min(least[half], resident());
                }
            }
            System.out.println(least[0] + " " + least[1]);
        }
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
