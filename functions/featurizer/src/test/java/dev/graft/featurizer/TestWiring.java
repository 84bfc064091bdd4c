package dev.graft.featurizer;

import dev.graft.feature.Backbone;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelsPerImage;
import dev.graft.ingest.EventQueue;
import dev.graft.ingest.FollowedBucket;
import dev.graft.ingest.ImageIngest;
import dev.graft.ingest.LabelIngest;
import dev.graft.ingest.ObjectIngest;
import dev.graft.ingest.Reconcile;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryLabelSets;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Optional;
import javax.imageio.ImageIO;

/** What a handler of a test works with. */
final class TestWiring {
    private TestWiring() {}

    static Wiring of(
            ImageStore store,
            InMemoryFeatureStore features,
            Backbone backbone,
            long maxBytes,
            InstantSource clock) {
        return new Wiring(
                "graft-images",
                new ObjectIngest(
                        new ImageIngest(
                                store, features, new FeatureExtractor(backbone), maxBytes, clock),
                        new LabelIngest(
                                new LabelIngest.Stores(
                                        store, features, features, new InMemoryLabelSets(features)),
                                maxBytes,
                                LabelsPerImage.ONE,
                                clock)),
                new Reconcile(store, features, backbone.id()),
                Optional.empty(),
                Optional.empty());
    }

    /** The same with events that come by a queue. */
    static Wiring by(EventQueue queue, Wiring wiring) {
        return new Wiring(
                wiring.bucket(),
                wiring.objects(),
                wiring.reconcile(),
                Optional.of(queue),
                Optional.empty());
    }

    /** The same beside another bucket whose objects become images. */
    static Wiring following(FollowedBucket followed, Wiring wiring) {
        return new Wiring(
                wiring.bucket(),
                wiring.objects(),
                wiring.reconcile(),
                Optional.empty(),
                Optional.of(followed));
    }

    /** A black square. */
    static byte[] jpeg(int side) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB), "jpg", file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }
}
