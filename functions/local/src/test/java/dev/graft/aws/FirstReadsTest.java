package dev.graft.aws;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import dev.graft.feature.Sha256;
import dev.graft.feature.StoreException;
import dev.graft.head.HeadStore;
import dev.graft.index.IndexStore;
import dev.graft.local.TestCloud;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** What a process that starts reads without the SDK's clients is what these read. */
class FirstReadsTest {
    private static final Map<String, String> CLOUD = TestCloud.newEnvironment();
    private static final String IMAGES = CLOUD.get("IMAGES_BUCKET");
    private static final String HEADS = CLOUD.get("HEADS_BUCKET");
    private static final String TABLE = CLOUD.get("TABLE");

    private final Aws sdk = new Aws(CLOUD);
    private final Aws starting = new Aws(CLOUD);

    @Test
    void headsAndFilesOfTheIndex() {
        HeadStore heads = sdk.headStore(HEADS);
        byte[] card = bytes("{}");
        heads.save("1", Map.of("head.json", card));
        heads.promote("1", Optional.empty());
        IndexStore index = sdk.indexStore(HEADS);
        index.write("a+b c/ü", bytes("0123456789"));
        assertTrue(sdk.hasClients());

        assertEquals(heads.latest(), starting.headStore(HEADS).latest());
        assertArrayEquals(card, starting.headStore(HEADS).read("1", "head.json").orElseThrow());
        assertEquals(Optional.empty(), starting.headStore(HEADS).settings());
        IndexStore.Part part = starting.indexStore(HEADS).read("a+b c/ü", 2, 3).orElseThrow();
        assertArrayEquals(bytes("234"), part.bytes());
        assertEquals(10, part.size());
        assertEquals(index.read("a+b c/ü", 0, 1).orElseThrow().etag(), part.etag());
        assertFalse(starting.hasClients());

        assertEquals(Optional.empty(), starting.indexStore(HEADS).read("a+b c/ü", 10, 3));
        assertTrue(starting.hasClients(), "nothing is left to read, which is left to the client");
    }

    @Test
    void anImageWithWhatIsSaidOfIt() {
        String key = "images/a/é 1.jpg";
        Map<String, String> metadata = Map.of("label", "cat", "other", "=?UTF-8?B?w6k=?=");
        sdk.s3()
                .putObject(
                        b -> b.bucket(IMAGES).key(key).metadata(metadata),
                        RequestBody.fromBytes(bytes("picture")));
        var seen = starting.imageStore(IMAGES).read(key, 100).orElseThrow();
        var expected = sdk.imageStore(IMAGES).read(key, 100).orElseThrow();
        assertArrayEquals(expected.bytes(), seen.bytes());
        assertEquals(expected.object(), seen.object());
        assertEquals(expected.metadataLabels(), seen.metadataLabels());
        assertFalse(seen.metadataLabels().isEmpty());
        assertFalse(starting.hasClients());
    }

    @Test
    void whatChanged() {
        var store = sdk.featureStore(TABLE);
        for (int i = 0; i < 40; i++) {
            store.put(feature("images/cat/é" + i + ".jpg"));
        }
        ImageIndex expected = sdk.imageIndex(TABLE);
        ImageIndex index = starting.imageIndex(TABLE);
        assertEquals(40, index.changes(Instant.EPOCH, 1000).images().size());
        assertEquals(expected.changes(Instant.EPOCH, 1000), index.changes(Instant.EPOCH, 1000));
        assertEquals(expected.changes(Instant.EPOCH, 32), index.changes(Instant.EPOCH, 32));
        assertTrue(index.changes(Instant.now().plusSeconds(60), 1000).images().isEmpty());
        assertFalse(starting.hasClients());
        assertEquals(
                expected.list(new ImageIndex.All(), 10, Optional.empty()),
                index.list(new ImageIndex.All(), 10, Optional.empty()));
        assertTrue(starting.hasClients());
    }

    @Test
    void whatFailsIsLeftToTheClients() {
        var failed =
                assertThrows(StoreException.class, () -> starting.headStore("no-bucket").latest());
        assertTrue(failed.getMessage().contains("answered 404"), failed.getMessage());
        assertTrue(starting.hasClients());
    }

    @ParameterizedTest
    @CsvSource({"AWS_USE_FIPS_ENDPOINT, true", "AWS_USE_DUALSTACK_ENDPOINT, true"})
    void endpointsOfAnotherKindAreLeftToTheClients(String name, String value) {
        Map<String, String> environment = new HashMap<>(CLOUD);
        environment.put(name, value);
        try (Aws aws = new Aws(environment)) {
            assertEquals(Optional.empty(), aws.headStore(HEADS).settings());
            assertTrue(aws.hasClients());
        }
    }

    private static ImageFeature feature(String key) {
        return new ImageFeature(
                key,
                SetLabels.of(Optional.of(new Label("cat", LabelSource.FOLDER))),
                "network-p1",
                new byte[8],
                Sha256.of(bytes(key)),
                4,
                3,
                Sequencer.padded("1"),
                Instant.now(),
                "",
                new byte[0]);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
