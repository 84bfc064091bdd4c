package dev.graft.library;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.LabelSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Undo} has to know of a change to take it back, as a file of its own.
 *
 * @param what somebody did, in words
 * @param deleted keys of images whose files are kept, in the order of the numbers of these files;
 *     empty text for one that is forgotten
 * @param decided labels that were given or taken away
 * @param set whose labels and classes these are; null in files of before there were sets
 * @param classes that were deleted or got another name, as they were
 * @param added keys of images that were added; none in files of earlier versions
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Change(
        String what,
        List<String> deleted,
        List<Decided> decided,
        @Nullable String set,
        Map<String, Classes.Kept> classes,
        List<String> added) {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    Change {
        added = Objects.requireNonNullElse(added, List.of());
    }

    /** Without an image that was added. */
    Change(
            String what,
            List<String> deleted,
            List<Decided> decided,
            LabelSet set,
            Map<String, Classes.Kept> classes) {
        this(what, deleted, decided, set.name(), classes, List.of());
    }

    /**
     * A decision about a label.
     *
     * @param time in ISO 8601, as it stands in the record of the image
     */
    record Decided(String key, String by, String time) {
        static Decided of(Library.Made made) {
            return new Decided(made.key(), made.by(), made.time().toString());
        }

        Instant instant() {
            return Instant.parse(time);
        }
    }

    /** Where the file of an image is among those that are kept. */
    List<Integer> numbers(Collection<String> keys) {
        return IntStream.range(0, deleted.size())
                .filter(i -> keys.contains(deleted.get(i)))
                .boxed()
                .toList();
    }

    /**
     * Without what it says of images that are forgotten; the others keep their numbers.
     *
     * @param told whether a text names one of the images
     */
    Change without(Collection<String> keys, Predicate<String> told) {
        return new Change(
                told.test(what) ? "what was done to an image that is forgotten now" : what,
                deleted.stream().map(key -> keys.contains(key) ? "" : key).toList(),
                decided.stream().filter(one -> !keys.contains(one.key())).toList(),
                set,
                classes,
                added.stream().filter(key -> !keys.contains(key)).toList());
    }

    LabelSet labelSet() {
        return set == null ? LabelSet.DEFAULT : new LabelSet(set);
    }

    static Change read(String id, byte[] file) {
        try {
            return JSON.readValue(file, Change.class);
        } catch (IOException e) {
            throw new DamagedFileException(
                    "the file of change %s cannot be read: what it changed stays, set it right by hand"
                            .formatted(id),
                    e);
        }
    }

    byte[] json() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (IOException e) {
            throw new UncheckedIOException("texts always become JSON", e);
        }
    }
}
