package dev.graft.ingest;

import dev.graft.feature.LabelSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a {@link LabelFileReader} found in a file.
 *
 * @param lines what it says, in its order
 * @param unlabelled numbers of the lines that name an image and no label
 * @param failed numbers of the lines that stand for a labelling job that failed
 */
record LabelFile(List<Line> lines, List<Integer> unlabelled, List<Integer> failed) {
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
     * @param set whose label it is
     * @param label in Unicode NFC
     */
    record Line(int number, String key, LabelSet set, String label) {}

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
