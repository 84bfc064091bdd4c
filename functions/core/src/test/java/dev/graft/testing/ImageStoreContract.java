package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoredObject;
import dev.graft.image.UnreadableImageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link ImageStore} does. */
public abstract class ImageStoreContract {
    private static final long MAX = 100_000;

    /** The store under test. */
    protected abstract ImageStore store();

    /** Uploads a file as a user would. */
    protected abstract void upload(
            String key, byte[] bytes, Optional<String> tagLabel, Optional<String> metadataLabel);

    private void upload(String key, byte[] bytes) {
        upload(key, bytes, Optional.empty(), Optional.empty());
    }

    /** Deletes a file as a user would. */
    protected abstract void delete(String key);

    @Test
    void readsEveryByte() {
        byte[] bytes = new byte[(int) MAX];
        new Random(3).nextBytes(bytes);
        upload("images/a.jpg", bytes);
        ImageFile read = store().read("images/a.jpg", MAX).orElseThrow();
        assertArrayEquals(bytes, read.bytes());
        assertEquals("images/a.jpg", read.key());
        assertEquals(Optional.empty(), read.tagLabel());
        assertEquals(Optional.empty(), read.metadataLabel());
    }

    @Test
    void keepsAThumbnailBesideItsImageUntilItIsDeleted() {
        String key = "images/Käfer/猫 😀" + "/long".repeat(180) + ".jpg";
        upload(key, new byte[] {1});
        assertEquals(Optional.empty(), store().find(ImageStore.thumbnail(key)));
        store().putThumbnail(key, new byte[] {2, 3});
        ImageFile read = store().read(ImageStore.thumbnail(key), MAX).orElseThrow();
        assertArrayEquals(new byte[] {2, 3}, read.bytes());
        assertEquals(
                List.of(ImageStore.thumbnail(key)),
                store().list(ImageStore.THUMBNAILS, "").stream().map(StoredObject::key).toList());
        assertArrayEquals(new byte[] {1}, store().read(key, MAX).orElseThrow().bytes());
        store().delete(List.of(ImageStore.thumbnail(key)));
        assertEquals(Optional.empty(), store().find(ImageStore.thumbnail(key)));
    }

    @Test
    void readsAnEmptyFile() {
        upload("images/empty", new byte[0]);
        assertEquals(0, store().read("images/empty", MAX).orElseThrow().bytes().length);
    }

    @Test
    void readsKeysWithSpacesPlusAndOtherScripts() {
        for (String name :
                new String[] {"red cat", "red+cat", "red%20cat", "Käfer/猫 😀", "a&b=?#"}) {
            byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            String key = "images/" + name + ".jpg";
            upload(key, bytes);
            assertArrayEquals(bytes, store().read(key, MAX).orElseThrow().bytes(), key);
        }
    }

    @Test
    void findsNothingForAnUnknownOrDeletedKey() {
        assertEquals(Optional.empty(), store().read("images/nobody.jpg", MAX));
        upload("images/b.jpg", new byte[3]);
        delete("images/b.jpg");
        assertEquals(Optional.empty(), store().read("images/b.jpg", MAX));
    }

    @Test
    void refusesAFileOverTheLimit() {
        upload("images/c.jpg", new byte[11]);
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
        upload("images/d.jpg", new byte[1], Optional.empty(), Optional.of("cat"));
        ImageFile read = store().read("images/d.jpg", MAX).orElseThrow();
        assertEquals(Optional.of("cat"), read.metadataLabel());
        assertEquals(Optional.empty(), read.tagLabel());
    }

    @Test
    void readsTheLabelInTheTags() {
        upload("images/e.jpg", new byte[1], Optional.of("red cat"), Optional.of("dog"));
        ImageFile read = store().read("images/e.jpg", MAX).orElseThrow();
        assertEquals(Optional.of("red cat"), read.tagLabel());
        assertEquals(Optional.of("dog"), read.metadataLabel());
    }

