package dev.graft.ingest;

import dev.graft.feature.LabelsPerImage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text file that labels many images, as people, spreadsheets and labelling tools write them. Its
 * ending, in upper or lower case, says how it is read:
 *
 * <ul>
 *   <li>{@code .csv} and {@code .tsv}: two fields a row, key and label, see {@link CsvLabels};
 *   <li>{@code .jsonl} and {@code .manifest}: a JSON object a line, see {@link JsonLabels}.
 * </ul>
 *
 * <p>Common to both: the text is UTF-8, or UTF-16 with a byte order mark. A key may start with
 * {@code s3://BUCKET/}. Blank lines are passed over. A line that names an image and no label is
 * counted; every other line that says something else than expected refuses the whole file, with the
 * number of the line in the file. Of two lines about one key the later counts.
 *
 * @param lines what it says, in its order
 * @param unlabelled numbers of the lines that name an image and no label
 * @param failed numbers of the lines that stand for a labelling job that failed
 */
record LabelFile(List<Line> lines, List<Integer> unlabelled, List<Integer> failed) {
    /** The most images that one file labels, as a Lambda call has to get through them. */
    static final int MAX_LINES = 100_000;

    private static final Pattern ENDING = Pattern.compile("\\.(csv|tsv|jsonl|manifest)$");

    LabelFile {
        lines = List.copyOf(lines);
        unlabelled = List.copyOf(unlabelled);
        failed = List.copyOf(failed);
    }

    /**
     * The label of an image.
     *
     * @param number of the line in the file, from 1
     * @param key of the image, as the file writes it; see {@link WrittenKey}
     * @param label in Unicode NFC
     */
    record Line(int number, String key, String label) {}

    /**
     * Reads all of a file, or nothing.
     *
     * @param name its name; only the ending matters
     * @param labelsPerImage of the product
     * @throws UnreadableLabelFileException if the ending is none of those above or a line is wrong
     */
    static LabelFile read(String name, byte[] bytes, LabelsPerImage labelsPerImage) {
        Matcher ending = ENDING.matcher(name.toLowerCase(Locale.ROOT));
        if (!ending.find()) {
            throw new UnreadableLabelFileException(
                    name
                            + " is no label file by its ending, expected .csv, .tsv, .jsonl or"
                            + " .manifest: save it as one of these, or delete it");
        }
        LabelLines lines = new LabelLines(name, labelsPerImage);
        String text = text(name, bytes);
        switch (ending.group(1)) {
            case "csv", "tsv" -> CsvLabels.read(text, lines);
            default -> JsonLabels.read(text, lines);
        }
        LabelFile file = lines.file();
        if (file.lines.size() > MAX_LINES) {
            throw new UnreadableLabelFileException(
                    String.format(
                            Locale.ROOT,
                            "%s labels %,d images, expected at most %,d: split it",
                            name,
                            file.lines.size(),
                            MAX_LINES));
        }
        return file;
    }

    private static String text(String name, byte[] bytes) {
        boolean wide =
                bytes.length >= 2
                        && ((bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xff) == 0xff
                                || (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xfe);
        Charset charset = wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
        try {
            String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UnreadableLabelFileException(
                    name + " is not UTF-8 text: save it as UTF-8", e);
        }
    }

    /**
     * What the owner should know of the use of the file; empty if every line did what it should.
     *
     * @param unmatched lines whose key no image has, in the order of the file
     */
    String notes(List<Line> unmatched) {
        List<String> notes = new ArrayList<>();
        if (!unmatched.isEmpty()) {
            Line first = unmatched.getFirst();
            notes.add(
                    String.format(
                            Locale.ROOT,
                            "when the file was read, %,d of %,d lines matched an image; the first that did not is line %d, '%s': its label waits for an image of that key",
                            lines.size() - unmatched.size(),
                            lines.size(),
                            first.number(),
                            first.key()));
        }
        if (!unlabelled.isEmpty()) {
            notes.add(counted(unlabelled) + " without a label");
        }
        if (!failed.isEmpty()) {
            notes.add(counted(failed) + " of a labelling job that failed");
        }
        return String.join("; ", notes);
    }

    private static String counted(List<Integer> numbers) {
        return numbers.size() == 1
                ? "line " + numbers.getFirst() + " is"
                : String.format(
                        Locale.ROOT,
                        "%,d lines, the first is line %d, are",
                        numbers.size(),
                        numbers.getFirst());
    }
}
