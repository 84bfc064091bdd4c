package dev.graft.importer;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What an annotation file says, collected while it is read. */
final class Annotations {
    private final String file;
    private final Map<String, List<String>> pictures = new LinkedHashMap<>();
    private final List<LeftOut> leftOut = new ArrayList<>();
    private final Map<String, Integer> notes = new LinkedHashMap<>();

    /** Of a file of this name. */
    Annotations(String file) {
        this.file = file;
    }

    /** Labels by the reference to their picture, as it is written, in the order of the file. */
    Map<String, List<String>> pictures() {
        return pictures;
    }

    List<LeftOut> leftOut() {
        return leftOut;
    }

    /** Sentences, each with how often it was so in front. */
    List<String> notes() {
        return notes.entrySet().stream()
                .map(
                        note ->
                                String.format(
                                        Locale.ROOT,
                                        "%s: %,d %s",
                                        file,
                                        note.getValue(),
                                        note.getKey()))
                .toList();
    }

    /**
     * The labels of a picture; those that are blank are left out. Where a picture comes again, what
     * is said last counts, and a difference is told.
     */
    void add(String reference, Collection<String> labels) {
        List<String> cleaned = clean(labels);
        List<String> before = pictures.put(reference.strip(), cleaned);
        if (before != null && !before.equals(cleaned)) {
            leaveOut(
                    "the labels %s of %s".formatted(before, reference),
                    "the file names the picture again with the labels %s, which count"
                            .formatted(cleaned));
        }
    }

    /** Labels in Unicode NFC, each once and sorted. */
    static List<String> clean(Collection<String> labels) {
        return labels.stream()
                .map(label -> Normalizer.normalize(label.strip(), Normalizer.Form.NFC))
                .filter(label -> !label.isEmpty())
                .collect(
                        Collectors.collectingAndThen(
                                Collectors.toCollection(TreeSet::new), List::copyOf));
    }

    void leaveOut(String what, String why) {
        leftOut.add(new LeftOut(file + ", " + what, why));
    }

    /** Something that is told once, with how often it was so. */
    void note(String plural) {
        notes.merge(plural, 1, Integer::sum);
    }

    /** This, unless it says nothing of any picture. */
    Optional<Annotations> ifAny() {
        return pictures.isEmpty() && leftOut.isEmpty() ? Optional.empty() : Optional.of(this);
    }
}
