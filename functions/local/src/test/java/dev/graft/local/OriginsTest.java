package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.backbone.Backbones;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is moved or removed in the user's folder is so in what is kept, and nothing else. */
class OriginsTest {
    @TempDir private Path folder;
    @TempDir private Path data;

    private Path picture(String path, int colour) throws IOException {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        image.setRGB(3, 3, colour * 0x010307);
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private void start(LocalProduct product) throws InterruptedException {
        new Upload(folder).to(product, new Origins(Optional.of(data)));
    }

    @Test
    void whatTheUserMovedOrRemovedIsSoHereAndAnEmptyFolderChangesNothing() throws Exception {
        Path moved = picture("cat/1.png", 1);
        Path removed = picture("cat/2.png", 2);
        Path stays = picture("dog/3.png", 3);
        try (var product =
                new LocalProduct(Optional.empty(), Backbones.ofUser().resolve(""), Map.of())) {
            product.put("images/cat/by page.png", stays);
            start(product);
            Files.delete(removed);
            Files.move(moved, folder.resolve("dog/1.png"));
            start(product);
            Set<String> kept =
                    Set.of("images/cat/by page.png", "images/dog/1.png", "images/dog/3.png");
            assertEquals(kept, product.featurized().keySet());
            Files.delete(stays);
            Files.delete(folder.resolve("dog/1.png"));
            var empty = assertThrows(IllegalArgumentException.class, () -> start(product));
            assertTrue(empty.getMessage().contains("no pictures in"), empty.getMessage());
            picture("bird/9.png", 9);
            var other = assertThrows(IllegalArgumentException.class, () -> start(product));
            assertTrue(other.getMessage().contains("none of the 2 pictures"), other.getMessage());
            assertEquals(kept, product.featurized().keySet());
        }
    }
}
