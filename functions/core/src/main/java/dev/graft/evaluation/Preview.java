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
import java.util.function.BiConsumer;

/** What would change for the stored images if another head were promoted. */
public final class Preview {
    private static final int NAMED = 100;

    private Preview() {}

    /** The stored images with their features. */
    public interface Images {
        /**
         * Gives every image of a backbone, from several threads at once, in no order.
         *
         * @param consumer takes its key and its feature (width)
         */
        void each(String backbone, BiConsumer<String, float[]> consumer);
    }

    /** All that a store has. */
    public static Images stored(FeatureStore features) {
        return (backbone, consumer) ->
                features.scan(
                        backbone,
                        image -> consumer.accept(image.key(), Float16.decode(image.feature())));
    }

    /**
     * Scores every stored image with both, each head on the features of its own network; where they
     * belong to two networks, the images that have a feature of both.
     */
    public static HeadCard.Preview of(Images stored, Head inUse, Head other) {
        boolean sameNetwork = inUse.backbone().equals(other.backbone());
        Map<String, String> before = sameNetwork ? Map.of() : predictions(stored, inUse);
        AtomicInteger images = new AtomicInteger();
        AtomicInteger changed = new AtomicInteger();
        TreeSet<HeadCard.Change> first =
                new TreeSet<>(
                        Comparator.comparingDouble(HeadCard.Change::probability)
                                .reversed()
                                .thenComparing(HeadCard.Change::key));
        stored.each(
                other.backbone(),
                (key, feature) -> {
                    double[] now = other.probabilities(feature);
                    String from =
                            sameNetwork
                                    ? inUse.label(inUse.probabilities(feature))
                                    : before.get(key);
                    if (from == null) {
                        return;
                    }
                    String to = other.label(now);
                    images.incrementAndGet();
                    if (!from.equals(to)) {
                        changed.incrementAndGet();
                        synchronized (first) {
                            first.add(new HeadCard.Change(key, from, to, other.confidence(now)));
                            if (first.size() > NAMED) {
                                first.removeLast();
                            }
                        }
                    }
                });
        return new HeadCard.Preview(images.get(), changed.get(), List.copyOf(first));
    }

    private static Map<String, String> predictions(Images stored, Head head) {
        Map<String, String> labels = new ConcurrentHashMap<>();
        stored.each(
                head.backbone(),
                (key, feature) -> labels.put(key, head.label(head.probabilities(feature))));
        return labels;
    }
}
