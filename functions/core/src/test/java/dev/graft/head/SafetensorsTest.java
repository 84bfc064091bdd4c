package dev.graft.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.testing.Tensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@link HeadFilesTest} reads tensors of float32. */
class SafetensorsTest {
    private static final byte[] FILE =
            Tensors.float16(
                    Map.of("a", new float[] {1, -2.5f}, "b", new float[] {3}), "about", "two");

    @Test
    void readsTensorsOfFloat16AndTexts() throws IOException {
        Safetensors tensors = Safetensors.read(FILE);
        assertArrayEquals(new float[] {1, -2.5f}, tensors.floats("a"));
        assertArrayEquals(new float[] {3}, tensors.floats("b"));
        assertEquals("two", tensors.text("about"));
        assertEquals("", tensors.text("none"));
    }

    @Test
    void namesWhatIsMissing() {
        refused("no c", FILE, "c");
        refused("no b", Arrays.copyOf(FILE, FILE.length - 1), "b");
        refused("header of -1 bytes", new byte[3], "a");
        byte[] other =
                new String(FILE, StandardCharsets.ISO_8859_1)
                        .replace("F16", "I16")
                        .getBytes(StandardCharsets.ISO_8859_1);
        refused("of I16, expected F32 or F16", other, "a");
    }

    private static void refused(String reason, byte[] file, String tensor) {
        String message =
                assertThrows(IOException.class, () -> Safetensors.read(file).floats(tensor))
                        .getMessage();
        assertTrue(message.contains(reason), message);
    }
}
