package dev.graft.head;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What would change for the stored images if another head were promoted.
 *
 * @param images stored features that were scored, labelled or not
 * @param changed of them, whose answer would be another
 * @param first the surest of the changed ones, at most 100
 */
public record Preview(int images, int changed, List<Change> first) {
    private static final int NAMED = 100;

    /**
     * One image.
     *
     * @param from what the head in use answers, the text of a label
     * @param to what the other head answers
     * @param probability what the other head gives the least probable class of {@code to}, 0..1
     */
    public record Change(String key, String from, String to, double probability) {}

    /**
     * Scores every stored feature of the heads' backbone with both.
     *
     * @throws IllegalArgumentException if the heads belong to different backbones
     */
    public static Preview of(FeatureStore features, Head inUse, Head other) {
        if (!inUse.backbone().equals(other.backbone())) {
            throw new IllegalArgumentException(
                    "heads %s and %s take features of different backbones: no stored feature suits both"
                            .formatted(inUse.version(), other.version()));
        }
        AtomicInteger images = new AtomicInteger();
        AtomicInteger changed = new AtomicInteger();
        TreeSet<Change> first =
                new TreeSet<>(
                        Comparator.comparingDouble(Change::probability)
                                .reversed()
                                .thenComparing(Change::key));
        features.scan(
                inUse.backbone(),
                image -> {
                    float[] feature = Float16.decode(image.feature());
                    double[] now = other.probabilities(feature);
                    String from = inUse.label(inUse.probabilities(feature));
                    String to = other.label(now);
                    images.incrementAndGet();
                    if (!from.equals(to)) {
                        changed.incrementAndGet();
                        synchronized (first) {
                            first.add(new Change(image.key(), from, to, other.confidence(now)));
                            if (first.size() > NAMED) {
                                first.removeLast();
                            }
                        }
                    }
                });
        return new Preview(images.get(), changed.get(), List.copyOf(first));
    }
}
