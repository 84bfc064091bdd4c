package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.backbone.Backbones;
import dev.graft.head.HeadFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large folder answers before all of it is read. */
class FirstHeadTest {
    private static final Path SAMPLES = Path.of("samples");
    private static final int EACH = 16;

    @TempDir Path folder;

    @Test
    void classesTakeTurns() {
        assertEquals(
                List.of(
                        List.of("images/cat/1.png", "images/dog/1.png", "images/top.png"),
                        List.of("images/cat/2.png", "images/train/dog/2.png"),
                        List.of("images/cat/in/3.png")),
                Sync.inTurns(
                        List.of(
                                "images/cat/1.png",
                                "images/cat/2.png",
                                "images/cat/in/3.png",
                                "images/dog/1.png",
                                "images/top.png",
                                "images/train/dog/2.png")));
        assertEquals(List.of(), Sync.inTurns(List.of()));
    }

    @Test
    void learnsTheFirstOfEachClassWhileOthersAreRead() throws Exception {
        pictures(List.of("bolt", "gear", "key"), EACH);
        List<Integer> featurized = new ArrayList<>();
        try (var product = inMemory()) {
            var first = new FirstHead(product);
            sync(product, () -> featurized.add(featurized(product, first)));
            first.await();
            String version = product.heads().latest().orElseThrow().version();
            var head = HeadFiles.card(version, file -> product.heads().read(version, file));
            assertEquals(List.of("bolt", "gear", "key"), head.classes());
            assertEquals(1, product.heads().versions().size());

            var second = new FirstHead(product);
            second.run(); // one is in use
            second.await();
            assertEquals(1, product.heads().versions().size());
        }
        assertEquals(1, featurized.size());
        int then = featurized.getFirst();
        assertTrue(then >= 3 * Sync.FIRST && then < 3 * EACH, () -> then + " were featurized");
    }

    private void pictures(List<String> labels, int each) throws IOException {
        for (String label : labels) {
            Files.createDirectories(folder.resolve(label));
            for (int i = 0; i < each; i++) {
                String name = "%s/%02d.jpg".formatted(label, i);
                Files.copy(SAMPLES.resolve(name), folder.resolve(name));
            }
        }
    }

    private static LocalProduct inMemory() {
        return new LocalProduct(Optional.empty(), Backbones.ofUser().resolve(""), Map.of());
    }

    private static int featurized(LocalProduct product, FirstHead first) {
        first.run();
        return product.done();
    }

    private void sync(LocalProduct product, Runnable whenEnough) throws InterruptedException {
        var pictures = new PictureFolder(folder);
        new Sync(pictures, new Origins(Optional.empty()), Removal.ASK, whenEnough).to(product);
    }

    @Test
    void aSmallFolderIsLearnedOnce() throws Exception {
        pictures(List.of("bolt", "gear"), 2 * Sync.FIRST - 1);
        List<Integer> featurized = new ArrayList<>();
        try (var product = inMemory()) {
            sync(product, () -> featurized.add(product.done()));
        }
        assertEquals(List.of(), featurized);
    }
}
