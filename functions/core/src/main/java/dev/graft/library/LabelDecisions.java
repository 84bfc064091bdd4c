package dev.graft.library;

import dev.graft.feature.ImageIndex;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore;
import dev.graft.feature.StoreCalls;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Who decided about labels since when, and how to take it back: what one caller or one label file
 * said of many images, by mistake or on purpose. Looks at what changed, not at what is stored, some
 * of it in each call. Safe for use by many threads; throws {@link dev.graft.feature.StoreException}
 * if a store does not answer.
 */
public final class LabelDecisions {
    private static final int AT_ONCE = 1000;

    private final LabelStore labels;
    private final ImageIndex index;
    private final Library library;

    /** Over the labels and the lists of the same images, and what changes the labels. */
    public LabelDecisions(LabelStore labels, ImageIndex index, Library library) {
        this.labels = labels;
        this.index = index;
        this.library = library;
    }

    /**
     * Whose decisions.
     *
     * @param by see {@link LabelChange#by}
     * @param since the first of them at the earliest
     * @param until the last of them at the latest
     */
    public record Whose(String by, Instant since, Instant until) {
        private boolean isOf(LabelChange change) {
            return change.by().equals(by) && isDecided(change, since, until);
        }
    }

    /**
     * What one caller or one label file decided.
     *
     * @param images whose label it decided last
     * @param first when
     * @param last when
     */
    public record By(String by, LabelSource source, int images, Instant first, Instant last) {
        private By and(By other) {
            return new By(
                    by,
                    source,
                    images + other.images,
                    Stream.of(first, other.first).min(Comparator.naturalOrder()).orElseThrow(),
                    Stream.of(last, other.last).max(Comparator.naturalOrder()).orElseThrow());
        }
    }

    /**
     * Some of the decisions.
     *
     * @param each by caller and source, the most images first
     * @param next from when to go on; empty if nothing is left
     */
    public record Since(List<By> each, Optional<Instant> next) {}

    /**
     * What was taken back.
     *
     * @param changed images that have the label they had before
     * @param next from when to go on; empty if nothing is left
     */
    public record Undone(int changed, Optional<Instant> next) {}

    /** An image that changed, and the decisions about it. */
    private record Decided(String key, List<LabelChange> history) {
        private LabelChange last() {
            return history.getFirst();
        }
    }

    /** Who decided last about the images that changed at this time or later. */
    public Since since(Instant since) {
        ImageIndex.Changes changes = index.changes(since, AT_ONCE);
        Map<List<Object>, By> each = new LinkedHashMap<>();
        for (Decided image : decided(changes)) {
            LabelChange last = image.last();
            if (isDecided(last, since, Instant.MAX)) {
                each.merge(
                        List.of(last.by(), last.source()),
                        new By(last.by(), last.source(), 1, last.time(), last.time()),
                        By::and);
            }
        }
        return new Since(
                each.values().stream().sorted(Comparator.comparing(By::images).reversed()).toList(),
                changes.next());
    }

    /**
     * Gives images the label back that they had before these decisions, where they are the last;
     * what somebody decided later stays. Safe to repeat.
     *
     * @param from where to begin; {@link Whose#since} in the first call
     * @param caller who takes it back
     */
    public Undone undo(Whose whose, Instant from, String caller) {
        ImageIndex.Changes changes = index.changes(from, AT_ONCE);
        List<LabelStore.Decision> decisions = new ArrayList<>();
        for (Decided image : decided(changes)) {
            if (whose.isOf(image.last())) {
                Optional<String> before =
                        image.history().stream()
                                .filter(change -> !whose.isOf(change))
                                .findFirst()
                                .flatMap(LabelChange::name);
                decisions.add(
                        LabelStore.Decision.of(image.key(), before, caller)
                                .inPlaceOf(Optional.of(image.last().name())));
            }
        }
        int changed = library.label(decisions, made -> {}).changed();
        return new Undone(changed, changes.next());
    }

    private List<Decided> decided(ImageIndex.Changes changes) {
        return StoreCalls.concurrently(
                        changes.images().stream()
                                .map(ImageIndex.Change::key)
                                .<Callable<Decided>>map(
                                        key -> () -> new Decided(key, labels.history(key)))
                                .toList())
                .stream()
                .filter(image -> !image.history().isEmpty())
                .toList();
    }

    /** By somebody, not by the object itself. */
    private static boolean isDecided(LabelChange change, Instant since, Instant until) {
        return (change.source() == LabelSource.CORRECTION || change.source() == LabelSource.FILE)
                && !change.time().isBefore(since)
                && !change.time().isAfter(until);
    }
}
