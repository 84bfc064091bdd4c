package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.LabelSet;
import dev.graft.index.IndexStore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link IndexStore} does. */
public abstract class IndexStoreContract {
    private static final String NAME = "0123456789abcdef".repeat(4) + "-p1/features";

    /** An empty store. */
    protected abstract IndexStore store();

    @Test
    void theFilesOfALabelSetAreApartFromThoseOfAnother() {
        IndexStore damage = store().in(new LabelSet("damage"));
        store().write("sets-apart", new byte[] {1});
        damage.write("sets-apart", new byte[] {2});
        damage.write("net/features", new byte[] {3});
        assertEquals(1, store().read("sets-apart", 0, 9).orElseThrow().bytes()[0]);
        assertEquals(2, damage.read("sets-apart", 0, 9).orElseThrow().bytes()[0]);
        assertEquals(List.of("net/features", "sets-apart"), damage.names());
        assertEquals(1, store().names().stream().filter(n -> n.contains("sets")).count());
        assertEquals(List.of(new LabelSet("damage")), List.copyOf(store().sets()));
        assertEquals(store().sets(), damage.sets());
        damage.delete("sets-apart");
        assertEquals(1, damage.in(LabelSet.DEFAULT).read("sets-apart", 0, 9).orElseThrow().size());
    }

    @Test
    void readsPartsOfWhatWasWritten() {
        IndexStore store = store();
        store.write(NAME, new byte[] {1, 2, 3, 4, 5});
        IndexStore.Part first = store.read(NAME, 0, 3).orElseThrow();
        assertArrayEquals(new byte[] {1, 2, 3}, first.bytes());
        assertEquals(5, first.size());
        IndexStore.Part rest = store.read(NAME, 3, 3).orElseThrow();
        assertArrayEquals(new byte[] {4, 5}, rest.bytes());
        assertEquals(5, rest.size());
        assertEquals(first.etag(), rest.etag());
        assertTrue(store.read(NAME, 5, 3).isEmpty(), "nothing is left");
    }

    @Test
    void replacesAFileAsAWhole() {
        IndexStore store = store();
        store.write(NAME, new byte[] {1, 2, 3});
        String before = store.read(NAME, 0, 1).orElseThrow().etag();
        store.write(NAME, new byte[] {9, 8});
        IndexStore.Part now = store.read(NAME, 0, 9).orElseThrow();
        assertArrayEquals(new byte[] {9, 8}, now.bytes());
        assertEquals(2, now.size());
        assertNotEquals(before, now.etag());
    }

    @Test
    void replacesOnlyWhatNobodyWroteMeanwhile() {
        IndexStore store = store();
        assertTrue(store.replace("training", Optional.empty(), new byte[] {1}));
        assertFalse(store.replace("training", Optional.empty(), new byte[] {2}));
        Optional<String> first = store.read("training", 0, 9).map(IndexStore.Part::etag);
        assertTrue(store.replace("training", first, new byte[] {3}));
        assertFalse(store.replace("training", first, new byte[] {4}));
        assertArrayEquals(new byte[] {3}, store.read("training", 0, 9).orElseThrow().bytes());
        Optional<String> now = store.read("training", 0, 9).map(IndexStore.Part::etag);
        store.delete("training");
        assertFalse(store.replace("training", now, new byte[] {5}), "it is gone");
    }

    @Test
    void deletesAndKnowsWhatIsMissing() {
        IndexStore store = store();
        assertTrue(store.read(NAME, 0, 1).isEmpty());
        store.delete(NAME);
        store.write(NAME, new byte[] {1});
        store.write("images", new byte[] {2});
        assertEquals(List.of(NAME, "images"), store.names());
        store.delete(NAME);
        assertEquals(List.of("images"), store.names());
        assertTrue(store.read(NAME, 0, 1).isEmpty());
        assertArrayEquals(new byte[] {2}, store.read("images", 0, 1).orElseThrow().bytes());
    }
}
