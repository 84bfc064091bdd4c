package dev.graft.evaluation;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.head.Head;
import dev.graft.head.HeadCard;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What would change for the stored images if another head were promoted. */
public final class Preview {
    private static final int NAMED = 100;

    private Preview() {}

    /**
     * Scores every stored image with both, each head on the features of its own network; where they
     * belong to two networks, the images that have a feature of both.
     */
    public static HeadCard.Preview of(FeatureStore features, Head inUse, Head other) {
        boolean sameNetwork = inUse.backbone().equals(other.backbone());
        Map<String, String> before = sameNetwork ? Map.of() : predictions(features, inUse);
        AtomicInteger images = new AtomicInteger();
        AtomicInteger changed = new AtomicInteger();
        TreeSet<HeadCard.Change> first =
                new TreeSet<>(
                        Comparator.comparingDouble(HeadCard.Change::probability)
                                .reversed()
                                .thenComparing(HeadCard.Change::key));
        features.scan(
                other.backbone(),
                image -> {
                    float[] feature = Float16.decode(image.feature());
                    double[] now = other.probabilities(feature);
                    String from =
                            sameNetwork
                                    ? inUse.label(inUse.probabilities(feature))
                                    : before.get(image.key());
                    if (from == null) {
                        return;
                    }
                    String to = other.label(now);
                    images.incrementAndGet();
                    if (!from.equals(to)) {
                        changed.incrementAndGet();
                        synchronized (first) {
                            first.add(
                                    new HeadCard.Change(
                                            image.key(), from, to, other.confidence(now)));
                            if (first.size() > NAMED) {
                                first.removeLast();
                            }
                        }
                    }
                });
        return new HeadCard.Preview(images.get(), changed.get(), List.copyOf(first));
    }

    private static Map<String, String> predictions(FeatureStore features, Head head) {
        Map<String, String> labels = new ConcurrentHashMap<>();
        features.scan(
                head.backbone(),
                image -> {
                    float[] feature = Float16.decode(image.feature());
                    labels.put(image.key(), head.label(head.probabilities(feature)));
                });
        return labels;
    }
}
