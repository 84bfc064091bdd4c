package dev.graft.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.StoreException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeadFilesTest {
    private final Head head =
            new Head(
                    "v1",
                    List.of("cat", "dog"),
                    "net",
                    new Head.Parameters(
                            new float[] {1, 2, 3, 4, 5, 6},
                            new float[] {.5f, -1},
                            new float[] {7, 8, 9},
                            new float[] {1, 2, 4},
                            1.5));

    @Test
    void readsWhatWasWritten() {
        Map<String, byte[]> files =
                HeadFiles.write(head, new ObjectMapper().createObjectNode().put("snapshot", "s"));
        Head read = HeadFiles.read("v1", name -> Optional.ofNullable(files.get(name)));
        assertEquals(head.classes(), read.classes());
        assertEquals("net", read.backbone());
        float[] feature = {8, 8, 9};
        assertArrayEquals(head.probabilities(feature), read.probabilities(feature));
        // Scores by hand: (0.5 + 1) / 1.5 and (-1 + 4) / 1.5.
        assertEquals(1 / (1 + Math.exp(1)), read.probabilities(feature)[0], 1e-12);
    }

    @Test
    void missingAndDamagedFilesSayWhatToDo() {
        var missing =
                assertThrows(
                        StoreException.class, () -> HeadFiles.read("v9", name -> Optional.empty()));
        assertTrue(missing.getMessage().contains("v9"), missing.getMessage());
        assertThrows(
                StoreException.class,
                () -> HeadFiles.read("v9", name -> Optional.of(new byte[] {'{'})));
    }

    @Test
    void refusesAFeatureOfAnotherWidth() {
        var e =
                assertThrows(
                        IllegalArgumentException.class, () -> head.probabilities(new float[2]));
        assertTrue(e.getMessage().contains("2 values"), e.getMessage());
    }
}
