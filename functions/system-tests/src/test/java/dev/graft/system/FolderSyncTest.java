package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.backbone.Backbones;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.local.LocalProduct;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The run command follows a folder of pictures over starts, kills and data of earlier versions:
 * {@code data-format-2-origins} was written by commit 834a918 from the folder {@code pictures} in
 * it; then {@code cat/1.png} was labelled wolf, {@code cat/3.png} deleted through the API, and
 * {@code cat/page.png} uploaded.
 */
class FolderSyncTest {
    private static final int MANY = 30;

    @TempDir private Path data;
    @TempDir private Path logs;

    private Path pictures() {
        return data.resolve("pictures");
    }

    private Process start(Path log) throws IOException {
        return JavaProcess.product(
                        log,
                        "-Dimages=" + pictures(),
                        "-Ddata=" + data,
                        "-Dserve=false",
                        "-Dport=0")
                .start();
    }

    /** A start that ends by itself; gives what it says. */
    private String run(String name) throws Exception {
        Path log = logs.resolve(name);
        Process run = start(log);
        try {
            assertTrue(run.waitFor(240, TimeUnit.SECONDS), () -> "it does not end: " + text(log));
            assertTrue(run.exitValue() < 2, () -> text(log));
            return text(log);
        } finally {
            run.destroyForcibly();
        }
    }

    /** A start that is killed as soon as some of the pictures are featurized. */
    private void kill(String name) throws Exception {
        Path log = logs.resolve(name);
        Process run = start(log);
        try {
            Served.until(() -> !run.isAlive() || text(log).contains("images featurized"));
        } finally {
            run.destroyForcibly();
            assertTrue(run.waitFor(30, TimeUnit.SECONDS), "it does not die");
        }
    }

    private static String text(Path log) {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LocalProduct open() {
        return new LocalProduct(Optional.of(data), Backbones.ofUser().resolve(""), Map.of());
    }

    /** Label and its source of each picture by key. */
    private Map<String, String> kept(LocalProduct product) {
        Map<String, String> kept = new TreeMap<>();
        product.features()
                .keys(
                        image -> {
                            if (image.content() instanceof ImageRecord.Picture) {
                                String label =
                                        image.label()
                                                .map(it -> it.name() + " " + it.source())
                                                .orElse("none");
                                synchronized (kept) {
                                    kept.put(image.key(), label);
                                }
                            }
                        });
        return kept;
    }

    private Map<String, String> kept() {
        try (LocalProduct product = open()) {
            return kept(product);
        }
    }

    private static final Map<String, String> RECORDED =
            Map.of(
                    "images/cat/1.png", "wolf CORRECTION",
                    "images/cat/2.png", "cat FOLDER",
                    "images/cat/page.png", "cat FOLDER",
                    "images/dog/1.png", "dog FOLDER",
                    "images/dog/2.png", "dog FOLDER",
                    "images/top.png", "none");

    @Test
    void dataOfAnEarlierVersionIsFollowedToo() throws Exception {
        RecordedData.unzip("data-format-2-origins", data);
        Path origins = data.resolve("origins.json");
        Files.writeString(
                origins, text(origins).replace("/tmp/rec/pictures", pictures().toString()));
        String told = run("first");
        assertTrue(told.contains("no picture in " + pictures() + " changed"), told);
        String left = "1 picture that you deleted is left out: " + pictures().resolve("cat/3.png");
        assertTrue(told.contains(left), told);
        assertEquals(RECORDED, kept());
        if (!Boolean.getBoolean("stress")) {
            return; // in every build, SyncTest moves and removes
        }
        Files.move(pictures().resolve("cat/1.png"), pictures().resolve("dog/9.png"));
        Files.delete(pictures().resolve("dog/broken.png"));
        told = run("second");
        assertTrue(told.contains("since the last start: 1 moved, 1 removed; the same"), told);
        assertTrue(told.contains("\n6 images, 1 of them featurized now in "), told);
        assertTrue(told.contains(" 0 unreadable"), told);
        Map<String, String> moved = new TreeMap<>(RECORDED);
        moved.put("images/dog/9.png", String.valueOf(moved.remove("images/cat/1.png")));
        assertEquals(moved, kept());
    }

    /** In every build, SyncPlanOwnershipTest tells what is planned. */
    @Test
    @EnabledIfSystemProperty(named = "stress", matches = "true")
    void dataOfAVersionThatDidNotKnowWherePicturesCameFromLosesNothing() throws Exception {
        RecordedData.unzip("data-format-2-origins", data);
        Files.delete(data.resolve("origins.json"));
        Files.delete(pictures().resolve("cat/3.png"));
        Files.delete(pictures().resolve("cat/2.png"));
        String told = run("first");
        assertTrue(told.contains("no picture in " + pictures() + " changed"), told);
        assertEquals(RECORDED, kept());
        Files.delete(pictures().resolve("dog/1.png"));
        told = run("second");
        assertTrue(told.contains("since the last start: 1 removed; the same"), told);
        Map<String, String> kept = new TreeMap<>(RECORDED);
        kept.remove("images/dog/1.png");
        assertEquals(kept, kept());
    }

    /** In every build, SyncTest ends one in the middle without a kill. */
    @Test
    @EnabledIfSystemProperty(named = "stress", matches = "true")
    void aStartThatWasKilledIsFinishedByTheNext() throws Exception {
        for (int i = 0; i < MANY; i++) {
            BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
            image.setRGB(3, 3, (i + 1) * 0x010307);
            Files.createDirectories(pictures().resolve("cat"));
            ImageIO.write(image, "png", pictures().resolve("cat/" + i + ".png").toFile());
        }
        kill("new");
        String told = run("new again");
        assertFalse(told.contains("deleted"), told);
        assertFalse(told.contains("removed"), told);
        try (LocalProduct product = open()) {
            assertEquals(MANY, kept(product).size());
            for (int i = 0; i < MANY; i += 2) {
                String key = "images/cat/" + i + ".png";
                product.labels().decide(Decision.of(key, Optional.of("wolf"), "ann"));
            }
        }
        Files.move(pictures().resolve("cat"), pictures().resolve("lion"));
        kill("moved");
        told = run("moved again");
        assertFalse(told.contains("deleted"), told);
        assertFalse(told.contains("not there any more"), told);
        Map<String, String> kept = kept();
        assertEquals(MANY, kept.size());
        for (int i = 0; i < MANY; i++) {
            String label = i % 2 == 0 ? "wolf CORRECTION" : "lion FOLDER";
            assertEquals(label, kept.get("images/lion/" + i + ".png"));
        }
        assertTrue(run("at last").contains("no picture in " + pictures() + " changed"));
        assertEquals(Set.copyOf(kept.keySet()), kept().keySet());
    }
}
