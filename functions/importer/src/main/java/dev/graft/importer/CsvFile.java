package dev.graft.importer;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Annotation files of one picture a row: {@code _classes.csv} of Roboflow, whose heading has the
 * classes and whose rows have 1 where a picture shows one; and rows of a picture and its labels, as
 * Vertex AI ({@code [use,]gs://bucket/picture[,label…]}) and Graft have them. A tab separates the
 * fields of a {@code .tsv}.
 */
final class CsvFile {
    private static final String ROBOFLOW = "_classes.csv";
    private static final Set<String> USES =
            Set.of("training", "train", "validation", "test", "unassigned");
    private static final Pattern PICTURE =
            Pattern.compile("(?i)((gs|s3|https?)://.+|.+\\.(jpe?g|png|gif|webp|bmp|tiff?|heic))");

    private static final CsvMapper CSV =
            CsvMapper.builder()
                    .enable(
                            CsvParser.Feature.WRAP_AS_ARRAY,
                            CsvParser.Feature.TRIM_SPACES,
                            CsvParser.Feature.SKIP_EMPTY_LINES)
                    .build();

    private CsvFile() {}

    /** What it says; empty if no row names a picture. */
    static Optional<Annotations> read(String name, InputStream file) throws IOException {
        Annotations annotations = new Annotations(name);
        char separator = name.toLowerCase(Locale.ROOT).endsWith(".tsv") ? '\t' : ',';
        CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator);
        boolean roboflow = name.endsWith(ROBOFLOW);
        int row = 0;
        try (MappingIterator<String[]> rows =
                CSV.readerFor(String[].class).with(schema).readValues(file)) {
            List<String> heading = roboflow && rows.hasNextValue() ? fields(rows) : List.of();
            while (rows.hasNextValue()) {
                row++;
                if (roboflow) {
                    classes(row, heading, fields(rows), annotations);
                } else {
                    labels(row, new ArrayList<>(fields(rows)), annotations);
                }
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "%s, row %d: a quoted field does not end where it should: mend its quotes"
                            .formatted(name, row + 1),
                    e);
        }
        return annotations.pictures().isEmpty() ? Optional.empty() : Optional.of(annotations);
    }

    private static List<String> fields(MappingIterator<String[]> rows) throws IOException {
        return List.of(rows.nextValue()).stream()
                .map(field -> field.replace("\uFEFF", "").strip())
                .toList();
    }

    private static void classes(
            int row, List<String> heading, List<String> fields, Annotations to) {
        List<String> labels = new ArrayList<>();
        for (int i = 1; i < fields.size(); i++) {
            String field = fields.get(i);
            if (i >= heading.size() || !field.matches("[01](\\.0*)?")) {
                to.leaveOut(
                        "row %d, field %d".formatted(row, i + 1),
                        "found '%s', expected 0 or 1 below a class of the heading"
                                .formatted(field));
            } else if (field.startsWith("1")) {
                labels.add(heading.get(i));
            }
        }
        to.add(fields.getFirst(), labels);
    }

    private static void labels(int row, List<String> fields, Annotations to) {
        if (fields.size() > 1 && USES.contains(fields.getFirst().toLowerCase(Locale.ROOT))) {
            fields.removeFirst();
        }
        String picture = fields.removeFirst();
        boolean heading = row == 1 && picture.equalsIgnoreCase("key");
        if (PICTURE.matcher(picture).matches()) {
            to.add(picture, fields);
        } else if (!heading) {
            to.leaveOut("row " + row, "'%s' names no picture".formatted(picture));
        }
    }
}
