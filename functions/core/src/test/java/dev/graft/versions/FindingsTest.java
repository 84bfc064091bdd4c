package dev.graft.versions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

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
    void namesClassesOfFewImages() throws IOException {
        Findings findings =
                Findings.of(card("{\"weak\": {\"fox\": 2}}".getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                "Learned from few images, so little is known of them: fox 2.", findings.weak());
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

    @Test
    void copiesThatLiftTheFigureAreWarnedOf() throws IOException {
        String fewer = withDuplicates(0.87, 0).nearDuplicates();
        assertFalse(fewer.contains("altered copies"), fewer);
        String more = withDuplicates(0.89, 0).nearDuplicates();
        assertTrue(more.contains("the true figure may be lower"), more);
        assertFalse(more.contains("older build"), more);
        String unseen = withDuplicates(0.87, 5).nearDuplicates();
        assertTrue(unseen.contains("5 images were stored by an older build"), unseen);
    }

    /** The accuracy is 0.85; with folds by hash it is another one. */
    private static Findings withDuplicates(double byHash, int unseen) throws IOException {
        return Findings.of(card(tree(byHash, unseen).toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static JsonNode tree(double byHash, int unseen) throws IOException {
        JsonNode head = JSON.readTree(bytes("format-1.json"));
        ObjectNode validation = (ObjectNode) head.get("validation");
        ((ObjectNode) validation.get("asUsuallyMeasured")).put("accuracy", byHash);
        JsonNode duplicates =
                JSON.readTree(
                        """
                        {"groups": 1, "unseen": %d, "first": [[
                          {"key": "images/a.jpg", "label": "<i>"}, {"key": "images/b.jpg", "label": "c"}]]}
                        """
                                .formatted(unseen));
        validation.set("duplicates", duplicates);
        return head;
    }

    @Test
    void aReportNamesItsTrainingAndWhatIsThereTwice() throws IOException {
        HeadCard plain = recorded("format-1.json");
        String page = report(plain);
        assertTrue(page.contains("As of the training on " + plain.created()), page);
        assertFalse(page.contains("there more than once"), page);
        String twice = report(card(tree(0.85, 0).toString().getBytes(StandardCharsets.UTF_8)));
        assertTrue(twice.contains("1 group of near-duplicates"), twice);
        assertTrue(twice.contains("&lt;i&gt;") && !twice.contains("<i>"), twice);
    }

    /**
     * A map of 500 classes has 250,000 cells, and the response of a Lambda function ends at 6 MB.
     */
    @Test
    void aReportOfManyClassesHasTheirPairsAndNoMap() throws IOException {
        ObjectNode head = (ObjectNode) JSON.readTree(bytes("format-1.json"));
        assertTrue(
                report(card(head.toString().getBytes(StandardCharsets.UTF_8))).contains("\"map\""));
        ArrayNode classes = head.putArray("classes");
        IntStream.range(0, 500).forEach(i -> classes.add("class " + i));
        ObjectNode validation = (ObjectNode) head.get("validation");
        ObjectNode mistake = validation.putArray("mistakes").addObject();
        mistake.put("label", "class 7").put("answer", "class 8").put("images", 3).putArray("keys");
        String page = report(card(head.toString().getBytes(StandardCharsets.UTF_8)));
        assertFalse(page.contains("\"map\""), page);
        assertTrue(page.contains("3 of class 7 taken for class 8"), page);
    }

    private static String report(HeadCard card) {
        return new String(HeadReport.write(card), StandardCharsets.UTF_8);
    }

    private static HeadCard recorded(String name) throws IOException {
        return card(bytes(name));
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = FindingsTest.class.getResourceAsStream("/heads/" + name)) {
            return in.readAllBytes();
        }
    }

    private static HeadCard card(byte[] file) {
        return HeadFiles.card("v", name -> Optional.of(file));
    }
}
