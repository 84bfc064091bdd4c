package dev.graft.index;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageIndex.Change;
import dev.graft.feature.ImageRecord.Picture;
import dev.graft.feature.Label;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps a {@link VectorIndex} as the images are: every one is in it, also those that there is
 * memory for, as that depends on the memory of whoever asks. Changes are applied in the order of
 * their times, and the time is kept after each page, so that a call that was cut goes on where it
 * was; what it does twice is the same. The first filling is likewise, from the beginning. One call
 * at a time.
 */
public final class FollowVectors {
    private static final int CHANGES_AT_ONCE = 4_000;

    private final FeatureStore features;
    private final ImageIndex index;
    private final IndexStore files;
    private final VectorIndex vectors;
    private final InstantSource clock;

    /** Between these, all of the default label set. */
    public FollowVectors(
            FeatureStore features,
            ImageIndex index,
            IndexStore files,
            VectorIndex vectors,
            InstantSource clock) {
        this.features = features;
        this.index = index;
        this.files = files;
        this.vectors = vectors;
        this.clock = clock;
    }

    /**
     * Applies what changed since, for a backbone and for each that has vectors.
     *
     * @param end when to stop; call again to go on
     * @return whether all are up to date
     */
    public boolean run(String backbone, Instant end) {
        Set<String> all = new HashSet<>(backbones());
        all.add(backbone);
        boolean done = true;
        for (String one : all) {
            done &= follow(one, end);
        }
        return done;
    }

    private List<String> backbones() {
        return files.names().stream()
                .flatMap(name -> VectorsWritten.backbone(name).stream())
                .toList();
    }

    private boolean follow(String backbone, Instant end) {
        Instant now = clock.instant();
        VectorsWritten written =
                VectorsWritten.read(files, backbone, vectors.place())
                        .filter(known -> !known.isTooOld(now))
                        .orElseGet(() -> emptied(backbone, now));
        Optional<Instant> more = Optional.of(written.since());
        while (more.isPresent() && clock.instant().isBefore(end)) {
            ImageIndex.Changes told = index.changes(more.get(), CHANGES_AT_ONCE);
            more = told.next();
            apply(backbone, before(more, told.images()));
            Instant upTo = later(written.since(), now.minus(BuildIndex.LAG));
            written =
                    more.isPresent()
                            ? new VectorsWritten(written.place(), more.get(), written.begun())
                            : new VectorsWritten(written.place(), upTo, Optional.empty());
            written.write(files, backbone);
        }
        return more.isEmpty();
    }

    /** Noted before anything is put, so that nothing is in an index that no file names. */
    private VectorsWritten emptied(String backbone, Instant now) {
        vectors.drop(backbone);
        VectorsWritten none = new VectorsWritten(vectors.place(), Instant.EPOCH, Optional.of(now));
        none.write(files, backbone);
        return none;
    }

    /** The others are told again with the next ones. */
    private static List<Change> before(Optional<Instant> next, List<Change> images) {
        return images.stream()
                .filter(image -> next.filter(time -> !image.changed().isBefore(time)).isEmpty())
                .toList();
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private void apply(String backbone, List<Change> images) {
        List<Change> there = images.stream().filter(image -> isOf(backbone, image)).toList();
        Map<String, FeatureStore.Vector> read = new HashMap<>();
        features.vectors(there.stream().map(Change::key).toList(), backbone)
                .forEach(feature -> read.put(feature.key(), feature));
        List<VectorIndex.Vector> found =
                there.stream()
                        .flatMap(
                                image ->
                                        Optional.ofNullable(read.get(image.key()))
                                                .flatMap(feature -> vector(feature, image))
                                                .stream())
                        .toList();
        Set<String> gone = new TreeSet<>();
        images.forEach(image -> gone.add(image.key()));
        found.forEach(image -> gone.remove(image.key()));
        if (!found.isEmpty()) {
            vectors.put(backbone, found);
        }
        if (!gone.isEmpty()) {
            vectors.delete(backbone, List.copyOf(gone));
        }
    }

    private static boolean isOf(String backbone, Change image) {
        return image.picture().filter(known -> known.backbones().contains(backbone)).isPresent();
    }

    /**
     * Empty for a feature of another picture, as its change is told again, and for zeros, which are
     * like nothing.
     */
    private static Optional<VectorIndex.Vector> vector(FeatureStore.Vector feature, Change image) {
        float[] values = KeptFeature.stored(feature.feature()).unit();
        boolean same =
                image.picture().map(Picture::imageHash).equals(Optional.of(feature.imageHash()));
        boolean zeros = true;
        for (float value : values) {
            zeros &= value == 0;
        }
        boolean labelled = image.label().map(Label::name).filter(Label::isOfClass).isPresent();
        return same && !zeros
                ? Optional.of(new VectorIndex.Vector(feature.key(), values, labelled))
                : Optional.empty();
    }

    /**
     * Deletes images that are to be forgotten from every index.
     *
     * @return what they were deleted from, for people
     */
    public List<String> forget(List<String> keys) {
        List<String> all = backbones();
        all.forEach(backbone -> vectors.delete(backbone, keys));
        return all.stream().map(backbone -> vectors.name() + "/" + backbone).toList();
    }

    /** Deletes the vectors of a backbone that is out of use; does nothing where there are none. */
    public void delete(String backbone) {
        if (backbones().contains(backbone)) {
            vectors.drop(backbone);
            files.delete(VectorsWritten.name(backbone));
        }
    }
}
