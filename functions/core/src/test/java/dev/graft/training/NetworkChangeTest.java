package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.evaluation.Preview;
import dev.graft.feature.ConflictException;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.SetLabels;
import dev.graft.head.Activation;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadFiles;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryIndexStore;
import dev.graft.testing.InMemoryNetworkStore;
import dev.graft.versions.HeadVersions;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the features of one network to those of another, and back. */
class NetworkChangeTest {
    private static final List<String> NAMES = List.of("cat", "dog", "owl");
    private static final int WIDTH = 12;
    private static final int IMAGES = 120;
    private static final double CLEAR = 3;
    private static final double VAGUE = 0.6;

    private static final TrainingSettings SETTINGS =
            new TrainingSettings(Activation.SOFTMAX, 5, 5, List.of(0.1), 0);

    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final InMemoryHeadStore heads = new InMemoryHeadStore();
    private final InMemoryNetworkStore networks = new InMemoryNetworkStore();
    private final HeadVersions versions =
            new HeadVersions(
                    heads,
                    new LearnedImages(heads, new InMemoryIndexStore()),
                    Preview.stored(features),
                    networks::has);
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final TrainHead train =
            new TrainHead(
                    features,
                    new InMemoryImageIndex(features).built(),
                    heads,
                    new TrainHead.Setup(
                            SETTINGS,
                            Heads.provenance(TrainHead.VERSION),
                            card -> new byte[0],
                            networks,
                            stage -> {}),
                    () -> now);

    @TempDir private Path folder;

    @BeforeEach
    void keepBothNetworks() throws IOException {
        networks.keep("old", Files.write(folder.resolve("old.onnx"), new byte[1]));
        networks.keep("new", Files.write(folder.resolve("new.onnx"), new byte[2]));
    }

    /** A feature in which the class stands out by so much. */
    private void put(int i, String backbone, double signal) {
        Random picture = new Random(i);
        String hash = "%064x".formatted(new BigInteger(255, picture));
        Random noise = new Random(31L * i + backbone.hashCode());
        float[] values = new float[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            values[j] = (float) (noise.nextGaussian() + (j == i % 3 ? signal : 0));
        }
        features.put(
                new ImageFeature(
                        "images/%03d.jpg".formatted(i),
                        SetLabels.of(Optional.of(new Label(NAMES.get(i % 3), LabelSource.FOLDER))),
                        backbone,
                        Float16.encode(values),
                        hash,
                        8,
                        8,
                        "0".repeat(31) + "1",
                        now,
                        "",
                        new byte[0]));
    }

    private void fill(String backbone, int from, int to, double signal) {
        for (int i = from; i < to; i++) {
            put(i, backbone, signal);
        }
    }

    private TrainHead.Outcome run(String backbone) {
        now = now.plusSeconds(60);
        return train.run(backbone, "Net " + backbone, Duration.ofHours(1));
    }

    private String inUse() {
        return heads.latest().orElseThrow().version();
    }

    private HeadCard.NetworkChange change(String version) {
        HeadCard.NetworkChange change = versions.card(version).decision().networkChange();
        assertNotNull(change);
        return change;
    }

    @Test
    void theOldHeadIsInUseUntilEveryImageHasAFeatureOfTheNewNetwork() {
        fill("old", 0, IMAGES, VAGUE);
        String old = run("old").version();
        fill("new", 0, IMAGES - 1, CLEAR);
        assertEquals(new TrainHead.Waiting(old, IMAGES - 1, IMAGES), run("new"));
        assertEquals(old, inUse());
        put(IMAGES - 1, "new", CLEAR);
        var trained = assertInstanceOf(TrainHead.Trained.class, run("new"));
        assertEquals(trained.version(), inUse());
    }

    @Test
    void bothNetworksAreComparedOnTheSameFolds() {
        fill("old", 0, IMAGES, VAGUE);
        run("old");
        fill("new", 0, IMAGES, CLEAR);
        var trained = assertInstanceOf(TrainHead.Trained.class, run("new"));
        assertTrue(trained.reason().contains("from old to new"), trained.reason());
        HeadCard.NetworkChange change = change(trained.version());
        assertEquals("Net old", change.from());
        assertEquals("Net new", change.to());
        assertEquals(IMAGES, change.images());
        assertTrue(change.before().accuracy() < change.after().accuracy() - 0.2, "" + change);
        assertEquals(
                versions.card(inUse()).validation().accuracy(), change.after().accuracy(), 1e-9);
    }

