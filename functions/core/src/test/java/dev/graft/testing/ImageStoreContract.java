package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.image.UnreadableImageException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link ImageStore} does. */
public abstract class ImageStoreContract {
    private static final long MAX = 100_000;

    /** The store under test. */
    protected abstract ImageStore store();

    /** Uploads a file as a user would. */
    protected abstract void upload(ImageFile file);

    /** Deletes a file as a user would. */
    protected abstract void delete(String key);

    /** Whether the store under test keeps object tags. */
    protected boolean keepsTags() {
        return true;
    }

    @Test
    void readsEveryByte() {
        byte[] bytes = new byte[(int) MAX];
        new Random(3).nextBytes(bytes);
        upload(new ImageFile("images/a.jpg", bytes, Optional.empty(), Optional.empty()));
        ImageFile read = store().read("images/a.jpg", MAX).orElseThrow();
        assertArrayEquals(bytes, read.bytes());
        assertEquals("images/a.jpg", read.key());
        assertEquals(Optional.empty(), read.tagLabel());
        assertEquals(Optional.empty(), read.metadataLabel());
    }

    @Test
    void readsAnEmptyFile() {
        upload(new ImageFile("images/empty", new byte[0], Optional.empty(), Optional.empty()));
        assertEquals(0, store().read("images/empty", MAX).orElseThrow().bytes().length);
    }

    @Test
    void readsKeysWithSpacesPlusAndOtherScripts() {
        for (String name :
                new String[] {"red cat", "red+cat", "red%20cat", "Käfer/猫 😀", "a&b=?#"}) {
            byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            String key = "images/" + name + ".jpg";
            upload(new ImageFile(key, bytes, Optional.empty(), Optional.empty()));
            assertArrayEquals(bytes, store().read(key, MAX).orElseThrow().bytes(), key);
        }
    }

    @Test
    void findsNothingForAnUnknownOrDeletedKey() {
        assertEquals(Optional.empty(), store().read("images/nobody.jpg", MAX));
        upload(new ImageFile("images/b.jpg", new byte[3], Optional.empty(), Optional.empty()));
        delete("images/b.jpg");
        assertEquals(Optional.empty(), store().read("images/b.jpg", MAX));
    }

    @Test
    void refusesAFileOverTheLimit() {
        upload(new ImageFile("images/c.jpg", new byte[11], Optional.empty(), Optional.empty()));
        assertTrue(store().read("images/c.jpg", 11).isPresent());
        var refused =
                assertThrows(
                        UnreadableImageException.class, () -> store().read("images/c.jpg", 10));
        assertEquals(UnreadableImageException.Reason.TOO_LARGE, refused.reason());
        assertTrue(refused.getMessage().contains("images/c.jpg"), refused.getMessage());
        assertTrue(refused.getMessage().contains("11"), refused.getMessage());
        assertTrue(refused.getMessage().contains("10"), refused.getMessage());
    }

    @Test
    void readsTheLabelInTheMetadata() {
        upload(new ImageFile("images/d.jpg", new byte[1], Optional.empty(), Optional.of("cat")));
        ImageFile read = store().read("images/d.jpg", MAX).orElseThrow();
        assertEquals(Optional.of("cat"), read.metadataLabel());
        assertEquals(Optional.empty(), read.tagLabel());
    }

    @Test
    void readsTheLabelInTheTags() {
        assumeTrue(keepsTags(), "this S3 keeps no object tags");
        upload(
                new ImageFile(
                        "images/e.jpg", new byte[1], Optional.of("red cat"), Optional.of("dog")));
        ImageFile read = store().read("images/e.jpg", MAX).orElseThrow();
        assertEquals(Optional.of("red cat"), read.tagLabel());
        assertEquals(Optional.of("dog"), read.metadataLabel());
    }

    @Test
    void deletesAsOftenAsAsked() {
        upload(new ImageFile("images/d", new byte[1], Optional.empty(), Optional.empty()));
        for (int i = 0; i < 2; i++) {
            store().delete("images/d");
            assertEquals(Optional.empty(), store().read("images/d", MAX));
        }
    }
}
