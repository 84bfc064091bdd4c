package dev.graft.head;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.versions.HeadReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The recorded cards were written by commit c237cfd, before a card said its format. */
class HeadCardTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static byte[] recorded(String name) throws IOException {
        try (InputStream file = HeadCardTest.class.getResourceAsStream("/heads/" + name)) {
            return file.readAllBytes();
        }
    }

    private static HeadCard read(byte[] file) {
        return HeadFiles.card("v", name -> Optional.of(file));
    }

    @Test
    void aCardOfFormat1KeepsEveryFigure() throws IOException {
        HeadCard card = read(recorded("format-1.json"));
        assertEquals(1, card.format());
        assertEquals(List.of("gear", "key", "washer"), card.classes());
        assertEquals(Activation.SOFTMAX, card.activationFunction());
        assertEquals("development", card.codeVersion());
        assertNull(card.provenance());
        assertEquals(6, card.tried().size());
        assertTrue(card.dataHash().startsWith("c8b5c62e"), card.dataHash());
        assertEquals(22, card.decision().comparison().challengerRight());
        assertEquals(27, card.decision().preview().images());
        assertEquals(8, card.validation().confusion()[2][2]);
        assertEquals(0.675, card.validation().accuracyInterval()[0], 1e-3);
        assertEquals(10, card.validation().classes().getFirst().learningCurve().moreImages());
        assertEquals(9, card.validation().calibration().before().size());
        assertEquals("key", card.validation().mistakes().getFirst().predicted());
        assertEquals(2, card.validation().labelDoctor().suspects());
        String report = new String(HeadReport.write(card), StandardCharsets.UTF_8);
        assertTrue(report.contains("85.2 %"), report);
        assertTrue(report.contains("67.5 % and 94.1 %"), report);
    }

    /** Whoever reads the stored keys finds them again in what is written now. */
    @Test
    void whatIsWrittenNowHasAllTheKeysOfFormat1() throws IOException {
        for (String name : List.of("format-1.json", "format-1-several.json")) {
            JsonNode before = JSON.readTree(recorded(name));
            assertContains(before, JSON.valueToTree(read(recorded(name))), name);
        }
    }

    private static void assertContains(JsonNode before, JsonNode now, String path) {
        before.properties()
                .forEach(
                        field -> {
                            String at = path + "/" + field.getKey();
                            JsonNode value = now.get(field.getKey());
                            assertNotNull(value, at);
                            if (field.getValue().isObject()) {
                                assertContains(field.getValue(), value, at);
                            } else {
                                assertEquals(field.getValue().toString(), value.toString(), at);
                            }
                        });
    }

    @Test
    void whatACardDoesNotKnowIsNotWrittenAsAFigure() {
        HeadCard bare = read("{\"version\": \"v\"}".getBytes(StandardCharsets.UTF_8));
        JsonNode json = JSON.valueToTree(bare);
        assertTrue(json.path("validation").path("accuracyInterval").isMissingNode());
        assertTrue(json.path("validation").path("calibration").isMissingNode());
        assertTrue(new String(HeadReport.write(bare), StandardCharsets.UTF_8).contains("Head v"));
    }
}
