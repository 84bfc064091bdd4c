package dev.graft.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.feature.LabelsPerImage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No label becomes a formula of whoever opens an export. */
class SpreadsheetTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1+1",
                "=HYPERLINK(\"http://evil.example\")",
                "+49",
                "-5",
                "@SUM(A1)",
                "'=x",
                "''-x"
            })
    void aFormulaIsWrittenAsTextAndReadAsItWas(String label) {
        assertEquals("'" + label, SpreadsheetText.written(label));
        assertEquals(label, readFrom("'" + label));
        assertEquals(label.startsWith("'") ? label.substring(1) : label, readFrom(label));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat", "a=b", "'quoted'", "it's", "sea+sky", "'"})
    void otherTextStaysAsItIs(String label) {
        assertEquals(label, SpreadsheetText.written(label));
        assertEquals(label, readFrom(label));
    }

    private static String readFrom(String field) {
        String line = "images/a.jpg,\"" + field.replace("\"", "\"\"") + "\"\n";
        return LabelFileReader.read("labels/a.csv", line.getBytes(UTF_8), set -> LabelsPerImage.ONE)
                .lines()
                .getFirst()
                .label();
    }
}
