package dev.graft.testing;

import dev.graft.feature.Vectors;
import dev.graft.index.VectorIndex;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Features in memory, each of which is compared. */
public final class InMemoryVectorIndex implements VectorIndex {
    private final Map<String, Map<String, Vector>> indexes = new ConcurrentHashMap<>();
    private final String place;

    /** The only one. */
    public InMemoryVectorIndex() {
        this("memory");
    }

    /** One of several. */
    public InMemoryVectorIndex(String place) {
        this.place = place;
    }

    @Override
    public String name() {
        return "s3vectors"; // which it stands for
    }

    @Override
    public String place() {
        return place;
    }

    /** The keys of a backbone, in order. */
    public List<String> keys(String backbone) {
        return List.copyOf(new TreeSet<>(of(backbone).keySet()));
    }

    private Map<String, Vector> of(String backbone) {
        return indexes.getOrDefault(backbone, Map.of());
    }

    @Override
    public void put(String backbone, List<Vector> images) {
        var index = indexes.computeIfAbsent(backbone, one -> new ConcurrentHashMap<>());
        images.forEach(image -> index.put(image.key(), image));
    }

    @Override
    public void delete(String backbone, List<String> keys) {
        if (indexes.containsKey(backbone)) {
            keys.forEach(of(backbone)::remove);
        }
    }

    @Override
    public void drop(String backbone) {
        indexes.remove(backbone);
    }

    @Override
    public List<Found> nearest(String backbone, float[] feature, int count, Which which) {
        return of(backbone).values().stream()
                .filter(image -> which == Which.ALL || image.labelled())
                .map(image -> new Found(image.key(), Vectors.cosine(feature, image.feature())))
                .sorted(Comparator.comparingDouble(Found::similarity).reversed())
                .limit(count)
                .toList();
    }
}
