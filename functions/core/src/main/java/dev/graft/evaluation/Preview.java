package dev.graft.evaluation;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.head.Head;
import dev.graft.head.HeadCard;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/** What would change for the stored images if another head were promoted. */
public final class Preview {
    private static final int NAMED = 100;

    private Preview() {}

    /**
     * Scores every stored feature of the heads' backbone with both.
     *
     * @throws BadRequestException if the heads belong to different backbones
     */
    public static HeadCard.Preview of(FeatureStore features, Head inUse, Head other) {
        if (!inUse.backbone().equals(other.backbone())) {
            throw new BadRequestException(
                    "heads %s and %s take features of different backbones: no stored feature suits both"
                            .formatted(inUse.version(), other.version()));
        }
        AtomicInteger images = new AtomicInteger();
        AtomicInteger changed = new AtomicInteger();
        TreeSet<HeadCard.Change> first =
                new TreeSet<>(
                        Comparator.comparingDouble(HeadCard.Change::probability)
                                .reversed()
                                .thenComparing(HeadCard.Change::key));
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
}
