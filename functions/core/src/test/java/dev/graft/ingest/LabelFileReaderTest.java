package dev.graft.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.LabelsPerImage;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelFileReaderTest {
    private static final String ONE = "groundtruth/image-classification";
    private static final String SEVERAL = "groundtruth/image-classification-multilabel";

    private static LabelFile file(String name, String text, LabelsPerImage labelsPerImage) {
        return LabelFileReader.read(
                name, text.getBytes(StandardCharsets.UTF_8), set -> labelsPerImage);
    }

    private static Map<String, String> read(String name, String text) {
        return labels(file(name, text, LabelsPerImage.ONE));
    }

    private static Map<String, String> labels(LabelFile file) {
        Map<String, String> labels = new LinkedHashMap<>();
        file.lines().forEach(line -> labels.put(line.key(), line.label()));
        return labels;
    }

    private static String refused(String name, String text) {
        return assertThrows(UnreadableLabelFileException.class, () -> read(name, text))
                .getMessage();
    }

    /** A job of a manifest, without its comma. */
    private static String job(String name, String type, String date, String answer) {
        return """
        "%1$s": 0, "%1$s-metadata": {"type": "%2$s", "creation-date": "%3$s", "job-name": "j", %4$s}"""
                .formatted(name, type, date, answer);
    }

    private static String className(String name, String date, String label) {
        return job(name, ONE, date, "\"class-name\": \"" + label + "\"");
    }

    private static String line(String... jobs) {
        return "{\"source-ref\": \"s3://b/images/a.jpg\", " + String.join(", ", jobs) + "}";
    }

    private static List<String> ofSets(String name, String text) {
        return file(name, text, LabelsPerImage.ONE).lines().stream()
                .map(line -> line.key() + " " + line.set() + " " + line.label())
                .toList();
    }

    @Test
    void aThirdColumnNamesTheLabelSet() {
        List<String> expected =
                List.of("images/a damage dent", "images/a default car", "images/b season winter");
        for (String separator : List.of(",", ";", "\t")) {
            String text =
                    "Key,Label,Set\nimages/a,rust,damage\nimages/a,dent,damage\nimages/a,car,\nimages/b,winter,season\n";
            assertEquals(expected, ofSets("a.csv", text.replace(",", separator)));
        }
        String json =
                """
                {"key": "images/a", "label": "dent", "set": "damage"}
                {"key": "images/a", "label": "car", "set": null}
                {"key": "images/b", "labels": ["winter"], "set": "season"}
                """;
        assertEquals(expected, ofSets("a.jsonl", json));
    }

    @Test
    void whatDataSetsCallASplitIsNoLabelSet() {
        List<String> expected = List.of("images/a default dent");
        assertEquals(expected, ofSets("a.csv", "key,label,set\nimages/a,dent,Train\n"));
        assertEquals(
                expected,
                ofSets(
                        "a.jsonl",
                        "{\"key\": \"images/a\", \"label\": \"dent\", \"set\": \"validation\"}"));
    }

    @Test
    void refusesASetThatCannotBeOneAndAThirdFieldWithoutHeading() {
        assertTrue(
                refused("a.csv", "key,label,set\nimages/a,dent,Damage 1\n")
                        .contains("line 2: the label set is 'Damage 1'"));
        assertTrue(
                refused("a.csv", "images/a,dent,damage\n").contains("number of fields is 3"),
                "without a heading");
        assertTrue(
                refused("a.csv", "key,label,set\nimages/a,dent,damage,x\n")
                        .contains("number of fields is 4, expected 3"));
        String number = "{\"key\": \"images/a\", \"label\": \"dent\", \"set\": 3}";
        assertTrue(refused("a.jsonl", number).contains("set is 3, expected a text"));
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key;label\nimages/a.jpg;cat\nimages/b,c.jpg;dog",
                "Key;Label\r\nimages/a.jpg;cat\r\nimages/b,c.jpg;dog\r\n",
                "images/a.jpg;cat\nimages/b,c.jpg;dog\n",
                "sep=;\r\nkey;label\r\nimages/a.jpg;cat\r\nimages/b,c.jpg;dog",
                "SEP=|\nimages/a.jpg|cat\nimages/b,c.jpg|dog",
                "key\tlabel\nimages/a.jpg\tcat\nimages/b,c.jpg\tdog\n",
                "KEY\tLABEL\nimages/a.jpg \t cat\nimages/b,c.jpg\t \"dog\" \t\n",
                "key,label,,\nimages/a.jpg,cat,,\n\"images/b,c.jpg\",dog,,\n,,,\n",
                " key , label \n images/a.jpg , cat \n \"images/b,c.jpg\" , \"dog\"\n , \n",
                "\"key\";\"label\"\r\"images/a.jpg\";\"cat\"\r\"images/b,c.jpg\";\"dog\"\r"
            })
    void csvAsSpreadsheetsSaveIt(String text) {
        Map<String, String> expected = Map.of("images/a.jpg", "cat", "images/b,c.jpg", "dog");
        assertEquals(expected, read("labels/x.CSV", text));
        assertEquals(expected, read("labels/x.tsv", text));
    }

    @Test
    void unicodeTextOfASpreadsheetIsUtf16() {
        String text = "\uFEFFkey\tlabel\r\nimages/猫.jpg\tKätzchen\r\n";
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            LabelFile read =
                    LabelFileReader.read(
                            "x.tsv", text.getBytes(charset), set -> LabelsPerImage.ONE);
            assertEquals(Map.of("images/猫.jpg", "Kätzchen"), labels(read));
        }
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
                {"key": "s3://photos/images/d.jpg", "label": 7}
                """;
        Map<String, String> expected =
                Map.of("images/a.jpg", "cat", "images/b/c.jpg", "dog", "images/d.jpg", "7");
        assertEquals(expected, read("labels/x.jsonl", text));
        assertEquals(expected, read("labels/x.MANIFEST", text));
    }

    @Test
    void severalLabelsAreJoinedWhereAnImageMayHaveThem() {
        String text =
                """
                {"key": "images/a.jpg", "labels": ["sky", "sea", "sky"]}
                {"key": "images/b.jpg", "label": "sea+sky"}
                {"source-ref": "s3://photos/images/c.jpg", "job": [1, 0], "job-metadata": {"class-map": {"1": "sky", "0": "sea"}, "type": "groundtruth/image-classification-multilabel"}}
                """;
        LabelFile read = file("labels/x.jsonl", text, LabelsPerImage.SEVERAL);
        assertEquals(3, read.lines().size());
        read.lines().forEach(line -> assertEquals("sea+sky", line.label()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"key\": \"images/a.jpg\", \"labels\": [\"sky\", \"sea\"]}",
                "{\"key\": \"images/a.jpg\", \"label\": [\"sky\", \"sea\"]}"
            })
    void severalLabelsAreRefusedWhereAnImageHasOne(String text) {
        String message = refused("x.jsonl", "\n" + text);
        assertTrue(message.startsWith("x.jsonl line 2: the labels are sea and sky"), message);
    }

    @Test
    void aLabelIsATextOrANumberAndNullIsNone() {
        String text =
                """
                {"key": "images/a.jpg", "label": null}
                {"key": "images/b.jpg", "labels": [null]}
                {"key": "images/c.jpg", "labels": []}
                {"key": "images/d.jpg", "label": " "}
                {"source-ref": "s3://b/images/e.jpg", "j": 0, "j-metadata": {"class-name": null, "type": "groundtruth/image-classification"}}
                {"source-ref": "s3://b/images/f.jpg", "j": [], "j-metadata": {"class-map": {}, "type": "groundtruth/image-classification-multilabel"}}
                {"key": "images/g.jpg", "label": "null"}
                """;
        LabelFile read = file("x.jsonl", text, LabelsPerImage.ONE);
        assertEquals(Map.of("images/g.jpg", "null"), labels(read));
        assertEquals(List.of(1, 2, 3, 4, 5, 6), read.unlabelled());
        for (String wrong : List.of("true", "{\"name\": {}}", "[[\"cat\"]]", "[false]")) {
            String line = "{\"key\": \"images/a.jpg\", \"label\": %s}".formatted(wrong);
            assertTrue(refused("x.jsonl", line).contains("expected a text or a number"), wrong);
        }
    }

    @Test
    void onlyJobsAboutTheClassOfTheImageCount() {
        String cat = className("animal", "2020-01-01T00:00:00", "cat");
        for (String type :
                List.of(
                        "groundtruth/label-verification",
                        "groundtruth/object-detection",
                        "groundtruth/semantic-segmentation",
                        "groundtruth/custom",
                        "")) {
            String other = job("other", type, "2021", "\"class-name\": \"bad\"");
            assertEquals(Map.of("images/a.jpg", "cat"), read("x.manifest", line(other, cat)));
            assertEquals(Map.of("images/a.jpg", "cat"), read("x.manifest", line(cat, other)));
            String boxes =
                    job("b", type, "2021", "\"class-map\": {\"0\": \"bird\", \"1\": \"cat\"}");
            String message = refused("x.manifest", line(cat) + "\n" + line(boxes));
            assertTrue(message.startsWith("x.manifest line 2: the types"), message);
            assertTrue(message.contains("[" + type + "], expected " + ONE), message);
        }
    }

    @Test
    void ofSeveralJobsTheNewestCounts() {
        String first = className("first", "2020-01-01T00:00:00", "wrong");
        String second = className("second", "2021-01-01T00:00:00", "right");
        String undated = className("third", "", "wrong");
        Map<String, String> right = Map.of("images/a.jpg", "right");
        assertEquals(right, read("x.manifest", line(first, second)));
        assertEquals(right, read("x.manifest", line(second, first, undated)));
        assertEquals(right, read("x.manifest", line(undated, second)));
        String finer = className("finer", "2021-01-01T00:00:00.25", "finer");
        assertEquals(Map.of("images/a.jpg", "finer"), read("x.manifest", line(finer, second)));
        String several =
                job("s", SEVERAL, "2022", "\"class-map\": {\"0\": \"sea\", \"1\": \"sky\"}");
        LabelFile joined = file("x.manifest", line(several, second), LabelsPerImage.SEVERAL);
        assertEquals(Map.of("images/a.jpg", "sea+sky"), labels(joined));
        String message = refused("x.manifest", line(several, second));
        assertTrue(message.contains("line 1: the labels are sea and sky, expected one"), message);
    }

    @Test
    void jobsOfOneDateBelongTogetherAsRekognitionWritesThem() {
        String sunrise = className("ds_Sunrise", "2020", "Sunrise");
        String sea = className("ds_Sea", "2020", "Sea");
        String text = line(sunrise, sea);
        LabelFile joined = file("x.manifest", text, LabelsPerImage.SEVERAL);
        assertEquals(Map.of("images/a.jpg", "Sea+Sunrise"), labels(joined));
        assertTrue(refused("x.manifest", text).contains("Sea and Sunrise"));
        assertEquals(
                Map.of("images/a.jpg", "Sea"),
                read("x.manifest", line(sea, className("again", "2020", "Sea"))));
    }

    @Test
    void aJobThatFailedIsCounted() {
        String failed = "\"f-metadata\": {\"failure-reason\": \"expired\", \"job-name\": \"f\"}";
        String text = line(className("j", "2020", "cat")) + "\n\n" + line(failed) + "\n";
        LabelFile read = file("x.manifest", text, LabelsPerImage.ONE);
        assertEquals(Map.of("images/a.jpg", "cat"), labels(read));
        assertEquals(List.of(3), read.failed());
        LabelFile second =
                file("x.manifest", line(failed, className("j", "2020", "cat")), LabelsPerImage.ONE);
        assertEquals(Map.of("images/a.jpg", "cat"), labels(second), "another job labelled it");
        assertEquals(List.of(), second.failed());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    x.csv      | images/a.jpg cat                           | line 1: the number of fields is 1
                    x.csv      | images/a.jpg,cat,dog                       | line 1: the number of fields is 3
                    x.csv      | photos/a.jpg,cat                           | line 1: the key is 'photos/a.jpg'
                    x.csv      | cat,images/a.jpg                           | line 1: the key is 'cat'
                    x.csv      | images/a.jpg,"cat                          | line 1: a quoted field
                    x.jsonl    | {"key": "images/a.jpg"                     | line 1: expected one JSON object
                    x.jsonl    | {"key": "images/a.jpg", "label": "a"} x    | line 1: expected one JSON object
                    x.jsonl    | [{"key": "images/a.jpg", "label": "a"}]    | line 1: found JSON of another kind
                    x.jsonl    | {"key": "images/a.jpg", "lable": "cat"}    | line 1: found neither label nor labels
                    x.jsonl    | {"key": "images/a", "key": "b", "label": 1} | Duplicate
                    x.jsonl    | {"key": 7, "label": "cat"}                 | line 1: key is 7
                    x.jsonl    | {"label": "cat"}                           | line 1: key is missing
                    x.manifest | {"source-ref": "s3://b/images/a", "x": 1}  | line 1: the types of its labels are []
                    x.manifest | {"source-ref": null, "x": 1}               | line 1: source-ref is null
                    x.xlsx     | PK                                         | expected .csv, .tsv, .jsonl or .manifest
                    """)
    void aWrongLineIsNamed(String name, String text, String expected) {
        String message = refused(name, text);
        assertTrue(message.contains(expected), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    key,label\\nimages/a.jpg,cat\\nb.jpg,dog                           | 3
                    key,label\\n"images/a\\n.jpg","big\\n\\ncat"\\nb.jpg,dog           | 6
                    \\n\\nkey,label\\n\\nimages/a.jpg,cat\\n\\nb.jpg,dog               | 7
                    sep=;\\nkey;label\\nimages/a.jpg;cat\\nb.jpg;dog                   | 4
                    key,label\\r\\nimages/a.jpg,"x\\r\\ny"\\r\\n,,\\r\\nb.jpg,dog\\r\\n | 5
                    "images/a\\n.jpg",cat\\n"b\\n.jpg",dog                              | 3
                    """)
    void lineNumbersAreThoseOfTheFile(String text, int line) {
        String message = refused("x.csv", text.replace("\\n", "\n").replace("\\r", "\r"));
        assertTrue(message.startsWith("x.csv line " + line + ": the key is 'b"), message);
    }

    @Test
    void theLinesGivenBackHaveTheirNumbers() {
        LabelFile read =
                file(
                        "x.csv",
                        "key,label\nimages/a.jpg,\"a\nb\"\n\nimages/b.jpg,b\nimages/c.jpg, ",
                        LabelsPerImage.ONE);
        assertEquals(List.of(2, 5), read.lines().stream().map(LabelFile.Line::number).toList());
        assertEquals(List.of(6), read.unlabelled());
    }

    @Test
    void otherBytesThanUtf8AreRefused() {
        byte[] latin1 = "images/Kätzchen.jpg,cat".getBytes(StandardCharsets.ISO_8859_1);
        assertThrows(
                UnreadableLabelFileException.class,
                () -> LabelFileReader.read("x.csv", latin1, set -> LabelsPerImage.ONE));
    }

    @Test
    void whatExportWritesIsReadBack() {
        String csv = "key,label\r\nimages/a.jpg,\"cat, big\"\r\n";
        assertEquals(Map.of("images/a.jpg", "cat, big"), read("labels/x.csv", csv));
    }

    @Test
    void tooManyLinesAreRefused() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= LabelFileReader.MAX_LINES; i++) {
            text.append("images/").append(i).append(".jpg,cat\n");
        }
        assertTrue(refused("x.csv", text.toString()).contains("labels 100,001 images"));
    }
}
