package dev.graft.ingest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Label files as spreadsheets save them: two fields a row, key and label, with or without that
 * heading in upper or lower case; three under the heading key, label and set, of which the last,
 * the label set, may be blank for the default one. They are quoted as RFC 4180 says where needed,
 * guarded as {@link SpreadsheetText} says. The separator is what a first line {@code sep=;} says
 * (Excel writes it), else the first of comma, semicolon and tab that gives every row as many
 * fields. Spaces around fields and empty fields behind the label are left out.
 */
final class CsvLabels {
    private static final Pattern SEPARATOR =
            Pattern.compile("^sep=(.)\\R", Pattern.CASE_INSENSITIVE);
    private static final char[] SEPARATORS = {',', ';', '\t'};
    private static final CsvMapper CSV =
            CsvMapper.builder()
                    .enable(
                            CsvParser.Feature.WRAP_AS_ARRAY,
                            CsvParser.Feature.TRIM_SPACES,
                            CsvParser.Feature.SKIP_EMPTY_LINES)
                    .build();

    private CsvLabels() {}

    /**
     * A row that is not blank.
     *
     * @param line the number of its first line in the file, from 1
     */
    private record Row(int line, List<String> fields) {}

    static void read(String text, LabelLines lines) {
        List<Row> rows = rows(text, lines);
        boolean sets = namesSets(rows);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            if (!fits(row, sets)) {
                throw lines.wrong(
                        row.line,
                        "the number of fields is %d, expected %s, separated by a comma, a semicolon or a tab"
                                .formatted(
                                        row.fields.size(),
                                        sets
                                                ? "3: a key, a label and a label set"
                                                : "2: a key and a label"));
            }
            String key = row.fields.get(0);
            String label = SpreadsheetText.read(row.fields.get(1).strip());
            String set = row.fields.size() == 3 ? row.fields.get(2) : "";
            if (i > 0 || !isHeading(row)) {
                lines.add(row.line, key, set, List.of(label));
            }
        }
    }

    private static boolean isHeading(Row row) {
        return row.fields.get(0).strip().equalsIgnoreCase("key")
                && row.fields.get(1).strip().equalsIgnoreCase("label");
    }

    /** Whether the first row is a heading of which the third field is the label set. */
    private static boolean namesSets(List<Row> rows) {
        return !rows.isEmpty()
                && rows.getFirst().fields.size() == 3
                && isHeading(rows.getFirst())
                && rows.getFirst().fields.get(2).strip().equalsIgnoreCase("set");
    }

    private static boolean fits(Row row, boolean sets) {
        return row.fields.size() == 2 || sets && row.fields.size() == 3;
    }

    private static List<Row> rows(String text, LabelLines lines) {
        Matcher said = SEPARATOR.matcher(text);
        if (said.find()) {
            return parse(text.substring(said.end()), said.group(1).charAt(0), 1, lines);
        }
        List<Row> best = List.of();
        @Nullable UnreadableLabelFileException failure = null;
        for (char separator : SEPARATORS) {
            try {
                List<Row> rows = parse(text, separator, 0, lines);
                if (best.isEmpty() || fitting(rows) > fitting(best)) {
                    best = rows;
                }
            } catch (UnreadableLabelFileException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null && fitting(best) == 0) {
            throw failure;
        }
        return best;
    }

    private static long fitting(List<Row> rows) {
        boolean sets = namesSets(rows);
        return rows.stream().filter(row -> fits(row, sets)).count();
    }

    private static List<Row> parse(String text, char separator, int linesBefore, LabelLines lines) {
        List<Row> rows = new ArrayList<>();
        CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator);
        int line = linesBefore + 1;
        try (MappingIterator<String[]> parsed =
                CSV.readerFor(String[].class).with(schema).readValues(text)) {
            while (parsed.hasNextValue()) {
                line = linesBefore + parsed.getParser().currentLocation().getLineNr();
                List<String> fields = withoutTrailingBlanks(List.of(parsed.nextValue()));
                if (!fields.stream().allMatch(String::isBlank)) {
                    rows.add(new Row(line, fields));
                }
            }
            return rows;
        } catch (JacksonException e) {
            throw lines.wrong(line, "a quoted field does not end where it should: mend its quotes");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two fields at least are kept: a label may be blank. */
    private static List<String> withoutTrailingBlanks(List<String> fields) {
        int end = fields.size();
        while (end > 2 && fields.get(end - 1).isBlank()) {
            end--;
        }
        return fields.subList(0, end);
    }
}
