package dev.graft.index;

import dev.graft.feature.DamagedFileException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The images of one backbone as they are read from the file of the index, and then follow what
 * changes. Each step may be repeated after a failure. One thread reads; any may relabel.
 */
final class FollowedImages {
    private static final int CHANGES_AT_ONCE = 1_000;
    private static final int STEPS_AT_ONCE = 10;

    /** So many of what came later are read; of more, the next training makes a new file. */
    private static final int MOST_LATER = 5_000;

    private final String backbone;
    private final Download file;
    private final BiFunction<String, KeptFeature, KeptFeature> inMemory;
    private FeatureRows rows = new FeatureRows(FeatureRows.Limits.ofThisMachine());
    private Novelty novelty = Novelty.unmeasured();
    private Instant since = Instant.EPOCH;
    private int later;
    private boolean changed;

    /**
     * Nothing is read yet.
     *
     * @param inMemory gives for a key and its feature an equal one that is in memory already, or
     *     the same
     */
    FollowedImages(
            String backbone,
            IndexStore store,
            BiFunction<String, KeptFeature, KeptFeature> inMemory) {
        this.backbone = backbone;
        this.inMemory = inMemory;
        this.file = new Download(store, FeatureFile.name(backbone));
    }

    String backbone() {
        return backbone;
    }

    /** ETag of the file; empty text if there is none. */
    String etag() {
        return file.etag();
    }

    /** Deletions are told for a week: whoever has not looked for longer may know what is gone. */
    boolean isTooOld(Instant now) {
        return since.isAfter(Instant.EPOCH) && since.plus(ImageListing.GOOD_FOR).isBefore(now);
    }

    /** Reads the file. One that is missing, damaged or too old counts as an empty one. */
    void read(Instant now) {
        if (!file.complete()) {
            return;
        }
        try {
            var found = FeatureFile.read(file.content(), FeatureRows.Limits.ofThisMachine());
            if (found.complete().plus(ImageListing.GOOD_FOR).isAfter(now)) {
                rows = found.rows();
                novelty = found.novelty();
                since = found.complete();
                changed = true;
            }
        } catch (DamagedFileException e) {
            // the next training writes it anew
        }
    }

    /** Notes what changed, at most so much that it is soon done; the rest at the next time. */
    void follow(ImageIndex index, FeatureStore features, Instant now) {
        int steps = later < MOST_LATER ? STEPS_AT_ONCE : 1;
        Optional<Instant> more = Optional.of(since);
        while (more.isPresent() && steps-- > 0) {
            ImageIndex.Changes told = index.changes(since, CHANGES_AT_ONCE);
            List<ImageIndex.Change> lacking = new ArrayList<>();
            changed |= rows.apply(told.images(), backbone, lacking) > 0;
            int room = Math.min(lacking.size(), MOST_LATER - later);
            int added = rows.fill(lacking.subList(0, room), backbone, features);
            later += added;
            changed |= added > 0;
            more = told.next();
            since = more.orElse(max(since, now.minus(BuildIndex.LAG)));
        }
    }

    private static Instant max(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** Notes another label. */
    void relabel(String key, Optional<String> label, Instant time) {
        rows.relabel(key, label, time);
    }

    /** Whether anything is other than at the last snapshot. */
    boolean hasChanged() {
        return changed;
    }

    /** The images as they are now. */
    Neighbours neighbours() {
        changed = false;
        rows.replaceFeatures(inMemory);
        return rows.neighbours();
    }

    /** As it was measured when the file was written. */
    Novelty novelty() {
        return novelty;
    }
}
