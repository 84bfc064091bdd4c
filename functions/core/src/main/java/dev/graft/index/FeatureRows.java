package dev.graft.index;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord.Picture;
import dev.graft.feature.Label;
import dev.graft.image.Thumbnail;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Images with their features of one backbone, which follow what changes. At most {@value
 * #MOST_VALUES} values are kept, such as those of 23,000 images of 2,048: of more images, those
 * whose content hashes first, which is a fair sample. Safe for use by many threads.
 *
 * @param <F> the form in which features are kept
 */
final class FeatureRows<F> {
    static final long MOST_VALUES = 48_000_000;

    private static final int FOLDS = 5;

    private final Function<byte[], F> form;
    private final Map<String, Row<F>> rows = new HashMap<>();
    private final TreeMap<String, String> keysByHash = new TreeMap<>();
    private String end = "";
    private int width;

    /**
     * An image.
     *
     * @param label empty while nobody said
     * @param imageHash SHA-256 of the file, lower-case hex
     * @param changed when it was as it is here
     * @param signature of its thumbnail, see {@link Thumbnail#signature}
     */
    record Row<F>(
            String key,
            Optional<String> label,
            String imageHash,
            Instant changed,
            F feature,
            byte[] signature) {
        /** The fold of validation that it belongs to. */
        int fold() {
            return ImageFeature.fold(imageHash, FOLDS);
        }

        private Row<F> with(F other) {
            return other == feature
                    ? this
                    : new Row<>(key, label, imageHash, changed, other, signature);
        }

        private Row<F> labelled(Optional<String> now, Instant time) {
            return new Row<>(key, now, imageHash, time, feature, signature);
        }
    }

    /**
     * Without images.
     *
     * @param form makes the form in which a feature is kept of what {@link
     *     dev.graft.feature.Float16} wrote
     */
    FeatureRows(Function<byte[], F> form) {
        this.form = form;
    }

    /** Keeps other objects for features, such as equal ones that are in memory already. */
    synchronized void replaceFeatures(BiFunction<String, F, F> by) {
        rows.replaceAll((key, row) -> row.with(by.apply(key, row.feature())));
    }

    /** Every image, in the order of their contents. */
    synchronized List<Row<F>> all() {
        return keysByHash.values().stream().map(rows::get).toList();
    }

    /**
     * For questions about them.
     *
     * @param unit of a feature as it is kept
     */
    Neighbours neighbours(Function<F, Neighbours.Unit> unit) {
        return new Neighbours(
                all().stream()
                        .map(
                                row ->
                                        new Neighbours.Row(
                                                row.key(),
                                                row.label().orElse(null),
                                                row.fold(),
                                                unit.apply(row.feature()),
                                                row.signature()))
                        .toList());
    }

    synchronized int size() {
        return rows.size();
    }

    /** Values of a feature; 0 while there is none. */
    synchronized int width() {
        return width;
    }

    /** Hash of the first content that there is no room for; empty text if there is room for all. */
    synchronized String end() {
        return end;
    }

    /** Keeps no content from this hash on. */
    synchronized void endAt(String hash) {
        end = hash;
    }

    /**
     * Adds an image in place of what its key had; passed over if there is no room for it.
     *
     * @param vector its feature and thumbnail
     * @param changed when it was as it is given here
     */
    void put(FeatureStore.Vector vector, Optional<String> label, Instant changed) {
        byte[] signature = Thumbnail.signature(vector.thumbnail());
        put(
                new Row<>(
                        vector.key(),
                        label,
                        vector.imageHash(),
                        changed,
                        vector.feature(),
                        signature));
    }

    /** Likewise, with the feature as {@link dev.graft.feature.Float16} wrote it. */
    synchronized void put(Row<byte[]> image) {
        remove(image.key());
        if (!hasRoomFor(image.imageHash())) {
            return;
        }
        width = image.feature().length / 2;
        Row<F> row =
                new Row<>(
                        image.key(),
                        image.label(),
                        image.imageHash(),
                        image.changed(),
                        form.apply(image.feature()),
                        image.signature());
        rows.put(row.key(), row);
        keysByHash.put(place(row), row.key());
        if ((long) rows.size() * width > MOST_VALUES) {
            String last = keysByHash.lastEntry().getValue();
            end = Objects.requireNonNull(rows.get(last)).imageHash();
            remove(last);
        }
    }

    /** Whether deletions have left it small, so that there would be room for others. */
    synchronized boolean isHalfEmpty() {
        return !end.isEmpty() && 2L * rows.size() * width < MOST_VALUES;
    }

    /** Lets every other key go. */
    synchronized void retain(Set<String> keys) {
        List.copyOf(rows.keySet()).stream()
                .filter(key -> !keys.contains(key))
                .forEach(this::remove);
    }

    private boolean hasRoomFor(String hash) {
        return end.isEmpty() || hash.compareTo(end) < 0;
    }

    private boolean remove(String key) {
        Row<F> row = rows.remove(key);
        if (row != null) {
            keysByHash.remove(place(row));
        }
        return row != null;
    }

    private static String place(Row<?> row) {
        return row.imageHash() + row.key();
    }

    /** Notes another label; one that was noted at a later time stays, and so do unknown keys. */
    synchronized boolean relabel(String key, Optional<String> label, Instant time) {
        Row<F> row = rows.get(key);
        if (row == null || time.isBefore(row.changed()) || row.label().equals(label)) {
            return false;
        }
        rows.put(key, row.labelled(label, time));
        return true;
    }

    /**
     * Notes what changed, but for features that are not known yet.
     *
     * @param lacking takes the images whose feature is to be added
     * @return how many rows are other now
     */
    synchronized int apply(
            List<ImageIndex.Change> changes, String backbone, List<ImageIndex.Change> lacking) {
        int other = 0;
        for (ImageIndex.Change change : changes) {
            Optional<Picture> picture =
                    change.picture().filter(p -> p.backbones().contains(backbone));
            Row<F> row = rows.get(change.key());
            if (picture.isEmpty()) {
                other += remove(change.key()) ? 1 : 0;
            } else if (row != null && row.imageHash().equals(picture.get().imageHash())) {
                Optional<String> label = change.label().map(Label::name);
                other += relabel(change.key(), label, change.changed()) ? 1 : 0;
            } else {
                other += remove(change.key()) ? 1 : 0;
                if (hasRoomFor(picture.get().imageHash())) {
                    lacking.add(change);
                }
            }
        }
        return other;
    }

    /** Reads the features of these images and adds them; gives how many there were. */
    int fill(List<ImageIndex.Change> lacking, String backbone, FeatureStore store) {
        Map<String, FeatureStore.Vector> vectors = new HashMap<>();
        store.vectors(lacking.stream().map(ImageIndex.Change::key).toList(), backbone)
                .forEach(vector -> vectors.put(vector.key(), vector));
        int added = 0;
        for (ImageIndex.Change image : lacking) {
            FeatureStore.Vector vector = vectors.get(image.key());
            String hash = image.picture().orElseThrow().imageHash();
            if (vector != null && vector.imageHash().equals(hash)) {
                Optional<String> label = image.label().map(Label::name);
                put(vector, label, image.changed());
                added++;
            }
        }
        return added;
    }
}
