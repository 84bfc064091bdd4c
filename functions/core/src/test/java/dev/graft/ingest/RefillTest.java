package dev.graft.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Backbone;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageStore;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.Sequencer;
import dev.graft.image.UnreadableImageException;
import dev.graft.ingest.ImageIngest.Outcome;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.MeanBackbone;
import dev.graft.testing.MeanColourBackbone;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An image that was read with one network gets its feature of another. */
class RefillTest {
    private static final String FELIX = "images/cat/felix.png";
    private static final Optional<Label> CAT = Optional.of(new Label("cat", LabelSource.FOLDER));
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final int MAX_BYTES = 10_000;

    private final InMemoryImageStore bucket = new InMemoryImageStore();
    private Instant now = NOON;
    private final InMemoryFeatureStore features = new InMemoryFeatureStore(() -> now);
    private final Backbone before = new MeanBackbone();
    private final Backbone after = new MeanColourBackbone();

    private ImageIngest with(Backbone backbone) {
        return new ImageIngest(
                bucket, features, new FeatureExtractor(backbone), MAX_BYTES, () -> now);
    }

    @BeforeEach
    void anImageIsReadWithTheNetworkBefore() throws IOException {
        bucket.put(FELIX, png(3));
        assertEquals(Outcome.FEATURIZED, with(before).created(FELIX, "A1"));
        now = NOON.plusSeconds(3600);
    }

    private ImageRecord felix() {
        return features.known(FELIX);
    }

    private Set<String> networks() {
        return felix().picture().orElseThrow().backbones();
    }

    @Test
    void addsTheFeatureOfTheNewNetworkAndKeepsTheRest() {
        features.decide(Decision.of(FELIX, Optional.of("lynx"), "ann"));
        var old = features.find(FELIX, before.id()).orElseThrow();
        assertEquals(Outcome.FEATURIZED, with(after).refill(FELIX));
        var added = features.find(FELIX, after.id()).orElseThrow();
        assertEquals(Optional.of(new Label("lynx", LabelSource.CORRECTION)), added.label());
        assertEquals(NOON, added.time());
        assertEquals(old.sequencer(), added.sequencer());
        assertEquals(3, added.width());
        assertEquals(Set.of(before.id(), after.id()), networks());
        assertTrue(features.find(FELIX, before.id()).isPresent());
    }

    @Test
    void doesNothingASecondTime() {
        with(after).refill(FELIX);
        ImageRecord once = felix();
        assertEquals(Outcome.UNCHANGED, with(after).refill(FELIX));
        assertEquals(once, felix());
    }

    @Test
    void doesNothingForAKeyWithoutAKnownPicture() throws IOException {
        bucket.put("images/new.png", png(2)); // its event is on its way
        assertEquals(Outcome.UNCHANGED, with(after).refill("images/new.png"));
        bucket.put("images/bad.png", new byte[3]);
        with(before).created("images/bad.png", "B1");
        assertEquals(Outcome.UNCHANGED, with(after).refill("images/bad.png"));
        with(before).removed(FELIX, "A2");
        assertEquals(Outcome.UNCHANGED, with(after).refill(FELIX));
        assertEquals(Optional.empty(), felix().picture());
    }

    @Test
    void leavesWhatIsStoredWhereTheObjectIsGone() {
        ImageRecord known = felix();
        bucket.delete(FELIX);
        assertEquals(Outcome.GONE, with(after).refill(FELIX));
        assertEquals(known, felix());
    }

    @Test
    void leavesAFileThatWasReplacedToItsEvent() throws IOException {
        ImageRecord known = felix();
        bucket.put(FELIX, png(5));
        assertEquals(Outcome.STALE, with(after).refill(FELIX));
        assertEquals(known, felix());
        assertEquals(Outcome.FEATURIZED, with(after).created(FELIX, "A2"));
        assertEquals(Set.of(after.id()), networks());
    }

    @Test
    void anEventThatOvertakesItWins() throws IOException {
        byte[] file = png(3);
        var slow =
                new ImageIngest(
                        new InterruptedStore(() -> with(before).removed(FELIX, "A2"), file),
                        features,
                        new FeatureExtractor(after),
                        MAX_BYTES,
                        () -> now);
        assertEquals(Outcome.STALE, slow.refill(FELIX));
        assertEquals(Optional.empty(), felix().picture());
        assertEquals(Sequencer.padded("A2"), felix().sequencer());
    }

    @Test
    void leavesWhatIsStoredWhereThisBuildCannotReadTheFile() {
        ImageRecord known = felix();
        var strict = new ImageIngest(bucket, features, new FeatureExtractor(after), 10, () -> now);
        var refused = assertThrows(UnreadableImageException.class, () -> strict.refill(FELIX));
        assertTrue(String.valueOf(refused.getMessage()).contains("expected at most 10"));
        assertEquals(known, felix());
        assertEquals(CAT, felix().label());
    }

    private static byte[] png(int side) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB), "png", file);
        return file.toByteArray();
    }

    /** Something happens while the file is read. */
    private record InterruptedStore(Runnable event, byte[] file) implements ImageStore {
        @Override
        public Optional<ImageFile> read(String key, long maxBytes) {
            event.run();
            return Optional.of(new ImageFile(key, file, Optional.empty(), Optional.empty()));
        }

        @Override
        public void delete(String key) {
            throw new UnsupportedOperationException(key);
        }
    }
}