    @Test
    void aWorseNetworkIsKeptBackAndTheOldHeadStaysInUse() {
        fill("old", 0, IMAGES, CLEAR);
        String old = run("old").version();
        fill("new", 0, IMAGES, VAGUE);
        var kept = assertInstanceOf(TrainHead.Kept.class, run("new"));
        assertTrue(kept.reason().contains("significantly worse"), kept.reason());
        assertEquals(old, inUse());
        assertTrue(change(kept.version()).before().accuracy() > 0.8);
        assertEquals(new TrainHead.NothingNew(old), run("new"), "nothing changed since");
        versions.promote(kept.version());
        assertEquals(kept.version(), inUse(), "by hand it is possible");
    }

    @Test
    void labelsGivenSinceTheOldHeadWasTrainedCountForBoth() {
        fill("old", 0, 60, CLEAR);
        run("old");
        fill("old", 60, IMAGES, CLEAR);
        fill("new", 0, IMAGES, CLEAR);
        assertEquals(IMAGES, change(run("new").version()).images());
    }

    @Test
    void aNetworkThatIsNotAtHandGivesWayToAnyHead() {
        fill("gone", 0, IMAGES, CLEAR);
        String gone = run("gone").version();
        fill("new", 0, 60, VAGUE);
        var trained = assertInstanceOf(TrainHead.Trained.class, run("new"));
        assertEquals(trained.version(), inUse());
        assertTrue(trained.reason().contains(gone), trained.reason());
        assertTrue(trained.reason().contains("not at hand"), trained.reason());
        var refused = assertThrows(ConflictException.class, () -> versions.promote(gone));
        assertTrue(String.valueOf(refused.getMessage()).contains("-Dbackbone"), "the remedy");
        assertEquals(trained.version(), inUse());
    }

    @Test
    void rollingBackNeedsNoNewFeatures() {
        fill("old", 0, IMAGES, VAGUE);
        String old = run("old").version();
        fill("new", 0, IMAGES, CLEAR);
        String next = run("new").version();
        assertTrue(versions.preview(old).changed() > 0);
        assertEquals(IMAGES, versions.preview(old).images());
        versions.promote(old);
        assertEquals(new TrainHead.NothingNew(old), run("new"), "by hand holds");
        assertEquals(old, inUse());
        versions.promote(next);
        assertEquals(next, inUse());
    }

    @Test
    void featuresAreDeletedOnlyOnceTheirNetworkIsOutOfUse() {
        var ofNew =
                new DeleteFeatures(
                        features,
                        new InMemoryImageIndex(features),
                        heads,
                        new InMemoryImageIndex(features).built(),
                        "new");
        fill("old", 0, IMAGES, VAGUE);
        String old = run("old").version();
        fill("new", 0, IMAGES, CLEAR);
        String inUse = refused(ConflictException.class, ofNew, "old");
        assertTrue(inUse.contains(old + ", which is in use") && inUse.contains("promote"), inUse);
        String ofBuild = refused(ConflictException.class, ofNew, "new");
        assertTrue(ofBuild.contains("new is the network of this build"), ofBuild);
        String unknown = refused(NotFoundException.class, ofNew, "none");
        assertTrue(unknown.contains("120 of new, 120 of old"), unknown);
        run("new");
        assertFalse(ofNew.run("old", Instant.EPOCH), "no time");
        assertTrue(ofNew.run("old", Instant.MAX));
        assertEquals(Optional.empty(), features.find("images/001.jpg", "old"));
        assertTrue(features.find("images/001.jpg", "new").isPresent());
        versions.promote(old);
        assertEquals(old, inUse(), "its head can still be promoted");
    }

    private static String refused(
            Class<? extends RuntimeException> kind, DeleteFeatures delete, String identity) {
        var refused = assertThrows(kind, () -> delete.run(identity, Instant.MAX));
        return String.valueOf(refused.getMessage());
    }

    @Test
    void aDamagedHeadGivesWayToAnyHead() {
        fill("old", 0, IMAGES, CLEAR);
        run("old");
        for (String file : List.of(HeadFiles.CARD, HeadFiles.TENSORS)) {
            heads.save(
                    "damaged-" + file,
                    Map.of(HeadFiles.CARD, bytes("{"), HeadFiles.TENSORS, bytes("")));
            heads.promote("damaged-" + file, heads.latest());
            var trained = assertInstanceOf(TrainHead.Trained.class, run("old"));
            assertTrue(trained.reason().contains("damaged"), trained.reason());
            assertEquals(trained.version(), inUse());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
