package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.backbone.Backbones;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelStore.Decision;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/** What is moved or removed in the user's folder is so in what is kept, and nothing else. */
class SyncTest {
    private static final String ANN = "ann@example.com";

    private static final Set<String> MOVED =
            Set.of(
                    "images/cat/4.png",
                    "images/cat/by page.png",
                    "images/dog/1.png",
                    "images/dog/5.png",
                    "images/dog/9.png",
                    "images/dog ü+/in/3 %.png",
                    "images/top.png");

    @TempDir private Path folder;
    @TempDir private Path data;

    private Path picture(String path, int colour) throws IOException {
        return picture(folder, path, colour);
    }

    private static Path picture(Path folder, String path, int colour) throws IOException {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        image.setRGB(3, 3, colour * 0x010307);
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private LocalProduct open() {
        return new LocalProduct(Optional.of(data), Backbones.ofUser().resolve(""), Map.of());
    }

    private static LocalProduct inMemory() {
        return new LocalProduct(Optional.empty(), Backbones.ofUser().resolve(""), Map.of());
    }

    private String sync(LocalProduct product) throws InterruptedException {
        return sync(product, folder, Removal.ASK);
    }

    /** As a start does; gives what it says. */
    private String sync(LocalProduct product, Path from, Removal removal)
            throws InterruptedException {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            product.reconcile();
            new Progress(0).await(product, 0);
            new Sync(new PictureFolder(from), new Origins(Optional.of(data)), removal, () -> {})
                    .to(product);
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private void delete(LocalProduct product, String key) throws InterruptedException {
        product.delete(List.of(key));
        new Progress(0).await(product, 0);
    }

    private static Set<String> kept(LocalProduct product) {
        return new TreeSet<>(product.featurized().keySet());
    }

    private static String label(LocalProduct product, String key) {
        return product.features().known(key).label().map(it -> it.name()).orElse("none");
    }

    /** Uploads, and what persons say of it; gives what was said of the first cat. */
    private List<LabelChange> taughtAndDecided() throws Exception {
        for (int i = 1; i <= 6; i++) {
            picture("cat/" + i + ".png", i);
        }
        picture("dog/1.png", 11);
        picture("top.png", 12);
        try (var product = open()) {
            String told = sync(product);
            assertEquals(
                    "8 pictures in %s are uploaded".formatted(folder),
                    told.lines().findFirst().orElse(""));
            product.labels().decide(Decision.of("images/cat/1.png", Optional.of("wolf"), ANN));
            product.labels().decide(Decision.of("images/cat/2.png", Optional.of("fox"), ANN));
            delete(product, "images/cat/2.png");
            tag(product, "images/cat/5.png", "lynx");
            new Progress(0).await(product, 0);
            product.put("images/cat/by page.png", picture(data, "by page.png", 99));
            return product.labels().history("images/cat/1.png");
        }
    }

    @Test
    void whatPersonsSaidAndDeletedOutlivesMovesAndStarts() throws Exception {
        List<LabelChange> said = taughtAndDecided();
        Files.createDirectories(folder.resolve("dog ü+/in"));
        move("cat/1.png", "dog/9.png");
        move("cat/3.png", "dog ü+/in/3 %.png");
        move("cat/5.png", "dog/5.png");
        Files.delete(folder.resolve("cat/6.png"));
        Set<String> kept = new TreeSet<>(MOVED);
        try (var product = open()) {
            String told = sync(product);
            assertTrue(told.contains("since the last start: 3 moved, 1 removed; the same"), told);
            String left = "1 picture that you deleted is left out: " + folder.resolve("cat/2.png");
            assertTrue(told.contains(left), told);
            assertTrue(told.contains("images/dog/9.png (wolf)"), told);
            assertEquals(kept, kept(product));
            assertEquals(said, product.labels().history("images/dog/9.png"));
            assertEquals("dog ü+", label(product, "images/dog ü+/in/3 %.png"));
            assertEquals("lynx", label(product, "images/dog/5.png"), "a tag goes along");
            assertEquals(kept.size(), product.index().counts().images());
        }
        move("cat/2.png", "dog/2.png");
        move("dog/9.png", "cat/1.png");
        try (var product = open()) {
            String told = sync(product);
            assertTrue(told.contains("left out: " + folder.resolve("dog/2.png")), told);
            kept.remove("images/dog/9.png");
            kept.add("images/cat/1.png");
            assertEquals(kept, kept(product));
            assertEquals("wolf", label(product, "images/cat/1.png"));
            assertEquals("fox", label(product, "images/dog/2.png"), "waits for the picture");
            assertTrue(sync(product).contains("no picture in " + folder + " changed"));
            picture("dog/2.png", 22);
            told = sync(product);
            assertTrue(told.contains(": 1 new; the same"), told);
            assertEquals("dog", label(product, "images/dog/2.png"), "of another picture");
        }
    }

    private void move(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to));
    }

