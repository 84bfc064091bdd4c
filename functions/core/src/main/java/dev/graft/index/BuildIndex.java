package dev.graft.index;

import dev.graft.feature.DamagedFileException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Writes the files of the index from those that are there and what changed since; the whole table
 * is read only where there are none. One at a time.
 */
public final class BuildIndex {
    /** Longer than a change takes to show in an index of the table. */
    static final Duration LAG = Duration.ofMinutes(2);

    /** Well before deletions are told no more. */
    private static final Duration KEPT = Duration.ofDays(5);

    /** So many changes are quickly read by whoever reads the files. */
    private static final int WORTH_IT = 100;

    private final FeatureStore features;
    private final ImageListing listing;
    private final IndexStore store;
    private final InstantSource clock;
    private final FeatureRows.Limits limits;

    /**
     * Between these.
     *
     * @param listing of the same images
     */
    public BuildIndex(
            FeatureStore features, ImageListing listing, IndexStore store, InstantSource clock) {
        this(features, listing, store, clock, FeatureRows.Limits.ofThisMachine());
    }

    BuildIndex(
            FeatureStore features,
            ImageListing listing,
            IndexStore store,
            InstantSource clock,
            FeatureRows.Limits limits) {
        this.features = features;
        this.listing = listing;
        this.store = store;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Writes the files if they are missing, if they will soon be too old, if one in a hundred
     * images or {@value #WORTH_IT} have changed since, or if other images are marked as none of the
     * classes.
     *
     * @param backbones ids of those whose features are to be in it
     * @return every picture as it is now
     */
    public Collection<ImageIndex.Change> run(Set<String> backbones) {
        Instant begun = clock.instant();
        ImageListing.Stored images = listing.stored();
        int changed = images.follow(listing.index());
        boolean due =
                changed * 100L > images.pictures().size()
                        || changed >= WORTH_IT
                        || images.complete().plus(KEPT).isBefore(begun);
        OptionalInt marked = OptionalInt.of(marked(images.pictures().values()));
        List<String> stale =
                backbones.stream().filter(id -> due || !markedBefore(id).equals(marked)).toList();
        for (String backbone : stale) {
            FeatureFile file = file(backbone, images, begun);
            if (file.rows().size() > 0) {
                store.write(FeatureFile.name(backbone), FeatureFile.write(file));
            }
        }
        if (due) {
            listing.write(new ImageListing.Stored(begun.minus(LAG), images.pictures()));
        }
        return images.pictures().values();
    }

    /**
     * Writes the files anew from what there is now, as one names an image that was forgotten. Those
     * of which nothing is left are deleted.
     *
     * @param backbones ids of those whose features are to be written anew
     */
    public void rewrite(Set<String> backbones) {
        Instant begun = clock.instant();
        ImageListing.Stored images = listing.stored();
        images.follow(listing.index());
        for (String backbone : backbones) {
            FeatureFile file = file(backbone, images, begun);
            if (file.rows().size() > 0) {
                store.write(FeatureFile.name(backbone), FeatureFile.write(file));
            } else {
                delete(backbone);
            }
        }
        listing.write(new ImageListing.Stored(begun.minus(LAG), images.pictures()));
    }

    /** What writes the files of a label set. */
    public BuildIndex in(LabelSet set) {
        return new BuildIndex(features.in(set), listing.in(set), store.in(set), clock, limits);
    }

    /** The files. */
    public IndexStore files() {
        return store;
    }

    /** The lists and counters of the same images. */
    public ImageIndex index() {
        return listing.index();
    }

    /** Deletes the file of a backbone that is out of use. */
    public void delete(String backbone) {
        store.delete(FeatureFile.name(backbone));
    }

    private FeatureFile file(String backbone, ImageListing.Stored images, Instant begun) {
        FeatureRows rows =
                before(backbone).map(file -> file.rows()).orElseGet(() -> scanned(backbone));
        List<ImageIndex.Change> lacking = new ArrayList<>();
        rows.retain(images.pictures().keySet());
        rows.apply(List.copyOf(images.pictures().values()), backbone, lacking);
        rows.fill(lacking, backbone, features);
        rows.arrange();
        Novelty novelty = Novelty.of(rows.neighbours());
        int marked = marked(images.pictures().values());
        return new FeatureFile(marked, begun.minus(LAG), novelty, rows);
    }

    private FeatureRows scanned(String backbone) {
        FeatureRows rows = new FeatureRows(limits);
        features.scan(
                backbone,
                image ->
                        rows.put(
                                new FeatureStore.Vector(
                                        image.key(),
                                        image.imageHash(),
                                        image.feature(),
                                        image.thumbnail()),
                                image.label().map(label -> label.name()),
                                Instant.EPOCH));
        return rows;
    }

    private static int marked(Collection<ImageIndex.Change> images) {
        return (int)
                images.stream()
                        .flatMap(image -> image.label().stream())
                        .filter(label -> !Label.isOfClass(label.name()))
                        .count();
    }

    /** Of the file that is there; empty if there is none of today's format. */
    private OptionalInt markedBefore(String backbone) {
        return store.read(FeatureFile.name(backbone), 0, FeatureFile.BEGINNING)
                .map(part -> FeatureFile.marked(part.bytes()))
                .orElseGet(OptionalInt::empty);
    }

    /**
     * The file that is there; empty if it is damaged, of an older format, or many deletions have
     * left it small.
     */
    private Optional<FeatureFile> before(String backbone) {
        if (markedBefore(backbone).isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<InputStream> file = Download.whole(store, FeatureFile.name(backbone));
            return file.map(bytes -> FeatureFile.read(bytes, limits))
                    .filter(found -> !found.rows().isHalfEmpty());
        } catch (DamagedFileException e) {
            return Optional.empty();
        }
    }
}
