package dev.graft.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelFileTest {

    private static Map<String, String> read(String name, String text) {
        return LabelFile.read(name, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void csvWithHeadingQuotesAndAnyLineEnd() {
        String text =
                "\uFEFFkey,label\r\nimages/a.jpg,cat\r\n\"images/b, \"\"odd\"\".jpg\",\"big\ncat\"\n\nimages/猫.jpg, dog ";
        assertEquals(
                Map.of(
                        "images/a.jpg", "cat",
                        "images/b, \"odd\".jpg", "big\ncat",
                        "images/猫.jpg", "dog"),
                read("labels/x.csv", text));
    }

    @Test
    void ofTwoLinesAboutOneKeyTheLaterCounts() {
        assertEquals(
                Map.of("images/a.jpg", "dog"),
                read("labels/x.csv", "images/a.jpg,cat\nimages/a.jpg,dog\n"));
    }

    @Test
    void linesOfJsonAndOfGroundTruth() {
        String text =
                """
                {"key": "images/a.jpg", "label": "cat"}

                {"source-ref": "s3://photos/images/b/c.jpg", "job": 3, "job-metadata": {"class-name": "dog", "type": "groundtruth/image-classification"}}
                """;
        Map<String, String> expected = Map.of("images/a.jpg", "cat", "images/b/c.jpg", "dog");
        assertEquals(expected, read("labels/x.jsonl", text));
        assertEquals(expected, read("labels/x.manifest", text));
    }

    @Test
    void severalLabelsAreJoined() {
        String text =
                """
                {"key": "images/a.jpg", "labels": ["sky", "sea", "sky"]}
                {"key": "images/b.jpg", "label": "sea+sky"}
                {"source-ref": "s3://photos/images/c.jpg", "job": [1, 0], "job-metadata": {"class-map": {"1": "sky", "0": "sea"}, "type": "groundtruth/image-classification-multilabel"}}
                """;
        Map<String, String> read = read("labels/x.jsonl", text);
        assertEquals(3, read.size());
        read.values().forEach(label -> assertEquals("sea+sky", label));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    x.csv      | images/a.jpg;cat                          | line 1
                    x.csv      | images/a.jpg,cat,dog                      | line 1
                    x.csv      | images/a.jpg,                             | line 1
                    x.csv      | photos/a.jpg,cat                          | photos/a.jpg
                    x.csv      | images/a.jpg,"cat                         | does not end
                    x.jsonl    | {"key": "images/a.jpg"                    | line 1
                    x.jsonl    | {"key": "images/a.jpg"}                   | label ''
                    x.jsonl    | {"key": "images/a.jpg", "labels": []}     | label ''
                    x.manifest | {"source-ref": "s3://b/images/a", "x": 1} | label ''
                    """)
    void aWrongLineIsNamed(String name, String text, String expected) {
        var refused = assertThrows(IllegalArgumentException.class, () -> read(name, text));
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    }

    @Test
    void otherBytesThanUtf8AreRefused() {
        byte[] latin1 = "images/Kätzchen.jpg,cat".getBytes(StandardCharsets.ISO_8859_1);
        assertThrows(IllegalArgumentException.class, () -> LabelFile.read("x.csv", latin1));
    }

    @Test
    void whatExportWritesIsReadBack() {
        String csv = "key,label\r\nimages/a.jpg,\"cat, big\"\r\n";
        assertEquals(Map.of("images/a.jpg", "cat, big"), read("labels/x.csv", csv));
    }
}
