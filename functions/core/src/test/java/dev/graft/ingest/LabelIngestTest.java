package dev.graft.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Backbone;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.ImageFile;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.image.PixelPath;
import dev.graft.image.Preprocessing;
import dev.graft.ingest.ImageIngest.Outcome;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Images and label files as the bucket reports them, in whatever order. */
class LabelIngestTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z"));
    private static final String FILE = "labels/all.csv";

    private final InMemoryImageStore bucket = new InMemoryImageStore();
    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final LabelIngest labels = new LabelIngest(bucket, features, 1 << 20, CLOCK);
    private final ImageIngest images =
            new ImageIngest(bucket, features, new FeatureExtractor(new Mean()), 1 << 20, CLOCK);

    private void labelFile(String text) {
        bucket.put(FILE, text.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Label> label(String key) {
        return features.find(key).orElseThrow().label();
    }

    private static Optional<Label> fromFile(String name) {
        return Optional.of(new Label(name, LabelSource.FILE));
    }

    @Test
    void labelsWhatIsThereAndWhatComesLater() throws IOException {
        bucket.put("images/cat/a.png", png());
        bucket.put("images/b.png", png());
        assertEquals(Outcome.FEATURIZED, images.created("images/cat/a.png", "01"));
        labelFile("images/cat/a.png,dog\nimages/b.png,fox\n");
        assertEquals(Outcome.LABELLED, labels.created(FILE, "02"));
        assertEquals(Outcome.FEATURIZED, images.created("images/b.png", "03"));
        assertEquals(fromFile("dog"), label("images/cat/a.png"));
        assertEquals(fromFile("fox"), label("images/b.png"));
        assertEquals(Outcome.FEATURIZED, images.created("images/cat/a.png", "04"));
        assertEquals(fromFile("dog"), label("images/cat/a.png"), "also when it is sent again");
    }

    @Test
    void aPersonKeepsTheLastWord() throws IOException {
        bucket.put("images/cat/a.png", png());
        images.created("images/cat/a.png", "01");
        Optional<Label> fox = Optional.of(new Label("fox", LabelSource.CORRECTION));
        features.relabel("images/cat/a.png", fox);
        labelFile("images/cat/a.png,dog\n");
        assertEquals(Outcome.LABELLED, labels.created(FILE, "02"));
        assertEquals(fox, label("images/cat/a.png"));
    }

    @Test
    void aWrongFileChangesNothingAndIsTold() throws IOException {
        bucket.put("images/cat/a.png", png());
        images.created("images/cat/a.png", "01");
        labelFile("images/cat/a.png,dog\nimages/b.png\n");
        assertEquals(Outcome.UNREADABLE, labels.created(FILE, "02"));
        assertEquals("cat", label("images/cat/a.png").orElseThrow().name());
        var told = features.unreadable().getFirst();
        assertEquals(FILE, told.key());
        assertTrue(told.reason().contains("line 2"), told.reason());
        labelFile("images/cat/a.png,dog\n");
        assertEquals(Outcome.LABELLED, labels.created(FILE, "03"));
        assertEquals(0, features.unreadable().size(), "mended");
    }

    @Test
    void deletingAFileLeavesTheLabelsItGave() throws IOException {
        bucket.put("images/cat/a.png", png());
        images.created("images/cat/a.png", "01");
        labelFile("images/cat/a.png,dog\n");
        labels.created(FILE, "02");
        bucket.delete(FILE);
        assertEquals(Outcome.REMOVED, labels.removed(FILE, "03"));
        assertEquals(fromFile("dog"), label("images/cat/a.png"));
        assertEquals(Outcome.GONE, labels.created(FILE, "02"), "late");
    }

    @Test
    void otherFilesAreLeftAlone() {
        assertEquals(Outcome.IGNORED, labels.created("labels/readme.txt", "01"));
        assertEquals(Outcome.IGNORED, labels.created("labels/", "01"));
    }

    @Test
    void withoutALineOfAFileTheObjectSays() throws IOException {
        String key = "images/cat/a.png";
        bucket.put(new ImageFile(key, png(), Optional.of("tagged"), Optional.of("meta")));
        images.created(key, "01");
        assertEquals(Optional.of(new Label("tagged", LabelSource.TAG)), label(key));
        bucket.put(new ImageFile(key, png(), Optional.empty(), Optional.of(" meta ")));
        images.created(key, "02");
        assertEquals(Optional.of(new Label("meta", LabelSource.METADATA)), label(key));
        bucket.put(key, png());
        images.created(key, "03");
        assertEquals(Optional.of(new Label("cat", LabelSource.FOLDER)), label(key));
        bucket.put("images/a.png", png());
        images.created("images/a.png", "04");
        assertEquals(Optional.empty(), label("images/a.png"));
    }

    private static byte[] png() throws IOException {
        try (InputStream in = LabelIngestTest.class.getResourceAsStream("/images/alpha.png")) {
            return in.readAllBytes();
        }
    }

    /** The mean of the values: enough of a backbone where only labels matter. */
    private static final class Mean implements Backbone {
        @Override
        public PixelPath pixelPath() {
            return PixelPath.CURRENT;
        }

        @Override
        public String id() {
            return "mean";
        }

        @Override
        public String name() {
            return "mean";
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public Preprocessing preprocessing() {
            return Preprocessing.imageNet(8, 8);
        }

        @Override
        public float[] feature(float[] pixels) {
            float sum = 0;
            for (float value : pixels) {
                sum += value;
            }
            return new float[] {sum / pixels.length};
        }

        @Override
        public void close() {}
    }
}
