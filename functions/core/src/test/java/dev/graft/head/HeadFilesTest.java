package dev.graft.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.StoreException;
import dev.graft.testing.Heads;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeadFilesTest {
    private final Head head = head(Activation.SOFTMAX);

    private static Head head(Activation activation) {
        return new Head(
                "v1",
                List.of("cat", "dog"),
                "net",
                new Head.Parameters(
                        new float[] {1, 2, 3, 4, 5, 6},
                        new float[] {.5f, -1},
                        new float[] {7, 8, 9},
                        new float[] {1, 2, 4},
                        1.5,
                        activation));
    }

    @Test
    void readsWhatWasWritten() {
        Map<String, byte[]> files = HeadFiles.write(head, Heads.card(head));
        Head read = HeadFiles.read("v1", name -> Optional.ofNullable(files.get(name)));
        assertEquals(head.classes(), read.classes());
        assertEquals("net", read.backbone());
        float[] feature = {8, 8, 9};
        assertArrayEquals(head.probabilities(feature), read.probabilities(feature));
        // Scores by hand: (0.5 + 1) / 1.5 and (-1 + 4) / 1.5.
        assertEquals(1 / (1 + Math.exp(1)), read.probabilities(feature)[0], 1e-12);
    }

    @Test
    void aSigmoidHeadIsReadAsSuchAndAnOlderFileAsSoftmax() {
        Head several = head(Activation.SIGMOID);
        var sigmoid = new HashMap<>(HeadFiles.write(several, Heads.card(several)));
        float[] feature = {8, 8, 9};
        Head read = HeadFiles.read("v1", name -> Optional.ofNullable(sigmoid.get(name)));
        // Scores by hand: 0.5 + 1 and -1 + 4.
        double[] p = read.probabilities(feature);
        assertEquals(1 / (1 + Math.exp(-1)), p[0], 1e-12);
        assertEquals(1 / (1 + Math.exp(-2)), p[1], 1e-12);
        assertEquals(List.of("cat", "dog"), read.labels(p));
        assertEquals("cat+dog", read.label(p));
        assertEquals(p[0], read.confidence(p));
        assertEquals("cat", read.label(new double[] {.3, .1}), "an image shows something");
        String json = new String(sigmoid.get(HeadFiles.CARD), StandardCharsets.UTF_8);
        String older = json.replaceFirst(",\\s*\"activation\"[^,\n]*", "");
        assertFalse(older.equals(json));
        sigmoid.put(HeadFiles.CARD, older.getBytes(StandardCharsets.UTF_8));
        Head before = HeadFiles.read("v1", name -> Optional.ofNullable(sigmoid.get(name)));
        assertEquals(Activation.SOFTMAX, before.activation());
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
