package dev.graft.ingest;

import dev.graft.feature.ImageStore;
import dev.graft.feature.KeyFolders;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelsPerImage;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** Collects the lines of a {@link LabelFile} while it is read. */
final class LabelLines {
    private final String file;
    private final Function<LabelSet, LabelsPerImage> labelsPerImage;
    private final Map<Place, LabelFile.Line> lines = new LinkedHashMap<>();
    private final List<Integer> unlabelled = new ArrayList<>();
    private final List<Integer> failed = new ArrayList<>();

    private record Place(String key, LabelSet set) {}

    LabelLines(String file, Function<LabelSet, LabelsPerImage> labelsPerImage) {
        this.file = file;
        this.labelsPerImage = labelsPerImage;
    }

    /**
     * A line that labels an image.
     *
     * @param set name of the label set; blank for the default one, and where it is a split
     * @param labels those that are blank are left out; without any left, the line has no label
     * @throws UnreadableLabelFileException if the key is none of an image, the set cannot be one,
     *     or there are several labels where an image has one
     */
    void add(int line, String key, String set, Collection<String> labels) {
        LabelSet named = set(line, set.strip());
        String inBucket = key.strip().replaceFirst("^s3://[^/]+/", "");
        if (!inBucket.startsWith(ImageStore.PREFIX)) {
            throw wrong(
                    line,
                    "the key is '%s', expected one that starts with %s"
                            .formatted(key, ImageStore.PREFIX));
        }
        var names = new TreeSet<String>();
        labels.stream()
                .map(label -> Normalizer.normalize(label.strip(), Normalizer.Form.NFC))
                .filter(label -> !label.isEmpty())
                .forEach(names::add);
        if (names.size() > 1 && labelsPerImage.apply(named) == LabelsPerImage.ONE) {
            throw wrong(
                    line,
                    "the labels are %s, expected one, as images have one label here"
                            .formatted(String.join(" and ", names)));
        }
        if (names.isEmpty()) {
            unlabelled.add(line);
        } else {
            String written = inBucket.equals(key.strip()) ? key : inBucket;
            lines.put(
                    new Place(written, named),
                    new LabelFile.Line(line, written, named, Label.join(names)));
        }
    }

    private LabelSet set(int line, String name) {
        return name.isEmpty() || KeyFolders.isSplit(name)
                ? LabelSet.DEFAULT
                : LabelSet.named(name)
                        .orElseThrow(
                                () ->
                                        wrong(
                                                line,
                                                "the label set is '%s', expected lower-case letters, digits and hyphens, a letter first"
                                                        .formatted(name)));
    }

    /** A line that stands for a labelling job that failed. */
    void failed(int line) {
        failed.add(line);
    }

    /** A line that cannot be used. */
    UnreadableLabelFileException wrong(int line, String problem) {
        return new UnreadableLabelFileException(
                "%s line %d: %s; no line of the file was used, mend it and upload it again"
                        .formatted(file, line, problem));
    }

    LabelFile file() {
        return new LabelFile(List.copyOf(lines.values()), unlabelled, failed);
    }
}
