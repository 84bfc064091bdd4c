package dev.graft.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoredObject;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.MeanBackbone;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** A thumbnail is there as long as its image is, whatever happens meanwhile. */
class ThumbnailsTest {
    private static final String KEY = "images/cat/1.png";
    private static final long MAX = 1_000_000;

    private final InMemoryImageStore bucket = new InMemoryImageStore();
    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final FeatureExtractor extractor = new FeatureExtractor(new MeanBackbone());

    private ImageIngest ingest(ImageStore images) {
        return new ImageIngest(
                images, features, extractor, MAX, () -> Instant.parse("2026-11-29T10:00:00Z"));
    }

    private static byte[] png(int side) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB), "png", file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    private void assertShows(byte[] png) {
        byte[] found =
                bucket.read(ImageStore.thumbnail(KEY), MAX).map(ImageFile::bytes).orElseThrow();
        assertArrayEquals(extractor.thumbnailFile(png), found);
    }

    private void assertNone() {
        assertEquals(List.of(), bucket.list(ImageStore.THUMBNAILS, ""));
    }

    @Test
    void followsItsImage() {
        bucket.put(KEY, png(10));
        assertEquals(ImageIngest.Outcome.FEATURIZED, ingest(bucket).created(KEY, "1"));
        assertShows(png(10));
        bucket.put(KEY, png(20));
        ingest(bucket).created(KEY, "2");
        assertShows(png(20));
        bucket.put(KEY, new byte[] {1, 2, 3});
        assertEquals(ImageIngest.Outcome.UNREADABLE, ingest(bucket).created(KEY, "3"));
        assertNone();
        bucket.put(KEY, png(30));
        ingest(bucket).created(KEY, "4");
        bucket.delete(KEY);
        assertEquals(ImageIngest.Outcome.REMOVED, ingest(bucket).removed(KEY, "5"));
        assertNone();
    }

    @Test
    void isGoneWithAnImageWhoseEventsWereLost() {
        bucket.put(KEY, png(10));
        ingest(bucket).created(KEY, "1");
        bucket.delete(KEY);
        assertEquals(ImageIngest.Outcome.REMOVED, ingest(bucket).reread(KEY));
        assertNone();
        bucket.put(KEY, png(10));
        ingest(bucket).created(KEY, "2");
        bucket.put(KEY, new byte[] {1, 2, 3});
        assertEquals(ImageIngest.Outcome.UNREADABLE, ingest(bucket).reread(KEY));
        assertNone();
    }

    @Test
    void isMadeForImagesOfBeforeThereWereAny() {
        bucket.put(KEY, png(10));
        ingest(bucket).created(KEY, "1");
        bucket.delete(ImageStore.thumbnail(KEY));
        Reconcile reconcile = new Reconcile(bucket, features, new MeanBackbone().id());
        assertEquals(List.of(KEY), reconcile.keys());
        assertEquals(ImageIngest.Outcome.UNCHANGED, ingest(bucket).reread(KEY));
        assertShows(png(10));
        assertEquals(List.of(), reconcile.keys());
    }

    /** Another image takes its place while the thumbnail is written: its own event came before. */
    @Test
    void showsTheImageThatIsThereWhenTwoAreReplacedAtOnce() {
        bucket.put(KEY, png(10));
        ingest(new Meanwhile(() -> bucket.put(KEY, png(20)))).created(KEY, "1");
        assertShows(png(20));
    }

    @Test
    void isNotLeftOverWhereTheImageIsDeletedMeanwhile() {
        bucket.put(KEY, png(10));
        ingest(new Meanwhile(() -> bucket.delete(KEY))).created(KEY, "1");
        assertNone();
        bucket.put(KEY, png(10));
        ingest(new Meanwhile(() -> bucket.put(KEY, new byte[] {1}))).created(KEY, "2");
        assertNone();
    }

    /** The bucket; once, before a thumbnail is written, something happens. */
    private final class Meanwhile implements ImageStore {
        private Optional<Runnable> event;

        private Meanwhile(Runnable event) {
            this.event = Optional.of(event);
        }

        @Override
        public void putThumbnail(String key, byte[] jpeg) {
            event.ifPresent(Runnable::run);
            event = Optional.empty();
            bucket.putThumbnail(key, jpeg);
        }

        @Override
        public Optional<ImageFile> read(String key, long maxBytes) {
            return bucket.read(key, maxBytes);
        }

        @Override
        public Optional<StoredObject> find(String key) {
            return bucket.find(key);
        }

        @Override
        public List<StoredObject> list(String prefix, String after) {
            return bucket.list(prefix, after);
        }

        @Override
        public boolean copy(String from, String to) {
            return bucket.copy(from, to);
        }

        @Override
        public boolean copy(String from, String to, LabelSet set, String label) {
            return bucket.copy(from, to, set, label);
        }

        @Override
        public void delete(List<String> keys) {
            bucket.delete(keys);
        }
    }
}
