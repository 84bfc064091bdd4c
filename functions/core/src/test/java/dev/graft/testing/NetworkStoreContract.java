package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.NetworkStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link NetworkStore} does. */
public abstract class NetworkStoreContract {
    private static final String IDENTITY = "0123456789abcdef".repeat(4) + "-p1";

    @TempDir private Path folder;

    /** An empty store. */
    protected abstract NetworkStore store();

    @Test
    void copiesWhatItKeeps() throws IOException {
        NetworkStore store = store();
        assertFalse(store.has(IDENTITY));
        store.keep(IDENTITY, file("network", 1, 2, 3));
        assertTrue(store.has(IDENTITY));
        Path copy = file("copy", 9);
        assertTrue(store.copy(IDENTITY, copy));
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(copy));
    }

    @Test
    void keepsTheFirst() throws IOException {
        NetworkStore store = store();
        store.keep(IDENTITY, file("first", 1));
        store.keep(IDENTITY, file("second", 2));
        Path copy = folder.resolve("copy");
        assertTrue(store.copy(IDENTITY, copy));
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(copy));
    }

    @Test
    void tellsIdentitiesApart() throws IOException {
        NetworkStore store = store();
        store.keep(IDENTITY, file("network", 1));
        String other = IDENTITY.replace("-p1", "-p2");
        assertFalse(store.has(other));
        Path copy = folder.resolve("copy");
        assertFalse(store.copy(other, copy));
        assertFalse(Files.exists(copy));
    }

    private Path file(String name, int... bytes) throws IOException {
        byte[] content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        return Files.write(folder.resolve(name), content);
    }
}
