package dev.graft.ingest;

import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelsPerImage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads text files that label many images, as people, spreadsheets and labelling tools write them.
 * The ending, in upper or lower case, says how it is read:
 *
 * <ul>
 *   <li>{@code .csv} and {@code .tsv}: two fields a row, key and label, or with a heading a third
 *       one, the label set, see {@link CsvLabels};
 *   <li>{@code .jsonl} and {@code .manifest}: a JSON object a line, see {@link JsonLabels}.
 * </ul>
 *
 * <p>Common to both: the text is UTF-8, or UTF-16 with a byte order mark. A key may start with
 * {@code s3://BUCKET/}. Blank lines are passed over. A line that names an image and no label is
 * counted; every other line that says something else than expected refuses the whole file, with the
 * number of the line in the file. Of two lines about one key and label set the later counts.
 */
final class LabelFileReader {
    /** The most images that one file labels, as a Lambda call has to get through them. */
    static final int MAX_LINES = 100_000;

    private static final Pattern ENDING = Pattern.compile("\\.(csv|tsv|jsonl|manifest)$");

    private LabelFileReader() {}

    /**
     * Reads all of a file, or nothing.
     *
     * @param name its name; only the ending matters
     * @param labelsPerImage of a label set
     * @throws UnreadableLabelFileException if the ending is none of those above or a line is wrong
     */
    static LabelFile read(
            String name, byte[] bytes, Function<LabelSet, LabelsPerImage> labelsPerImage) {
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
        if (file.lines().size() > MAX_LINES) {
            throw new UnreadableLabelFileException(
                    String.format(
                            Locale.ROOT,
                            "%s labels %,d images, expected at most %,d: split it",
                            name,
                            file.lines().size(),
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
}