    @Test
    void tellsWhichBytesAnObjectHas() {
        assertEquals(Optional.empty(), store().find("images/f"));
        upload("images/f", new byte[] {1});
        StoredObject first = store().find("images/f").orElseThrow();
        assertEquals("images/f", first.key());
        assertTrue(first.etag().matches("[0-9a-f]{32}"), first.etag());
        assertEquals(first, store().read("images/f", MAX).orElseThrow().object());
        upload("images/f", new byte[] {2});
        StoredObject second = store().find("images/f").orElseThrow();
        assertNotEquals(first.etag(), second.etag());
        assertFalse(second.modified().isBefore(first.modified()));
        upload("images/f", new byte[] {1});
        assertEquals(first.etag(), store().find("images/f").orElseThrow().etag());
    }

    @Test
    void listsPageByPage() {
        List<String> keys = List.of("images/l/+ü 猫", "images/l/1", "images/l/2", "images/l/a/b");
        for (String key : keys) {
            upload(key, key.getBytes(StandardCharsets.UTF_8));
        }
        upload("images/other", new byte[1]);
        List<StoredObject> listed = new ArrayList<>();
        List<StoredObject> page = store().list("images/l/", "");
        while (!page.isEmpty()) {
            listed.addAll(page);
            page = store().list("images/l/", page.getLast().key());
        }
        assertEquals(keys, listed.stream().map(StoredObject::key).toList());
        for (StoredObject object : listed) {
            assertEquals(
                    store().find(object.key()).map(StoredObject::etag), Optional.of(object.etag()));
        }
        assertEquals(List.of(), store().list("nothing/", ""));
    }

    @Test
    void copiesAnImageWithWhatItSaysOfItsLabel() {
        String key = "images/red cat+ü/猫" + "/long".repeat(180) + ".jpg";
        upload(key, new byte[] {1, 2}, Optional.of("tag"), Optional.of("metadata"));
        upload("results/undo/1/0", new byte[] {9});
        assertTrue(store().copy(key, "results/undo/1/0"));
        store().delete(List.of(key));
        assertTrue(store().copy("results/undo/1/0", key));
        ImageFile back = store().read(key, MAX).orElseThrow();
        assertArrayEquals(new byte[] {1, 2}, back.bytes());
        assertEquals(Optional.of("tag"), back.tagLabel());
        assertEquals(Optional.of("metadata"), back.metadataLabel());
        assertEquals(
                store().find("results/undo/1/0").map(StoredObject::etag),
                Optional.of(back.object().etag()));
        assertFalse(store().copy("images/nobody.jpg", key));
        assertEquals(2, store().read(key, MAX).orElseThrow().bytes().length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dent",
                "beulé 猫+=?utf-8?q?x?=",
                "a\nb",
                "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"
            })
    void copiesAnImageWithItsLabelInOneSetAndNoOther(String label) {
        String from = "results/answers/1.jpg";
        String key = "images/copy.jpg";
        upload(from, new byte[] {1, 2}, Optional.of("tag"), Optional.of("metadata"));
        LabelSet damage = new LabelSet("damage");
        assertTrue(store().copy(from, key, damage, label));
        ImageFile copy = store().read(key, MAX).orElseThrow();
        assertArrayEquals(new byte[] {1, 2}, copy.bytes());
        assertEquals(Map.of(damage, label), copy.metadataLabels());
        assertEquals(Map.of(), copy.tagLabels());
        assertTrue(store().copy(from, key, LabelSet.DEFAULT, label));
        assertEquals(Optional.of(label), store().read(key, MAX).orElseThrow().metadataLabel());
        assertFalse(store().copy("images/nobody.jpg", key, damage, label));
    }

    @Test
    void deletesBesideAKeyThatNoListInXmlCanName() {
        upload("images/d.jpg", new byte[] {1}, Optional.empty(), Optional.empty());
        store().delete(List.of("images/\u001a.jpg", "images/d.jpg", "images/\uffff.jpg"));
        assertEquals(Optional.empty(), store().read("images/d.jpg", 10));
    }

    @Test
    void deletesAsOftenAsAsked() {
        List<String> keys = List.of("images/d", "images/ö +&<>.jpg", "images/never.jpg");
        keys.subList(0, 2).forEach(key -> upload(key, new byte[1]));
        upload("images/stays.jpg", new byte[1]);
        for (int i = 0; i < 2; i++) {
            store().delete(keys);
            for (String key : keys) {
                assertEquals(Optional.empty(), store().read(key, MAX), key);
            }
        }
        assertTrue(store().find("images/stays.jpg").isPresent());
    }
}
