package dev.graft.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageRecord.Unreadable;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.ingest.ImageIngest.Outcome;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.MeanBackbone;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the folders of a key make of an image; see {@link dev.graft.feature.KeyFolders}. */
class FoldersTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private final InMemoryImageStore bucket = new InMemoryImageStore();
    private final InMemoryFeatureStore features = new InMemoryFeatureStore(() -> NOON);
    private final ImageIngest ingest =
            new ImageIngest(
                    bucket, features, new FeatureExtractor(new MeanBackbone()), 10_000, () -> NOON);

    private ImageRecord read(String key) throws IOException {
        bucket.put(key, png());
        Outcome outcome = ingest.created(key, "01");
        ImageRecord known = features.known(key);
        assertEquals(known.picture().isPresent(), outcome == Outcome.FEATURIZED);
        return known;
    }

    @ParameterizedTest
    @CsvSource({
        "images/train/cat/a.png,cat",
        "images/val/cat/a.png,cat",
        "images/cat/deep/down/a.png,cat",
        "images/test/a.png,",
        "images/train/a.png,train",
        "images/Cafe\u0301/a.png,Caf\u00e9",
    })
    void labelsByTheFolder(String key, String label) throws IOException {
        assertEquals(
                Optional.ofNullable(label).map(name -> new Label(name, LabelSource.FOLDER)),
                read(key).label());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "images/.ipynb_checkpoints/a-checkpoint.png",
                "images/cat/@eaDir/a.png/SYNOPHOTO_THUMB_M.png",
                "images/__MACOSX/cat/._a.png",
                "images/cat/Thumbs.db",
                "images/train/.git/a.png",
                "images/../labels/a.png",
            })
    void leavesOutWhatBelongsToASystemAndSaysSo(String key) throws IOException {
        ImageRecord known = read(key);
        assertEquals(Optional.empty(), known.picture());
        assertTrue(
                known.content() instanceof Unreadable(String reason, Instant time)
                        && reason.startsWith("left out: '"),
                () -> "" + known.content());
    }

    @Test
    void leavesThemOutAlsoWhenNoEventToldOfThem() throws IOException {
        bucket.put("images/.git/a.png", png());
        assertEquals(Outcome.UNREADABLE, ingest.reread("images/.git/a.png"));
        assertEquals(Optional.empty(), features.known("images/.git/a.png").picture());
    }

    @Test
    void aFolderMarkerIsNoImage() {
        assertEquals(Outcome.IGNORED, ingest.created("images/cat/", "01"));
        assertEquals(Outcome.IGNORED, ingest.created("images/", "01"));
    }

    private static byte[] png() throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png", out);
        return out.toByteArray();
    }
}
