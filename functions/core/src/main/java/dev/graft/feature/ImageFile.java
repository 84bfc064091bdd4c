package dev.graft.feature;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An object of the images bucket.
 *
 * @param object its key, and which bytes these are
 * @param bytes the file
 * @param tagLabels values of its tags {@code label}, of the default label set, and {@code
 *     label.<set>}
 * @param metadataLabels values of its metadata {@code x-amz-meta-label} and {@code
 *     x-amz-meta-label-<set>}, likewise
 */
public record ImageFile(
        StoredObject object,
        byte[] bytes,
        Map<LabelSet, String> tagLabels,
        Map<LabelSet, String> metadataLabels) {
    private static final String LABEL = "label";
    private static final String METADATA = "-";

    /** With what all tags and all metadata of the object say, by their names. */
    public static ImageFile of(
            StoredObject object,
            byte[] bytes,
            Map<String, String> tags,
            Map<String, String> metadata) {
        return new ImageFile(object, bytes, labels(tags, "."), labels(metadata, METADATA));
    }

    /** The metadata, by name, of an object that says its label in a label set. */
    public static Map<String, String> metadata(LabelSet set, String label) {
        return Map.of(set.isDefault() ? LABEL : LABEL + METADATA + set, label);
    }

    /** Whatever else has a name like that is none of ours. */
    private static Map<LabelSet, String> labels(Map<String, String> all, String separator) {
        Map<LabelSet, String> labels = new HashMap<>();
        all.forEach(
                (name, value) -> {
                    if (name.startsWith(LABEL + separator)) {
                        LabelSet.named(name.substring(LABEL.length() + 1))
                                .ifPresent(set -> labels.put(set, value));
                    }
                });
        Optional.ofNullable(all.get(LABEL)).ifPresent(value -> labels.put(LabelSet.DEFAULT, value));
        return labels;
    }

    /** What its tag says in the default label set. */
    public Optional<String> tagLabel() {
        return Optional.ofNullable(tagLabels.get(LabelSet.DEFAULT));
    }

    /** What its metadata say in the default label set. */
    public Optional<String> metadataLabel() {
        return Optional.ofNullable(metadataLabels.get(LabelSet.DEFAULT));
    }

    /** Its key, decoded. */
    public String key() {
        return object.key();
    }
}
