package dev.graft.index;

import static java.util.stream.Collectors.toSet;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.Vectors;
import dev.graft.image.Thumbnail;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Features of many images in memory, compared by the cosine of the angle between two features. An
 * exact search: every image is looked at. Safe for use by many threads; only labels change.
 */
public final class Neighbours {
    private static final Comparator<Neighbour> BEST_FIRST =
            Comparator.comparingDouble(Neighbour::similarity)
                    .reversed()
                    .thenComparing(Neighbour::key);

    private final List<String> keys = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final int[] folds;
    private final Unit[] units;
    private final byte[][] signatures;
    private final AtomicReferenceArray<String> labels;

    /**
     * An image and how much it is like the one asked for.
     *
     * @param key of the image
     * @param label empty while nobody said
     * @param similarity cosine, -1..1
     */
    public record Neighbour(String key, Optional<String> label, double similarity) {}

    /**
     * A feature, scaled.
     *
     * @param values (width), of length 1
     * @param length Euclidean, of the feature as it was
     */
    record Unit(float[] values, float length) {
        /** Of a feature. */
        static Unit of(float[] feature) {
            float length = Vectors.length(feature);
            return new Unit(Vectors.divided(feature, length), length);
        }

        /** Of a feature as {@link Float16} wrote it. */
        static Unit stored(byte[] feature) {
            return of(Float16.decode(feature));
        }
    }

    /**
     * One image to remember.
     *
     * @param label null while nobody said
     * @param fold of its content; copies share it
     * @param signature of its thumbnail, see {@link Thumbnail#signature}
     */
    record Row(String key, @Nullable String label, int fold, Unit feature, byte[] signature) {}

    /** Remembers these. */
    Neighbours(List<Row> rows) {
        this.folds = new int[rows.size()];
        this.units = new Unit[rows.size()];
        this.signatures = new byte[rows.size()][];
        this.labels = new AtomicReferenceArray<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            keys.add(row.key());
            places.put(row.key(), i);
            folds[i] = row.fold();
            units[i] = row.feature();
            signatures[i] = row.signature();
            labels.set(i, row.label());
        }
    }

    /** How many images. */
    public int size() {
        return units.length;
    }

    /** Key of an image, by place. */
    public String key(int place) {
        return keys.get(place);
    }

    /** Class of an image, by place; null while nobody said. */
    public String label(int place) {
        return labels.get(place);
    }

    /** Fold of the content of an image, by place. */
    int fold(int place) {
        return folds[place];
    }

    /** Feature of an image with the length 1, by place; not to be changed. */
    public float[] unit(int place) {
        return units[place].values();
    }

    /**
     * Feature of an image, by place.
     *
     * @return (width), a copy
     */
    public float[] feature(int place) {
        float[] feature = units[place].values().clone();
        for (int i = 0; i < feature.length; i++) {
            feature[i] *= units[place].length();
        }
        return feature;
    }

    /** Gives every image with its feature, (width). */
    public void forEach(BiConsumer<String, float[]> consumer) {
        for (int i = 0; i < units.length; i++) {
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
    Optional<Unit> equalOf(String key, Unit feature) {
        return Optional.ofNullable(places.get(key))
                .map(place -> units[place])
                .filter(unit -> unit.length() == feature.length())
                .filter(unit -> Arrays.equals(unit.values(), feature.values()));
    }

    /** Class of an image; empty while nobody said, or if the image is not among these. */
    public Optional<String> labelOf(String key) {
        return Optional.ofNullable(places.get(key)).map(labels::get);
    }

    /** Notes another label; unknown keys are passed over. */
    void relabel(String key, Optional<String> label) {
        Integer place = places.get(key);
        if (place != null) {
            labels.set(place, label.orElse(null));
        }
    }

    /**
     * The most similar images, best first.
     *
     * @param unit (width), of length 1
     * @param count at most so many
     * @param wanted which places to look at
     */
    public List<Neighbour> nearest(float[] unit, int count, IntPredicate wanted) {
        return best(i -> Vectors.cosineOfUnits(unit, units[i].values()), count, wanted).stream()
                .map(scored -> neighbour(scored.place(), scored.score()))
                .sorted(BEST_FIRST)
                .toList();
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
                new Probe(Unit.stored(of.feature()).values(), Thumbnail.signature(of.thumbnail()));
        return maybeCopies(probe, count, wanted);
    }

    private record Probe(float[] unit, byte[] signature) {}

    private List<Neighbour> maybeCopies(Probe of, int count, IntPredicate wanted) {
        IntToDoubleFunction cosine = i -> Vectors.cosineOfUnits(of.unit(), units[i].values());
        boolean seen = of.signature().length > 0;
        List<Scored> byThumbnail =
                best(
                        i -> Thumbnail.similarity(of.signature(), signatures[i]),
                        count / 2,
                        i -> seen && wanted.test(i) && signatures[i].length > 0);
        Set<Integer> found = byThumbnail.stream().map(Scored::place).collect(toSet());
        List<Scored> byFeature =
                best(cosine, count - found.size(), i -> wanted.test(i) && !found.contains(i));
        return Stream.concat(byThumbnail.stream(), byFeature.stream())
                .map(scored -> neighbour(scored.place(), cosine.applyAsDouble(scored.place())))
                .sorted(BEST_FIRST)
                .toList();
    }

    private record Scored(int place, double score) {}

    private List<Scored> best(IntToDoubleFunction score, int count, IntPredicate wanted) {
        PriorityQueue<Scored> best = new PriorityQueue<>(Comparator.comparingDouble(Scored::score));
        for (int i = 0; i < units.length; i++) {
            if (wanted.test(i)) {
                double of = score.applyAsDouble(i);
                if (best.size() < count || !best.isEmpty() && of > best.peek().score()) {
                    best.add(new Scored(i, of));
                    if (best.size() > count) {
                        best.remove();
                    }
                }
            }
        }
        return List.copyOf(best);
    }

    private Neighbour neighbour(int place, double similarity) {
        return new Neighbour(key(place), Optional.ofNullable(label(place)), similarity);
    }
}
