package dev.graft.versions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.head.HeadCard;
import dev.graft.head.HeadFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FindingsTest {
    @Test
    void namesTheClassThatMoreImagesHelpMost() throws IOException {
        Findings findings = Findings.of(recorded("format-1.json"));
        assertEquals(
                "More images help key most: 8 more images would bring about 9 points of F1.",
                findings.mostHelped());
        assertEquals(
                "10 more images would bring about 4 points", findings.moreImages().get("gear"));
        assertFalse(findings.multiLabel());
    }

    @Test
    void knowsAMultiLabelHead() throws IOException {
        Findings findings = Findings.of(recorded("format-1-several.json"));
        assertTrue(findings.multiLabel());
        assertTrue(findings.accuracy().contains("every label of an image and no other"));
    }

    @Test
    void saysNothingOfWhatAHeadDoesNotTell() throws IOException {
        Findings findings = Findings.of(card("{}".getBytes(StandardCharsets.UTF_8)));
        assertEquals("", findings.interval());
        assertEquals("", findings.calibration());
        assertEquals("", findings.leftOut());
        assertEquals("", findings.mostHelped());
        assertTrue(findings.moreImages().isEmpty());
    }

    private static HeadCard recorded(String name) throws IOException {
        try (InputStream in = FindingsTest.class.getResourceAsStream("/heads/" + name)) {
            return card(in.readAllBytes());
        }
    }

    private static HeadCard card(byte[] file) {
        return HeadFiles.card("v", name -> Optional.of(file));
    }
}
