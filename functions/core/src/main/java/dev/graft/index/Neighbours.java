package dev.graft.index;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.Vectors;
import dev.graft.image.Thumbnail;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Features of many images in memory, compared by the cosine of the angle between two features; how
 * the most similar ones are found says {@link #told}. Safe for use by many threads; only labels
 * change.
 */
public final class Neighbours {
    static final Comparator<Neighbour> BEST_FIRST =
            Comparator.comparingDouble(Neighbour::similarity)
                    .reversed()
                    .thenComparing(Neighbour::key);

    private final List<String> keys = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final int[] folds;
    private final KeptFeature[] features;
    private final Search search;
    private final byte[][] signatures;
    private final AtomicReferenceArray<String> labels;
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final boolean sampled;

    /**
     * How the most similar images are found.
     *
     * @param search {@code exact}: every image is compared; {@code cells}: those of the nearest
     *     cells are
     * @param images so many are in memory
     * @param sampled whether there are more, for which there is no room
     */
    public record Told(String search, int images, boolean sampled) {}

    /**
     * An image and how much it is like the one asked for.
     *
     * @param key of the image
     * @param label empty while nobody said
     * @param similarity cosine, -1..1
     */
    public record Neighbour(String key, Optional<String> label, double similarity) {}

    /**
     * One image to remember.
     *
     * @param label null while nobody said
     * @param fold of its content; copies share it
     * @param cell of its feature, where there are any
     * @param signature of its thumbnail, see {@link Thumbnail#signature}
     */
    record Row(
            String key,
            @Nullable String label,
            int fold,
            KeptFeature feature,
            int cell,
            byte[] signature) {
        /** In no cell. */
        Row(String key, @Nullable String label, int fold, KeptFeature feature, byte[] signature) {
            this(key, label, fold, feature, FeatureRows.NO_CELL, signature);
        }
    }

    /** Remembers these, which are all. */
    Neighbours(List<Row> rows) {
        this(rows, Optional.empty(), false);
    }

    /**
     * Remembers these.
     *
     * @param cells that they are in; empty to compare with every one
     * @param sampled whether there are more
     */
    Neighbours(List<Row> rows, Optional<Cells> cells, boolean sampled) {
        this.sampled = sampled;
        this.folds = new int[rows.size()];
        this.features = rows.stream().map(Row::feature).toArray(KeptFeature[]::new);
        this.signatures = new byte[rows.size()][];
        this.labels = new AtomicReferenceArray<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            keys.add(row.key());
            places.put(row.key(), i);
            folds[i] = row.fold();
            signatures[i] = row.signature();
            labels.set(i, row.label());
            count(row.label(), 1);
        }
        int[] cellOf = rows.stream().mapToInt(Row::cell).toArray();
        this.search =
                cells.<Search>map(
                                known ->
                                        new CellSearch(
                                                features, known, cellOf, CellSearch.COMPARED))
                        .orElseGet(() -> ofAll(features));
    }

    private static Search ofAll(KeptFeature[] features) {
        return features.length <= ColumnSearch.MOST
                ? new ColumnSearch(features)
                : new ExactSearch(features);
    }

    /** How the most similar images are found. */
    public Told told() {
        return new Told(search.name(), size(), sampled);
    }

    /** How many images. */
    public int size() {
        return features.length;
    }

    /** Key of an image, by place. */
    public String key(int place) {
        return keys.get(place);
    }

    /** The place of an image; -1 if it is not among these. */
    public int place(String key) {
        return places.getOrDefault(key, -1);
    }

    /** Class of an image, by place; null while nobody said. */
    public String label(int place) {
        return labels.get(place);
    }

    /** Fold of the content of an image, by place. */
    int fold(int place) {
        return folds[place];
    }

    KeptFeature kept(int place) {
        return features[place];
    }

    /** Feature of an image scaled to length 1, by place; (width), a copy. */
    public float[] unit(int place) {
        return features[place].unit();
    }

    /** Feature of an image, by place; (width), a copy. */
    public float[] feature(int place) {
        return features[place].values();
    }

    /** Gives every image with its feature, (width). */
    public void forEach(BiConsumer<String, float[]> consumer) {
        for (int i = 0; i < features.length; i++) {
            consumer.accept(key(i), feature(i));
        }
    }

    /** Feature of an image, (width); empty if the image is not among these. */
    public Optional<float[]> featureOf(String key) {
        return Optional.ofNullable(places.get(key)).map(this::feature);
    }

    /**
     * An equal feature of an image as it is kept; empty if the image has another, or is not here.
     */
    Optional<KeptFeature> equalOf(String key, KeptFeature feature) {
        return Optional.ofNullable(places.get(key))
                .map(place -> features[place])
                .filter(feature::isSame);
    }

    /** Class of an image; empty while nobody said, or if the image is not among these. */
    public Optional<String> labelOf(String key) {
        return Optional.ofNullable(places.get(key)).map(labels::get);
    }

    /** Notes another label; unknown keys are passed over. */
    void relabel(String key, Optional<String> label) {
        Integer place = places.get(key);
        if (place != null) {
            count(labels.getAndSet(place, label.orElse(null)), -1);
            count(label.orElse(null), 1);
        }
    }

    private void count(@Nullable String label, int more) {
        if (label != null) {
            counts.merge(label, more, (count, added) -> count + added == 0 ? null : count + added);
        }
    }

    /** How many images have each label; those without any are not counted. */
    public Map<String, Integer> counts() {
        return Collections.unmodifiableMap(counts);
    }

    /**
     * The most similar images, best first.
     *
     * @param unit (width), of length 1
     * @param count at most so many
     * @param wanted which places to look at
     */
    public List<Neighbour> nearest(float[] unit, int count, IntPredicate wanted) {
        return bestFirst(unit, IntStream.of(search.nearest(unit, count, wanted)));
    }

    /**
     * The same of each of some, which costs less than one after the other.
     *
     * @param units (width) each, of length 1
     * @param wanted which places to look at for each of them
     */
    List<List<Neighbour>> nearestOfEach(
            List<float[]> units, int count, IntFunction<IntPredicate> wanted) {
        List<int[]> found = search.nearestOfEach(units, count, wanted);
        return IntStream.range(0, units.size())
                .mapToObj(k -> bestFirst(units.get(k), IntStream.of(found.get(k))))
                .toList();
    }

    private List<Neighbour> bestFirst(float[] unit, IntStream found) {
        List<Neighbour> neighbours = new ArrayList<>();
        found.forEach(
                place ->
                        neighbours.add(neighbour(place, Vectors.cosineOfUnits(unit, unit(place)))));
        neighbours.sort(BEST_FIRST);
        return Collections.unmodifiableList(neighbours);
    }

    /**
     * The images that may be altered copies of one of these: the most similar ones by feature, and
     * those whose thumbnails are most like its own.
     *
     * @param place of the one
     * @param count at most so many, half of them by thumbnail
     * @param wanted which places to look at
     * @return the most similar first
     */
    public List<Neighbour> maybeCopies(int place, int count, IntPredicate wanted) {
        return maybeCopies(new Probe(unit(place), signatures[place]), count, wanted);
    }

    /** Likewise of an image that need not be among these. */
    public List<Neighbour> maybeCopies(FeatureStore.Vector of, int count, IntPredicate wanted) {
        var probe =
                new Probe(
                        KeptFeature.stored(of.feature()).unit(),
                        Thumbnail.signature(of.thumbnail()));
        return maybeCopies(probe, count, wanted);
    }

    private record Probe(float[] unit, byte[] signature) {}

    private List<Neighbour> maybeCopies(Probe of, int count, IntPredicate wanted) {
        Best byThumbnail = new Best(count / 2);
        for (int i = 0; of.signature().length > 0 && i < signatures.length; i++) {
            if (wanted.test(i) && signatures[i].length > 0) {
                byThumbnail.offer(i, Thumbnail.similarity(of.signature(), signatures[i]));
            }
        }
        BitSet seen = new BitSet();
        IntStream.of(byThumbnail.places()).forEach(seen::set);
        int left = count - seen.cardinality();
        int[] byFeature = search.nearest(of.unit(), left, i -> wanted.test(i) && !seen.get(i));
        return bestFirst(of.unit(), IntStream.concat(seen.stream(), IntStream.of(byFeature)));
    }

    private Neighbour neighbour(int place, double similarity) {
        return new Neighbour(key(place), Optional.ofNullable(label(place)), similarity);
    }
}
