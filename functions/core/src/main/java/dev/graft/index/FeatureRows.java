package dev.graft.index;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord.Picture;
import dev.graft.feature.Label;
import dev.graft.image.Thumbnail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * Images with their features of one backbone, which follow what changes. Few keep every value as it
 * is; of more than {@link Limits#exactValues} values each is rounded to a byte, and the images are
 * in {@link Cells}. They take at most a given part of the memory: of still more images, those are
 * kept whose content hashes first, which is a fair sample. Safe for use by many threads.
 */
final class FeatureRows {
    /** In no cell yet. */
    static final int NO_CELL = -1;

    /** Bytes an image beside its feature: key, hashes, label and what holds them together. */
    static final int BESIDE = 600;

    private static final int FOLDS = 5;

    private static final Comparator<Row> BY_CONTENT =
            Comparator.comparing(Row::imageHash).thenComparing(Row::key);

    private final Limits limits;
    private final Map<String, Row> rows = new HashMap<>();
    private final TreeSet<Row> byContent = new TreeSet<>(BY_CONTENT);
    private Optional<Cells> cells = Optional.empty();
    private boolean rounded;
    private String end = "";
    private int width;

    /**
     * How much is kept.
     *
     * @param bytes of memory that all images take
     * @param exactValues values of all features up to which each is kept as it is, at two bytes
     */
    record Limits(long bytes, long exactValues) {
        /** 125,000 images of 512 values, or 31,250 of 2,048: 128 MB, a fourteenth of 1,769. */
        private static final long EXACT_VALUES = 64_000_000;

        /**
         * Half of the memory that Java may take, as the rest is for whoever uses them, and not more
         * than a file has bytes.
         */
        static Limits ofThisMachine() {
            return of(Runtime.getRuntime().maxMemory());
        }

        static Limits of(long memory) {
            return new Limits(Math.min(memory / 2, Integer.MAX_VALUE), EXACT_VALUES);
        }
    }

    /**
     * An image.
     *
     * @param label empty while nobody said
     * @param imageHash SHA-256 of the file, lower-case hex
     * @param changed when it was as it is here
     * @param cell its cell, or {@link #NO_CELL}
     * @param signature of its thumbnail, see {@link Thumbnail#signature}
     */
    record Row(
            String key,
            Optional<String> label,
            String imageHash,
            Instant changed,
            KeptFeature feature,
            int cell,
            byte[] signature) {
        /** The fold of validation that it belongs to. */
        int fold() {
            return ImageFeature.fold(imageHash, FOLDS);
        }

        private Row with(KeptFeature other) {
            return other == feature
                    ? this
                    : new Row(key, label, imageHash, changed, other, cell, signature);
        }

        private Row in(int other) {
            return new Row(key, label, imageHash, changed, feature, other, signature);
        }

        private Row labelled(Optional<String> now, Instant time) {
            return new Row(key, now, imageHash, time, feature, cell, signature);
        }
    }

    /** Without images. */
    FeatureRows(Limits limits) {
        this.limits = limits;
    }

    /** Keeps other objects for features, such as equal ones that are in memory already. */
    synchronized void replaceFeatures(BiFunction<String, KeptFeature, KeptFeature> by) {
        for (Row row : List.copyOf(rows.values())) {
            replace(row, row.with(by.apply(row.key(), row.feature())));
        }
    }

    private void replace(Row row, Row by) {
        if (row != by) {
            byContent.remove(row);
            byContent.add(by);
            rows.put(by.key(), by);
        }
    }

    /** Every image, in the order of their contents. */
    synchronized List<Row> all() {
        return List.copyOf(byContent);
    }

    /** Those of a cell side by side, and else in the order of their contents. */
    List<Row> byCell() {
        List<Row> all = new ArrayList<>(all());
        all.sort(Comparator.comparingInt(Row::cell));
        return all;
    }

    /** For questions about them. */
    Neighbours neighbours() {
        return new Neighbours(
                byCell().stream()
                        .map(
                                row ->
                                        new Neighbours.Row(
                                                row.key(),
                                                row.label().orElse(null),
                                                row.fold(),
                                                row.feature(),
                                                row.cell(),
                                                row.signature()))
                        .toList(),
                cells(),
                !end().isEmpty());
    }

    /** That every image is in; empty while there are none. */
    synchronized Optional<Cells> cells() {
        return cells;
    }

    /** Puts all that come into these from now on, rounded to a byte a value. */
    synchronized void useCells(Cells known) {
        rounded = true;
        cells = Optional.of(known);
    }

    /**
     * Puts images whose values are rounded into cells. These stay until there are twice as many
     * images as they were learned of.
     */
    synchronized void arrange() {
        if (!rounded
                || rows.isEmpty()
                || cells.filter(known -> rows.size() <= 2 * known.learnedOf()).isPresent()) {
            return;
        }
        List<Row> all = all();
        Cells learned = Cells.of(all.stream().map(Row::feature).toList());
        cells = Optional.of(learned);
        all.parallelStream()
                .map(row -> row.in(learned.of(row.feature())))
                .toList()
                .forEach(row -> rows.put(row.key(), row));
        byContent.clear();
        byContent.addAll(rows.values());
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
        put(
                new Row(
                        vector.key(),
                        label,
                        vector.imageHash(),
                        changed,
                        KeptFeature.stored(vector.feature()),
                        NO_CELL,
                        Thumbnail.signature(vector.thumbnail())));
    }

    /** Likewise. */
    synchronized void put(Row image) {
        remove(image.key());
        if (!hasRoomFor(image.imageHash())) {
            return;
        }
        width = image.feature().width();
        Row row = rounded ? image.with(image.feature().coded()) : image;
        if (row.cell() == NO_CELL && cells.isPresent()) {
            row = row.in(cells.get().of(row.feature()));
        }
        rows.put(row.key(), row);
        byContent.add(row);
        if (!rounded && (long) rows.size() * width > limits.exactValues()) {
            rounded = true;
            replaceFeatures((key, feature) -> feature.coded());
        }
        if (bytes() > limits.bytes()) {
            Row last = byContent.last();
            end = last.imageHash();
            remove(last.key());
        }
    }

    private long bytes() {
        return rows.size() * (BESIDE + (rounded ? 1L : 2L) * width);
    }

    /**
     * Whether deletions have left so few that there would be room for others, or for all values as
     * they are.
     */
    synchronized boolean isHalfEmpty() {
        boolean roomForOthers = !end.isEmpty() && 2 * bytes() < limits.bytes();
        return roomForOthers || rounded && 2L * rows.size() * width < limits.exactValues();
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
        Row row = rows.remove(key);
        if (row != null) {
            byContent.remove(row);
        }
        return row != null;
    }

    /** Notes another label; one that was noted at a later time stays, and so do unknown keys. */
    synchronized boolean relabel(String key, Optional<String> label, Instant time) {
        Row row = rows.get(key);
        if (row == null || time.isBefore(row.changed()) || row.label().equals(label)) {
            return false;
        }
        replace(row, row.labelled(label, time));
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
            Row row = rows.get(change.key());
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
