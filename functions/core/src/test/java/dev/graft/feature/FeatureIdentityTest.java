package dev.graft.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.FeatureIdentity.Network;
import dev.graft.image.NetworkMetadata;
import dev.graft.image.PixelPath;
import dev.graft.image.Preprocessing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeatureIdentityTest {
    private static final String SOURCE = "5".repeat(64);
    private static final String CUT = "c".repeat(64);
    private static final Network NETWORK = new Network(SOURCE, "pooled", CUT);
    private static final Preprocessing USUAL = Preprocessing.imageNet(256, 224);

    private static FeatureIdentity identity(Network network, int pixelPath, int views) {
        return new FeatureIdentity(network, USUAL, pixelPath, views, "");
    }

    @Test
    void ofTheFirstSettingsIsTheHashOfTheCutNetworkAsInEveryFeatureStoredSoFar() {
        assertEquals(CUT + "-p1", identity(NETWORK, 1, 1).id());
    }

    @Test
    void ofAFileWithoutSourceAndCutIsThatOfTheFile() {
        Map<String, String> metadata = new HashMap<>(USUAL.toMetadata());
        metadata.put(NetworkMetadata.FEATURE, "pooled");
        assertEquals("f-p1", FeatureIdentity.of(metadata, "f", PixelPath.P1).id());
        metadata.put(NetworkMetadata.SOURCE, SOURCE);
        metadata.put(NetworkMetadata.CUT, CUT);
        assertEquals(identity(NETWORK, 1, 1), FeatureIdentity.of(metadata, "f", PixelPath.P1));
    }

    @Test
    void ofALaterPixelPathDoesNotLookAtTheCut() {
        Network secondOutput = new Network(SOURCE, "pooled", "d".repeat(64));
        assertEquals(identity(NETWORK, 2, 1).id(), identity(secondOutput, 2, 1).id());
        assertTrue(identity(NETWORK, 2, 1).id().matches("[0-9a-f]{64}-p2"));
    }

    @Test
    void differsWithEverySetting() {
        Preprocessing smaller = Preprocessing.imageNet(255, 224);
        Set<String> ids =
                new HashSet<>(
                        List.of(
                                identity(NETWORK, 1, 1).id(),
                                identity(NETWORK, 2, 1).id(),
                                identity(NETWORK, 2, 5).id(),
                                identity(NETWORK, 1, 5).id(),
                                identity(new Network("6", "pooled", CUT), 2, 1).id(),
                                identity(new Network(SOURCE, "logits", CUT), 2, 1).id(),
                                new FeatureIdentity(NETWORK, smaller, 2, 1, "").id(),
                                new FeatureIdentity(NETWORK, USUAL, 2, 1, "face").id(),
                                new FeatureIdentity(NETWORK, USUAL, 2, 1, "hand").id(),
                                new FeatureIdentity(NETWORK, USUAL, 1, 1, "hand").id()));
        assertEquals(10, ids.size(), ids::toString);
    }

    @Test
    void isShortenedForPeople() {
        assertEquals("cccccccccccc", FeatureIdentity.shortened(CUT + "-p1"));
        assertEquals("mean", FeatureIdentity.shortened("mean"));
        assertNotEquals(FeatureIdentity.shortened(CUT), FeatureIdentity.shortened(SOURCE));
    }

    @Test
    void refusesNoViewAndNoPixelPath() {
        assertThrows(IllegalArgumentException.class, () -> identity(NETWORK, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> identity(NETWORK, 1, 0));
    }
}
