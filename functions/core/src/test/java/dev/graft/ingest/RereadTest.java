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
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.Sequencer;
import dev.graft.feature.StoredObject;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An image that was read with one network gets its feature of another, and what events that were
 * lost would have told is found.
 */
class RereadTest {
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
        assertEquals(Outcome.FEATURIZED, with(after).reread(FELIX));
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
        with(after).reread(FELIX);
        ImageRecord once = felix();
        assertEquals(Outcome.UNCHANGED, with(after).reread(FELIX));
        assertEquals(once, felix());
    }

    @Test
    void readsWhatWasNeverTold() throws IOException {
        bucket.put("images/cat/new.png", png(2));
        assertEquals(Outcome.FEATURIZED, with(after).reread("images/cat/new.png"));
        assertEquals(CAT, features.known("images/cat/new.png").label());
        assertEquals(Outcome.UNCHANGED, with(after).reread("images/cat/new.png"));
        assertEquals(
                Outcome.FEATURIZED,
                with(after).created("images/cat/new.png", "01"),
                "the event counts, if it comes");
        bucket.put("images/bad.png", new byte[3]);
        assertEquals(Outcome.UNREADABLE, with(after).reread("images/bad.png"));
        assertEquals(Outcome.UNCHANGED, with(after).reread("images/bad.png"));
        bucket.put("images/bad.png", png(2));
        assertEquals(Outcome.FEATURIZED, with(after).reread("images/bad.png"));
        assertEquals(Outcome.UNCHANGED, with(after).reread("images/nobody.png"));
        assertEquals(ImageRecord.unknown("images/nobody.png"), features.known("images/nobody.png"));
        assertEquals(Outcome.IGNORED, with(after).reread("images/folder/"));
    }

    @Test
    void removesAnImageWhoseObjectIsGone() {
        features.decide(Decision.of(FELIX, Optional.of("lynx"), "ann"));
        bucket.delete(FELIX);
        assertEquals(Outcome.REMOVED, with(after).reread(FELIX));
        assertEquals(new ImageRecord.Gone(), felix().content());
        assertEquals("lynx", felix().label().orElseThrow().name(), "what a person said is kept");
        assertEquals(Outcome.REMOVED, with(before).removed(FELIX, "A2"), "the event, late");
    }

    @Test
    void readsAFileThatWasReplaced() throws IOException {
        bucket.put(FELIX, png(5));
        assertEquals(Outcome.FEATURIZED, with(after).reread(FELIX));
        assertEquals(5, felix().picture().orElseThrow().width());
        assertEquals(now, felix().picture().orElseThrow().time());
        assertEquals(Set.of(after.id()), networks());
        bucket.put(FELIX, new byte[3]);
        assertEquals(Outcome.UNREADABLE, with(after).reread(FELIX));
    }

    /** Of tables that were written before there were ETags. */
    @Test
    void learnsTheEtagOfAPictureItKnows() throws IOException {
        ImageRecord known = felix();
        features.replace(known, known.withEtag(""), Optional.empty());
        assertEquals(Outcome.UNCHANGED, with(before).reread(FELIX));
        assertEquals(known.content(), felix().content());
        assertEquals(known.changed(), felix().changed(), "nothing to train for");
    }

    /** As of an old version in a bucket with versions, and of events that come late. */
    @Test
    void anEventOfARemovalLeavesAnObjectThatIsThere() throws IOException {
        assertEquals(Outcome.UNCHANGED, with(before).removed(FELIX, "A2"));
        bucket.put(FELIX, png(5));
        assertEquals(Outcome.FEATURIZED, with(before).removed(FELIX, "A3"));
        assertEquals(5, felix().picture().orElseThrow().width());
    }

    /** A removal whose event was lost is found by the late event of what was removed. */
    @Test
    void anEventOfAnObjectThatIsGoneRemovesIt() {
        bucket.delete(FELIX);
        assertEquals(Outcome.GONE, with(before).created(FELIX, "A2"));
        assertEquals(new ImageRecord.Gone(), felix().content());
    }

    @Test
    void anEventThatOvertakesItWins() throws IOException {
        byte[] next = png(5);
        Runnable overwritten =
                () -> {
                    bucket.put(FELIX, next);
                    with(before).created(FELIX, "A2");
                };
        var slow =
                new ImageIngest(
                        new InterruptedStore(overwritten, bucket),
                        features,
                        new FeatureExtractor(after),
                        MAX_BYTES,
                        () -> now);
        assertEquals(Outcome.STALE, slow.reread(FELIX));
        assertEquals(5, felix().picture().orElseThrow().width());
        assertEquals(Set.of(before.id()), networks());
        assertEquals(Sequencer.padded("A2"), felix().sequencer());
    }

    @Test
    void leavesWhatIsStoredWhereThisBuildCannotReadTheFile() {
        ImageRecord known = felix();
        var strict = new ImageIngest(bucket, features, new FeatureExtractor(after), 10, () -> now);
        var refused = assertThrows(UnreadableImageException.class, () -> strict.reread(FELIX));
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
    private record InterruptedStore(Runnable event, ImageStore store) implements ImageStore {
        @Override
        public Optional<ImageFile> read(String key, long maxBytes) {
            event.run();
            return store.read(key, maxBytes);
        }

        @Override
        public Optional<StoredObject> find(String key) {
            return store.find(key);
        }

        @Override
        public List<StoredObject> list(String prefix, String after) {
            return store.list(prefix, after);
        }

        @Override
        public void putThumbnail(String key, byte[] jpeg) {
            store.putThumbnail(key, jpeg);
        }

        @Override
        public boolean copy(String from, String to) {
            return store.copy(from, to);
        }

        @Override
        public boolean copy(String from, String to, LabelSet set, String label) {
            return store.copy(from, to, set, label);
        }

        @Override
        public void delete(List<String> keys) {
            store.delete(keys);
        }
    }
}
