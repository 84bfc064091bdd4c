package dev.graft.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.ingest.ImageIngest.Outcome;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.MeanBackbone;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tags that change after the upload. */
class TagsTest {
    private static final String FELIX = "images/cat/felix.png";

    private final InMemoryImageStore bucket = new InMemoryImageStore();
    private final InMemoryFeatureStore features = new InMemoryFeatureStore(() -> Instant.EPOCH);
    private final ImageIngest ingest =
            new ImageIngest(
                    bucket,
                    features,
                    new FeatureExtractor(new MeanBackbone()),
                    10_000,
                    () -> Instant.EPOCH);

    @BeforeEach
    void anImageIsRead() throws IOException {
        bucket.put(FELIX, png(1));
        ingest.created(FELIX, "01");
    }

    private void tag(String label) throws IOException {
        bucket.put(FELIX, png(1), Optional.ofNullable(label), Optional.of("metadata"));
    }

    private void assertLabel(String name, LabelSource source) {
        assertEquals(Optional.of(new Label(name, source)), features.known(FELIX).label());
    }

    @Test
    void aTagCountsMoreThanFolderAndMetadataUntilItIsTakenAway() throws IOException {
        tag("lynx");
        assertEquals(Outcome.LABELLED, ingest.tagged(FELIX));
        assertLabel("lynx", LabelSource.TAG);
        assertEquals(Outcome.UNCHANGED, ingest.tagged(FELIX), "told twice");
        tag(null);
        assertEquals(Outcome.LABELLED, ingest.tagged(FELIX));
        assertLabel("metadata", LabelSource.METADATA);
    }

    @Test
    void aPersonAndALabelFileCountMore() throws IOException {
        tag("lynx");
        features.decide(Decision.of(FELIX, Optional.of("puma"), "ann"));
        assertEquals(Outcome.UNCHANGED, ingest.tagged(FELIX));
        assertLabel("puma", LabelSource.CORRECTION);
        features.decide(Decision.of(FELIX, Optional.empty(), "ann"));
        assertEquals(Outcome.UNCHANGED, ingest.tagged(FELIX), "no label is a decision too");
        assertEquals(Optional.empty(), features.known(FELIX).label());
    }

    @Test
    void eachLabelSetHasATagOfItsOwnAndTheFolderLabelsTheDefaultOneAlone() throws IOException {
        LabelSet damage = new LabelSet("damage");
        LabelSet season = new LabelSet("season");
        bucket.putNamed(
                FELIX,
                png(1),
                Map.of("label.damage", " dent ", "label.", "x"),
                Map.of("label-damage", "rust", "label-season", "winter"));
        assertEquals(Outcome.LABELLED, ingest.tagged(FELIX));
        ImageRecord known = features.known(FELIX);
        assertEquals(Set.of(LabelSet.DEFAULT, damage, season), known.decisions().keySet());
        assertEquals(Optional.of(new Label("dent", LabelSource.TAG)), known.in(damage).label());
        assertEquals(
                Optional.of(new Label("winter", LabelSource.METADATA)), known.in(season).label());
        assertLabel("cat", LabelSource.FOLDER);
        tag(null);
        assertEquals(Outcome.LABELLED, ingest.tagged(FELIX));
        assertEquals(Optional.empty(), features.known(FELIX).in(damage).label());
    }

    @Test
    void whatIsNotReadYetIsLeftToTheEventOfItsUpload() throws IOException {
        bucket.put(FELIX, png(2), Optional.of("lynx"), Optional.empty());
        assertEquals(Outcome.UNCHANGED, ingest.tagged(FELIX), "another picture is on its way");
        assertEquals(Outcome.UNCHANGED, ingest.tagged("images/new.png"));
        assertLabel("cat", LabelSource.FOLDER);
        assertEquals(Outcome.IGNORED, ingest.tagged("labels/a.csv"));
    }

    private static byte[] png(int side) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB), "png", out);
        return out.toByteArray();
    }
}
