package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFolderTest {
    @TempDir private Path folder;

    private void file(String path) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }

    @Test
    void takesEveryFileByItsPath() throws IOException {
        file("cat/a.jpg");
        file("cat/kitten/b.JPG");
        file("dog/back\\slash.png");
        file("c");
        var pictures = new PictureFolder(folder);
        assertEquals(
                Set.of(
                        "images/cat/a.jpg",
                        "images/cat/kitten/b.JPG",
                        "images/dog/back\\slash.png",
                        "images/c"),
                pictures.keys());
        assertEquals(List.of(), pictures.remarks());
    }

    @Test
    void leavesOutWhatBelongsToSystemsAndSaysSo() throws IOException {
        file("cat/a.jpg");
        file("cat/Thumbs.db");
        file("cat/._a.jpg");
        file(".ipynb_checkpoints/a-checkpoint.jpg");
        file("@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg");
        file("__MACOSX/cat/._a.jpg");
        file("classes.txt");
        var pictures = new PictureFolder(folder);
        assertEquals(Set.of("images/cat/a.jpg"), pictures.keys());
        String told = pictures.remarks().getFirst();
        assertTrue(told.startsWith("left out: "), told);
        assertTrue(told.endsWith(" and 1 more"), told);
    }

    @Test
    void saysHowSplitFoldersAreRead() throws IOException {
        file("train/cat/a.jpg");
        file("val/cat/b.jpg");
        assertEquals(
                List.of(
                        "train, val: splits of a data set; the folders inside name the classes, and all pictures are learned from"),
                new PictureFolder(folder).remarks());
    }

    @Test
    void followsLinksUnlessTheyLeadBack() throws IOException {
        file("elsewhere/a.jpg");
        file("set/dog/b.jpg");
        Path set = folder.resolve("set");
        Files.createSymbolicLink(set.resolve("cat"), folder.resolve("elsewhere"));
        Files.createSymbolicLink(set.resolve("b.jpg"), set.resolve("dog/b.jpg"));
        Files.createSymbolicLink(set.resolve("dog/back"), set);
        Files.createSymbolicLink(set.resolve("nowhere"), folder.resolve("missing"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), set);
        for (Path root : List.of(set, link)) {
            var pictures = new PictureFolder(root);
            assertEquals(
                    Set.of("images/cat/a.jpg", "images/dog/b.jpg", "images/b.jpg"),
                    pictures.keys());
            String told = pictures.remarks().getFirst();
            assertTrue(told.contains("dog/back (a link that leads back)"), told);
            assertTrue(told.contains("nowhere (no file, or a link to none)"), told);
            // perhaps a disk that is not mounted: what came from there is not gone
            assertTrue(pictures.listing().unread().test("images/nowhere/a.jpg"));
        }
    }

    @Test
    void aFolderWithoutPicturesSaysWhatWasLeftOut() throws IOException {
        file(".cache/a.jpg");
        var e = assertThrows(IllegalArgumentException.class, () -> new PictureFolder(folder));
        assertTrue(e.getMessage().contains(".cache/"), e.getMessage());
    }

    @Test
    void filesOfOneSizeAndTimeThatChangedPlacesAreSeen() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("unix"));
        for (String name : List.of("1", "2")) {
            Files.writeString(folder.resolve(name), name);
            Files.setLastModifiedTime(folder.resolve(name), FileTime.fromMillis(0));
        }
        var before = new PictureFolder(folder).listing().files();
        Instant end = Instant.now().plusSeconds(10);
        var changed = new TreeMap<>(before);
        // the clock of the file system may be coarse
        while (changed.get("images/1").equals(before.get("images/1"))) {
            assertTrue(Instant.now().isBefore(end), "it is not seen");
            Files.move(folder.resolve("1"), folder.resolve("x"));
            Files.move(folder.resolve("2"), folder.resolve("1"));
            Files.move(folder.resolve("x"), folder.resolve("2"));
            changed.putAll(new PictureFolder(folder).listing().files());
        }
        assertTrue(before.get("images/1").modified() > 0);
    }
}
