package dev.graft.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import dev.graft.image.Thumbnail;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryIndexStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.junit.jupiter.api.Test;

class BuildIndexTest {
    private static final Set<String> NET = Set.of("net");
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private Instant now = NOON;
    private final InMemoryFeatureStore store = new InMemoryFeatureStore(() -> now);
    private final InMemoryIndexStore files = new InMemoryIndexStore();
    private final InMemoryImageIndex index = new InMemoryImageIndex(store);
    private final ImageListing listing = new ImageListing(index, files, () -> now);
    private final BuildIndex built = new BuildIndex(store, listing, files, () -> now);

    private void put(int number, String label, int event) {
        store.put(
                new ImageFeature(
                        key(number),
                        SetLabels.of(
                                Optional.ofNullable(label)
                                        .map(l -> new Label(l, LabelSource.FOLDER))),
                        "net",
                        Float16.encode(new float[] {number, event, 1}),
                        "%064x".formatted(7919L * number + event),
                        8,
                        6,
                        Sequencer.padded("" + event),
                        now,
                        "",
                        thumbnail(number)));
    }

    private static byte[] thumbnail(int number) {
        byte[] thumbnail = new byte[Thumbnail.SIDE * Thumbnail.SIDE];
        new Random(number).nextBytes(thumbnail);
        return thumbnail;
    }

    private static String key(int number) {
        return "images/%03d ä.jpg".formatted(number);
    }

    private TreeMap<String, ImageIndex.Change> stored() {
        TreeMap<String, ImageIndex.Change> all = new TreeMap<>();
        index.changes(
                Instant.EPOCH,
                image -> image.picture().ifPresent(picture -> all.put(image.key(), image)));
        return all;
    }

    private void assertListed() {
        assertEquals(List.copyOf(stored().values()), List.copyOf(listing.pictures()));
    }

    private String etag(String file) {
        return files.read(file, 0, 1).map(IndexStore.Part::etag).orElse("none");
    }

    private List<String> kept() {
        return FeatureFile.read(
                        Download.whole(files, FeatureFile.name("net")).orElseThrow(),
                        FeatureRows.Limits.ofThisMachine())
                .rows()
                .all()
                .stream()
                .map(FeatureRows.Row::key)
                .sorted()
                .toList();
    }

    @Test
    void listsWhatTheTableHasWhateverTheFileIs() {
        IntStream.range(0, 40).forEach(i -> put(i, i % 4 == 0 ? null : "c" + i % 3, 1));
        assertListed();
        built.run(NET);
        now = now.plus(Duration.ofHours(1));
        put(7, "new", 2);
        put(99, null, 1);
        store.remove(key(8), Sequencer.padded("2"));
        store.decide(Decision.of(key(9), Optional.of("dog"), "ann"));
        assertListed();
        byte[] file = files.read("images", 0, 1 << 20).orElseThrow().bytes();
        for (byte[] damaged :
                List.of(new byte[] {1}, Arrays.copyOf(file, file.length / 2), new byte[9])) {
            files.write("images", damaged);
            assertListed();
        }
        files.write("images", file);
        store.forget(key(8));
        now = now.plus(Duration.ofDays(6));
        assertListed();
    }

    @Test
    void writesOnlyWhenEnoughChanged() {
        IntStream.range(0, 250).forEach(i -> put(i, "cat", 1));
        built.run(NET);
        String features = etag("net/features");
        String images = etag("images");
        now = now.plus(Duration.ofHours(1));
        put(3, "cat", 2);
        put(4, "cat", 2);
        built.run(NET);
        assertEquals(images, etag("images"), "two of 250 are not worth it");
        assertEquals(features, etag("net/features"));
        store.decide(Decision.of(key(5), Optional.of("dog"), "ann"));
        built.run(NET);
        assertNotEquals(images, etag("images"));
        assertNotEquals(features, etag("net/features"));
        images = etag("images");
        built.run(NET);
        assertEquals(images, etag("images"), "told again, but the same");
        now = now.plus(Duration.ofDays(5)).plusSeconds(1);
        built.run(NET);
        assertNotEquals(images, etag("images"), "soon too old");
    }

