package dev.graft.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Backbone;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.LabelsPerImage;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.InMemoryLabelSets;
import dev.graft.testing.MeanBackbone;
import dev.graft.testing.MeanColourBackbone;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What events that were lost would have told is found. */
class ReconcileTest {
    private final InMemoryImageStore bucket = new InMemoryImageStore();
    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final Backbone backbone = new MeanBackbone();
    private final ImageIngest images =
            new ImageIngest(
                    bucket,
                    features,
                    new FeatureExtractor(backbone),
                    1 << 20,
                    InstantSource.system());
    private final LabelIngest labels =
            new LabelIngest(
                    new LabelIngest.Stores(
                            bucket, features, features, new InMemoryLabelSets(features)),
                    1 << 20,
                    LabelsPerImage.ONE,
                    InstantSource.system());
    private final Reconcile reconcile = new Reconcile(bucket, features, backbone.id());
    private int event;

    private void put(String key, byte[] bytes) {
        bucket.put(key, bytes);
        images.created(key, sequencer());
    }

    private String sequencer() {
        return "%08X".formatted(++event);
    }

    private void reread() {
        for (String key : reconcile.keys()) {
            if (key.startsWith(LabelIngest.PREFIX)) {
                labels.reread(key);
            } else {
                images.reread(key);
            }
        }
    }

    @Test
    void findsWhatDiffersAndNothingElse() throws IOException {
        put("images/same.png", png(1));
        put("images/changed.png", png(2));
        put("images/deleted.png", png(3));
        put("images/bad.png", new byte[9]);
        bucket.put("images/folder/", new byte[0]);
        bucket.put("images/new.png", png(4));
        bucket.put("images/changed.png", png(5));
        bucket.delete("images/deleted.png");
        bucket.put("labels/b.csv", "images/new.png,dog\n".getBytes(UTF_8));
        bucket.put("labels/a.csv", "images/new.png,cat\n".getBytes(UTF_8));
        assertEquals(
                List.of(
                        "images/changed.png",
                        "images/new.png",
                        "labels/b.csv",
                        "labels/a.csv",
                        "images/deleted.png",
                        "images/bad.png"),
                reconcile.keys());
        reread();
        assertEquals("cat", features.known("images/new.png").label().orElseThrow().name());
        assertEquals(List.of("labels/b.csv", "labels/a.csv", "images/bad.png"), reconcile.keys());
        var kept = features.known("images/new.png");
        reread();
        assertEquals(kept, features.known("images/new.png"), "nothing is written twice");
        Set<String> another =
                new TreeSet<>(
                        new Reconcile(bucket, features, new MeanColourBackbone().id()).keys());
        assertTrue(another.contains("images/same.png"), "it lacks the feature of that network");
    }

    /** Changes of which some are told late, twice or never. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theTableEndsEqualToTheBucket(long seed) throws IOException {
        Random random = new Random(seed);
        List<byte[]> pictures = List.of(png(1), png(2), png(3), new byte[9]);
        List<Runnable> late = new java.util.ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String key = "images/" + random.nextInt(20) + ".png";
            boolean delete = random.nextInt(4) == 0;
            if (delete) {
                bucket.delete(key);
            } else {
                bucket.put(key, pictures.get(random.nextInt(pictures.size())));
            }
            String sequencer = sequencer();
            Runnable told =
                    () -> {
                        if (delete) {
                            images.removed(key, sequencer);
                        } else {
                            images.created(key, sequencer);
                        }
                    };
            switch (random.nextInt(4)) {
                case 0 -> late.add(told);
                case 1 -> told.run();
                case 2 -> {
                    told.run();
                    late.add(told);
                }
                default -> {}
            }
            if (random.nextInt(20) == 0) {
                reread();
            }
            if (!late.isEmpty() && random.nextInt(3) == 0) {
                late.remove(random.nextInt(late.size())).run();
            }
        }
        reread();
        late.forEach(Runnable::run);
        assertTheTableIsAsTheBucket(pictures);
    }

    private void assertTheTableIsAsTheBucket(List<byte[]> pictures) {
        var expected = new TreeMap<String, Integer>();
        var found = new TreeMap<String, Integer>();
        for (int i = 0; i < 20; i++) {
            String key = "images/" + i + ".png";
            bucket.read(key, 1 << 20)
                    .map(file -> pictures.indexOf(file.bytes()) + 1)
                    .ifPresent(width -> expected.put(key, width));
            switch (features.known(key).content()) {
                case dev.graft.feature.ImageRecord.Picture picture ->
                        found.put(key, picture.width());
                case dev.graft.feature.ImageRecord.Unreadable unreadable -> found.put(key, 4);
                case dev.graft.feature.ImageRecord.Gone gone -> {}
            }
        }
        assertEquals(expected, found);
    }

    private static byte[] png(int side) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB), "png", file);
        return file.toByteArray();
    }
}
