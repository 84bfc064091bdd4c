package dev.graft.feature;

import static dev.graft.feature.LabelSource.CORRECTION;
import static dev.graft.feature.LabelSource.FILE;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The last decisions about the label of an image in one {@link LabelSet}. They outlive broken
 * uploads and deletions of the key. Immutable.
 *
 * @param changes newest first, at most {@value #KEPT}
 */
public record LabelHistory(List<LabelChange> changes) {
    private static final int KEPT = 20;

    /** Before the first decision. */
    static final LabelHistory NONE = new LabelHistory(List.of());

    /** Copies. */
    public LabelHistory {
        changes = List.copyOf(changes);
    }

    /** The label now. */
    public Optional<Label> label() {
        return changes.stream().findFirst().flatMap(LabelChange::label);
    }

    /** The last decision that is so. */
    Optional<LabelChange> last(Predicate<LabelChange> so) {
        return changes.stream().filter(so).findFirst();
    }

    /** Whether a person said that the label is right after it was given. */
    boolean isConfirmed() {
        return changes.size() > 1
                && changes.get(0).source() == CORRECTION
                && changes.get(0).name().equals(changes.get(1).name());
    }

    /** Whether a person or a label file ever decided, which is remembered without an object too. */
    boolean decided() {
        return last(change -> change.source() == CORRECTION || change.source() == FILE).isPresent();
    }

    /** With one more, which counts. */
    LabelHistory with(LabelChange change) {
        return new LabelHistory(
                Stream.concat(Stream.of(change), changes.stream()).limit(KEPT).toList());
    }

    /** With one that counts once the last does no more. */
    LabelHistory withSecond(LabelChange change) {
        List<LabelChange> second = new ArrayList<>(changes);
        second.add(1, change);
        return new LabelHistory(second.stream().limit(KEPT).toList());
    }

    /** Without the last one. */
    LabelHistory withoutLast() {
        return new LabelHistory(changes.subList(1, changes.size()));
    }

    /**
     * After a picture came. The first of these that is there counts: what a person last decided
     * about this picture, what a label file last said of the key, what the image brings.
     *
     * @param imageHash of the picture
     * @param brought label of its object
     * @return the same history if the label stays
     */
    LabelHistory after(String imageHash, Optional<Label> brought, Instant now) {
        Optional<String> hash = Optional.of(imageHash);
        LabelChange counts =
                last(change -> change.source() == CORRECTION && change.imageHash().equals(hash))
                        .or(() -> last(change -> change.source() == FILE))
                        .orElseGet(
                                () ->
                                        new LabelChange(
                                                brought.map(Label::name),
                                                brought.map(Label::source)
                                                        .orElse(LabelSource.FOLDER),
                                                "",
                                                now,
                                                hash));
        boolean stays =
                last(change -> true)
                        .filter(
                                last ->
                                        last.name().equals(counts.name())
                                                && last.source() == counts.source())
                        .isPresent();
        boolean nothing = changes.isEmpty() && counts.name().isEmpty();
        return stays || nothing ? this : with(counts);
    }

    /**
     * After the picture of another key moved to the key of this one, see {@link
     * ImageRecord#withDecisionsOf}.
     *
     * @param imageHash of the picture that is here already
     * @return the same history if there is nothing that is not known here
     */
    LabelHistory withThoseOf(LabelHistory from, Optional<String> imageHash, Instant now) {
        if (!from.decided() || changes.containsAll(from.changes)) {
            return this;
        }
        LinkedHashSet<LabelChange> all = new LinkedHashSet<>();
        last(change -> change.source() == FILE).ifPresent(all::add);
        all.addAll(from.changes);
        all.addAll(changes);
        LabelHistory merged = new LabelHistory(all.stream().limit(KEPT).toList());
        // a picture that is here already has the label that it would have if it came now
        return imageHash.map(hash -> merged.after(hash, label(), now)).orElse(merged);
    }
}