    @Test
    void followsDeletionsAndIsMadeForEachBackbone() {
        IntStream.range(0, 10).forEach(i -> put(i, "cat", 1));
        built.run(NET);
        store.remove(key(4), Sequencer.padded("2"));
        store.forget(key(4));
        put(5, "cat", 2);
        put(10, "dog", 1);
        now = now.plus(Duration.ofDays(7));
        built.run(Set.of("net", "other"));
        assertEquals(List.copyOf(stored().keySet()), kept());
        assertEquals("none", etag("other/features"), "there is no feature of it");
        built.delete("net");
        assertEquals("none", etag("net/features"));
        built.run(NET);
        assertEquals(List.copyOf(stored().keySet()), kept());
    }

    /** Ten rows fit. */
    @Test
    void ofMoreImagesThanThereIsRoomForKeepsThoseWhoseContentHashesFirst() {
        byte[] large = new byte[64];
        FeatureRows rows =
                new FeatureRows(new FeatureRows.Limits(10 * (FeatureRows.BESIDE + 64), 1_000));
        for (int i : new int[] {7, 19, 3, 11, 5, 0, 13, 1, 17, 9, 15, 2, 4, 18, 6, 8, 12, 10}) {
            add(rows, i, large);
        }
        assertEquals(
                IntStream.range(0, 10).mapToObj(BuildIndexTest::key).toList(),
                rows.all().stream().map(FeatureRows.Row::key).toList());
        add(rows, 14, large);
        assertEquals(10, rows.size(), "there is no room from there on");
        assertFalse(rows.isHalfEmpty());
        assertEquals(new Neighbours.Told("exact", 10, true), rows.neighbours().told());
        rows.retain(Set.of(key(1), key(2), key(3), key(4)));
        assertTrue(rows.isHalfEmpty());
    }

    private static void add(FeatureRows rows, int number, byte[] feature) {
        String hash = "%064x".formatted(number);
        rows.put(
                new FeatureStore.Vector(key(number), hash, feature, new byte[0]),
                Optional.of("cat"),
                NOON);
    }

    /** As builds wrote it that knew of no thumbnails in it. */
    private byte[] format1() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var checked = new CheckedOutputStream(bytes, new CRC32C());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeUTF("graft features 1");
        out.writeUTF(NOON.toString());
        out.writeUTF("");
        out.writeInt(0);
        out.writeInt(1);
        out.writeInt(3);
        out.writeUTF(key(1));
        out.writeUTF("cat");
        out.writeUTF("%064x".formatted(1));
        out.write(Float16.encode(new float[] {1, 1, 1}));
        out.writeLong(checked.getChecksum().getValue());
        return bytes.toByteArray();
    }

    @Test
    void aFileOfFormat1IsReadUntilTheNextTrainingWritesItAnew() throws IOException {
        String name = FeatureFile.name("net");
        files.write(name, format1());
        assertEquals(List.of(key(1)), kept());
        put(1, "cat", 1);
        built.run(NET);
        byte[] written = files.read(name, 0, 1 << 20).orElseThrow().bytes();
        assertEquals(OptionalInt.of(0), marked(written));
        assertEquals(List.copyOf(stored().keySet()), kept());
        var row =
                FeatureFile.read(
                                new ByteArrayInputStream(written),
                                FeatureRows.Limits.ofThisMachine())
                        .rows()
                        .all()
                        .getFirst();
        assertArrayEquals(Thumbnail.signature(thumbnail(1)), row.signature());
        String before = etag(name);
        built.run(NET);
        assertEquals(before, etag(name), "nothing has changed since");
        for (int i = 2; i < 200; i++) {
            put(i, "cat", 1);
        }
        built.run(NET);
        put(1, Label.NONE_OF_THESE, 2);
        built.run(NET);
        written = files.read(name, 0, 1 << 20).orElseThrow().bytes();
        assertEquals(OptionalInt.of(1), marked(written), "one of 199 is marked now");
    }

    private static OptionalInt marked(byte[] file) {
        return FeatureFile.marked(Arrays.copyOf(file, FeatureFile.BEGINNING));
    }
}
