package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.backbone.Backbones;
import dev.graft.feature.FeatureExtractor;
import dev.graft.onnx.OnnxBackbone;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
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

    /** What Java itself may come to hold; 200 bytes an inference that are lost are more. */
    private static final long SLACK_KB = 1 << 10;

    /** The fields of {@code struct mallinfo2} of glibc 2.33 on, all of {@code size_t}. */
    private static final int FIELDS = 10;

    private static final int IN_MAPPED_PAGES = 4;
    private static final int IN_HEAP = 7;

    @Test
    @EnabledOnOs(OS.LINUX)
    @EnabledIfSystemProperty(named = "stress", matches = "true")
    void tenThousandInferencesLeaveNothingBehind() throws Exception {
        ProcessBuilder builder =
                JavaProcess.of(
                        InferenceLeakTest.class.getName(),
                        Backbones.ofUser().resolve("").toString(),
                        Repository.file("functions/local/samples/key/03.jpg").toString());
        builder.environment().put("MALLOC_ARENA_MAX", "1"); // the one that mallinfo2 tells of
        Process process = builder.start();
        String told =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), told);
        String[] kilobytes = told.substring(told.lastIndexOf('\n') + 1).split(" ");
        long before = Long.parseLong(kilobytes[0]);
        long after = Long.parseLong(kilobytes[1]);
        System.out.println("InferenceLeakTest: allocated " + before + " -> " + after + " kB");
        assertTrue(after < before + SLACK_KB, after + " kB after " + before);
    }

    /**
     * Prints the least that was allocated in either half, in kB, as it goes up and down.
     *
     * @param arguments the network and a photo
     */
    public static void main(String[] arguments) throws Throwable {
        byte[] photo = Files.readAllBytes(Path.of(arguments[1]));
        try (OnnxBackbone backbone = OnnxBackbone.open(Path.of(arguments[0]), 1)) {
            FeatureExtractor extractor = new FeatureExtractor(backbone);
            long[] least = {Long.MAX_VALUE, Long.MAX_VALUE};
            for (int i = 0; i < WARM + INFERENCES; i++) {
                extractor.extract(photo);
                if (i >= WARM && i % LOOK_EVERY == 0) {
                    System.gc(); // frees buffers outside the heap whose owners are gone
                    int half = (i - WARM) / (INFERENCES / 2);
                    least[half] = Math.min(least[half], allocated());
                }
            }
            System.out.println(least[0] + " " + least[1]);
        }
    }

    /** What {@code malloc} has given out and was not given back, in kB. */
    @SuppressWarnings("restricted")
    private static long allocated() throws Throwable {
        Linker linker = Linker.nativeLinker();
        var fields = MemoryLayout.sequenceLayout(FIELDS, ValueLayout.JAVA_LONG);
        var mallinfo2 =
                linker.downcallHandle(
                        linker.defaultLookup().find("mallinfo2").orElseThrow(),
                        FunctionDescriptor.of(MemoryLayout.structLayout(fields)));
        try (Arena arena = Arena.ofConfined()) {
            var info = (MemorySegment) mallinfo2.invoke((SegmentAllocator) arena);
            long bytes =
                    info.getAtIndex(ValueLayout.JAVA_LONG, IN_MAPPED_PAGES)
                            + info.getAtIndex(ValueLayout.JAVA_LONG, IN_HEAP);
            return bytes >> 10;
        }
    }
}