    private static void tag(LocalProduct product, String key, String label) {
        Tag tag = Tag.builder().key("label").value(label).build();
        String bucket = product.environment().getOrDefault("IMAGES_BUCKET", "");
        product.aws()
                .s3()
                .putObjectTagging(
                        b ->
                                b.bucket(bucket)
                                        .key(key)
                                        .tagging(Tagging.builder().tagSet(tag).build()));
    }

    @Test
    void filesThatChangedPlacesKeepTheirLabels() throws Exception {
        picture("cat/1.png", 1);
        picture("cat/2.png", 2);
        picture("cat/3.png", 3);
        try (var product = inMemory()) {
            sync(product);
            product.labels().decide(Decision.of("images/cat/1.png", Optional.of("one"), ANN));
            product.labels().decide(Decision.of("images/cat/2.png", Optional.of("two"), ANN));
            move("cat/1.png", "x");
            move("cat/2.png", "cat/1.png");
            move("x", "cat/2.png");
            String told = sync(product);
            assertTrue(told.contains("since the last start: 2 moved; the same"), told);
            assertEquals("two", label(product, "images/cat/1.png"));
            assertEquals("one", label(product, "images/cat/2.png"));
            assertEquals(3, kept(product).size());
        }
    }

    @Test
    void nothingIsRemovedWhereADiskMayBeMissingUntilAPersonSaysSo() throws Exception {
        for (int i = 1; i <= 3; i++) {
            picture("cat/" + i + ".png", i);
        }
        try (var product = inMemory()) {
            product.put("images/cat/by page.png", picture(data, "by page.png", 99));
            sync(product);
            Set<String> all = kept(product);
            assertEquals(4, all.size());
            Files.delete(folder.resolve("cat/1.png"));
            Files.delete(folder.resolve("cat/2.png"));
            picture("cat/4.png", 4);
            String told = sync(product);
            assertTrue(told.contains("since the last start: 1 new; the same"), told);
            assertTrue(told.contains("2 of the 3 pictures that came from " + folder), told);
            assertTrue(told.contains("-Dremove=true"), told);
            all.add("images/cat/4.png");
            assertEquals(all, kept(product));
            sync(product, folder, Removal.CONFIRMED);
            all.removeAll(Set.of("images/cat/1.png", "images/cat/2.png"));
            assertEquals(all, kept(product));
            Files.delete(folder.resolve("cat/3.png"));
            Files.delete(folder.resolve("cat/4.png"));
            for (Removal removal : Removal.values()) {
                var empty =
                        assertThrows(
                                IllegalArgumentException.class,
                                () -> sync(product, folder, removal));
                assertTrue(empty.getMessage().contains("no pictures in"), empty.getMessage());
            }
            picture("bird/9.png", 9);
            var other = assertThrows(IllegalArgumentException.class, () -> sync(product));
            assertTrue(other.getMessage().contains("none of the 2 pictures"), other.getMessage());
            assertEquals(all, kept(product));
            sync(product, folder, Removal.CONFIRMED);
            assertEquals(Set.of("images/bird/9.png", "images/cat/by page.png"), kept(product));
        }
    }

    @Test
    void picturesOfAnotherFolderStay(@TempDir Path second) throws Exception {
        picture("cat/1.png", 1);
        picture("cat/2.png", 2);
        picture("dog/3.png", 3);
        picture(second, "cat/1.png", 1);
        picture(second, "cat/2.png", 22);
        picture(second, "bird/5.png", 5);
        picture(second, "bird/6.png", 6);
        try (var product = inMemory()) {
            sync(product);
            String told = sync(product, second, Removal.ASK);
            assertTrue(told.contains("2 pictures in " + second + " are uploaded"), told);
            assertTrue(told.contains("1 file is left out, as another picture"), told);
            assertTrue(told.contains(second.resolve("cat/2.png").toString()), told);
            Files.delete(second.resolve("cat/1.png"));
            Files.delete(second.resolve("bird/5.png"));
            sync(product, second, Removal.ASK);
            Set<String> kept =
                    Set.of(
                            "images/cat/1.png",
                            "images/cat/2.png",
                            "images/dog/3.png",
                            "images/bird/6.png");
            assertEquals(kept, kept(product));
            assertFalse(sync(product).contains("removed"));
            assertEquals(kept, kept(product));
        }
    }

    @Test
    void aStartThatEndedInTheMiddleIsFinishedByTheNext() throws Exception {
        for (int i = 1; i <= 6; i++) {
            picture("cat/" + i + ".png", i);
        }
        try (var product = inMemory()) {
            var listed = new PictureFolder(folder);
            Files.delete(folder.resolve("cat/4.png"));
            var origins = new Origins(Optional.of(data));
            var sync = new Sync(listed, origins, Removal.ASK, () -> {});
            assertThrows(RuntimeException.class, () -> sync.to(product));
            picture("cat/4.png", 4);
            String told = sync(product);
            assertFalse(told.contains("deleted"), told);
            assertEquals(6, kept(product).size());
            assertTrue(sync(product).contains("no picture in " + folder + " changed"));
        }
    }
}
