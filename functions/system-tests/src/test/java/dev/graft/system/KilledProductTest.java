package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.aws.Aws;
import dev.graft.backbone.Backbones;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Sha256;
import dev.graft.local.Buckets;
import dev.graft.local.LocalProduct;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a laptop acknowledged survives a kill, and its end by Ctrl-C (39 of 40 overwritten pictures
 * kept the old feature, 18 of 20 deleted ones were learned from, and of 20 label files none was
 * applied, whatever was started again).
 */
class KilledProductTest {
    private static final int EACH = 10;

    @TempDir private Path folder;
    @TempDir private Path files;
    private int colour;

    private LocalProduct open() {
        return new LocalProduct(Optional.of(folder), Backbones.ofUser().resolve(""), Map.of());
    }

    private Path picture() throws IOException {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        image.setRGB(3, 3, ++colour * 0x010307);
        Path file = files.resolve(colour + ".png");
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private static String key(String what, int i) {
        return "images/" + what + "/" + i + ".png";
    }

    @Test
    void theTableIsEqualToTheBucketAfterAKillAndAfterTheEnd() throws Exception {
        uploadAndEnd();
        try (LocalProduct product = open()) {
            assertEquals(3 * EACH, product.index().counts().images(), "its end drains");
        }
        Map<String, String> expected = changeAndKill();
        try (LocalProduct product = open()) {
            assertTrue(product.reconcile() > 0);
            Served.until(product::idle);
            assertEquals(expected, found(product));
            assertEquals(3 * EACH, product.index().counts().images());
            for (int i = 0; i < EACH; i++) {
                assertEquals(
                        "lion " + i,
                        product.features().known(key("labelled", i)).label().orElseThrow().name());
            }
            assertEquals(EACH, product.reconcile(), "the label files alone are read again");
            Served.until(product::idle);
        }
    }

    /** Hash of each picture by key. */
    private static Map<String, String> found(LocalProduct product) {
        Map<String, String> found = new TreeMap<>();
        product.features()
                .keys(
                        change -> {
                            if (change.content() instanceof ImageRecord.Picture picture) {
                                synchronized (found) {
                                    found.put(change.key(), picture.imageHash());
                                }
                            }
                        });
        return found;
    }

    /** As Ctrl-C ends it, at once. */
    private void uploadAndEnd() throws Exception {
        Path log = files.resolve("log of the first");
        Process run = start(log);
        try (Aws aws = new Aws(environment(run, log))) {
            for (int i = 0; i < EACH; i++) {
                Buckets.put(aws.s3(), "graft-images", key("overwritten", i), picture());
                Buckets.put(aws.s3(), "graft-images", key("deleted", i), picture());
                Buckets.put(aws.s3(), "graft-images", key("labelled", i), picture());
            }
        } finally {
            run.destroy();
            assertTrue(run.waitFor(40, TimeUnit.SECONDS), "it does not end");
        }
    }

    private Map<String, String> changeAndKill() throws Exception {
        Path log = files.resolve("log");
        Process run = start(log);
        Map<String, String> expected = new TreeMap<>();
        try (Aws aws = new Aws(environment(run, log))) {
            for (int i = 0; i < EACH; i++) {
                Path picture = picture();
                Buckets.put(aws.s3(), "graft-images", key("overwritten", i), picture);
                expected.put(key("overwritten", i), Sha256.of(picture));
                picture = picture();
                Buckets.put(aws.s3(), "graft-images", key("new", i), picture);
                expected.put(key("new", i), Sha256.of(picture));
                aws.imageStore("graft-images").delete(List.of(key("deleted", i)));
                Path lines = files.resolve("lines.csv");
                Files.writeString(lines, key("labelled", i) + ",lion " + i + "\n");
                Buckets.put(aws.s3(), "graft-images", "labels/" + i + ".csv", lines);
                expected.put(
                        key("labelled", i),
                        Sha256.of(
                                aws.imageStore("graft-images")
                                        .read(key("labelled", i), 1 << 20)
                                        .orElseThrow()
                                        .bytes()));
            }
        } finally {
            run.destroyForcibly();
            assertTrue(run.waitFor(30, TimeUnit.SECONDS), "it does not die");
        }
        return expected;
    }

    private Process start(Path log) throws IOException {
        return JavaProcess.product(log, "-Ddata=" + folder, "-Dport=0").start();
    }

    /** What the lines for the AWS command line say. */
    private static Map<String, String> environment(Process run, Path log) {
        Pattern lines =
                Pattern.compile(
                        "AWS_ACCESS_KEY_ID=(\\w+) AWS_SECRET_ACCESS_KEY=(\\w+) AWS_DEFAULT_REGION=([\\w-]+)"
                                + "[^/]*--endpoint-url (\\S+)");
        AtomicReference<Map<String, String>> told = new AtomicReference<>(Map.of());
        Served.until(
                () -> {
                    String text = text(log);
                    assertTrue(run.isAlive(), text);
                    var found = lines.matcher(text);
                    if (found.find()) {
                        told.set(
                                Map.of(
                                        "AWS_ACCESS_KEY_ID", found.group(1),
                                        "AWS_SECRET_ACCESS_KEY", found.group(2),
                                        "AWS_REGION", found.group(3),
                                        "AWS_ENDPOINT_URL_S3", found.group(4)));
                    }
                    return !told.get().isEmpty();
                });
        return told.get();
    }

    private static String text(Path log) {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
