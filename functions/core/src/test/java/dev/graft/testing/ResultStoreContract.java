package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.library.ResultStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link ResultStore} does. */
public abstract class ResultStoreContract {
    /** The store under test. */
    protected abstract ResultStore store();

    /** Puts an image into the same bucket. */
    protected abstract void upload(String key);

    @Test
    void readsWhatWasWrittenLast() {
        assertTrue(store().read("batch/1/state.json").isEmpty());
        store().write("batch/1/state.json", new byte[] {1}, "application/json");
        store().write("batch/1/state.json", new byte[] {2, 3}, "application/json");
        assertArrayEquals(new byte[] {2, 3}, store().read("batch/1/state.json").orElseThrow());
    }

    @Test
    void deletesAndListsItsOwnFiles() {
        store().write("batch/1/a.csv", new byte[] {1}, "text/csv");
        store().write("batch/1/b.csv", new byte[] {1}, "text/csv");
        store().delete("batch/1/a.csv");
        store().delete("batch/1/a.csv");
        assertTrue(store().read("batch/1/a.csv").isEmpty());
        assertEquals(List.of("results/batch/1/b.csv"), store().keys("results/", "", 9));
    }

    @Test
    void listsKeysInOrderPartByPart() {
        for (String name : List.of("b/2 +.jpg", "a/1.jpg", "b/10.jpg", "c.jpg")) {
            upload("images/" + name);
        }
        assertEquals(List.of("images/a/1.jpg", "images/b/10.jpg"), store().keys("images/", "", 2));
        assertEquals(
                List.of("images/b/2 +.jpg", "images/c.jpg"),
                store().keys("images/", "images/b/10.jpg", 9));
        assertEquals(List.of("images/c.jpg"), store().keys("images/c", "", 9));
        assertEquals(List.of(), store().keys("images/", "images/c.jpg", 9));
    }
}
