package dev.graft.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.backbone.Backbones;
import dev.graft.backbone.TestEncoders;
import dev.graft.feature.Sha256;
import dev.graft.local.LocalProduct;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Uploads, replacements and deletions as fast as the S3 and the DynamoDB of one machine take them,
 * with a network that costs next to nothing: afterwards the collection is what is in the bucket.
 * Seconds in every build, a minute with {@code -Pstress}; events a second are printed.
 */
class ManyEventsTest {
    private static final int PICTURES = Boolean.getBoolean("stress") ? 5_000 : 100;
    private static final List<String> LABELS = List.of("key", "nut", "gear");
    private static final int CLIENTS = 4;
    private static final int PAGE = 200;

    @TempDir private Path folder;
    private final AtomicInteger events = new AtomicInteger();

    @Test
    void nothingIsLostAtFullSpeed() throws IOException {
        Path network = Files.write(folder.resolve("small.onnx"), TestEncoders.resNet());
        var backbones =
                new Backbones(folder.resolve("cache"), Backbones.ofUser().catalogue(), System.err);
        var product =
                new LocalProduct(Optional.empty(), backbones.resolve(network.toString()), Map.of());
        var endpoint = product.serve(0);
        try (Served served = new Served(product, endpoint, new ApiDocument(endpoint.url()))) {
            long start = System.nanoTime();
            IntStream.range(0, CLIENTS).parallel().forEach(client -> change(product, client));
            double offered = events.get() / ((System.nanoTime() - start) / 1e9);
            Served.until(product::idle);
            double dealtWith = events.get() / ((System.nanoTime() - start) / 1e9);
            System.out.printf(
                    Locale.ROOT,
                    "ManyEventsTest: %,d events, %.0f a second offered, %.0f a second dealt with%n",
                    events.get(),
                    offered,
                    dealtWith);
            Map<String, String> expected =
                    IntStream.range(0, PICTURES)
                            .filter(i -> !isDeleted(i))
                            .boxed()
                            .collect(Collectors.toMap(ManyEventsTest::key, ManyEventsTest::hash));
            Map<String, String> found =
                    listed(served).stream()
                            .collect(Collectors.toMap(key -> key, key -> hash(product, key)));
            assertEquals(new TreeMap<>(expected), new TreeMap<>(found));
            JsonNode status = served.api().get("/status").json();
            assertEquals(expected.size(), status.path("images").asInt(), status::toString);
            assertEquals(expected.size(), status.path("labelled").asInt(), status::toString);
            assertEquals(0, status.path("unreadable").asInt(), status::toString);
        }
    }

    private void change(LocalProduct product, int client) {
        S3Client s3 = product.aws().s3();
        String bucket = product.environment().get("IMAGES_BUCKET");
        for (int i = client; i < PICTURES; i += CLIENTS) {
            String key = key(i);
            int number = i;
            put(s3, bucket, key, picture(number, 0));
            if (isReplaced(i)) {
                put(s3, bucket, key, picture(number, 1));
            }
            if (isDeleted(i)) {
                s3.deleteObject(b -> b.bucket(bucket).key(key));
                events.incrementAndGet();
            }
        }
    }

    private void put(S3Client s3, String bucket, String key, byte[] picture) {
        s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromBytes(picture));
        events.incrementAndGet();
    }

    private static boolean isReplaced(int i) {
        return i % 5 == 1;
    }

    private static boolean isDeleted(int i) {
        return i % 10 < 2;
    }

    private static String key(int i) {
        return "images/%s/%06d.png".formatted(LABELS.get(i % LABELS.size()), i);
    }

    private static String hash(int i) {
        return Sha256.of(picture(i, isReplaced(i) ? 1 : 0));
    }

    private static String hash(LocalProduct product, String key) {
        return product.features().known(key).picture().orElseThrow().imageHash();
    }

    /** Of 16 x 16 pixels, each another one. */
    private static byte[] picture(int number, int version) {
        var image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 24; i++) {
            image.setRGB(i % 16, i / 16, (number >> i & 1) * 0xffffff);
        }
        image.setRGB(15, 15, version * 0xff0000);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    /** Keys of all images, page after page. */
    private static List<String> listed(Served served) {
        List<String> keys = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = served.api().get("/images?limit=" + PAGE + cursor).json();
            page.path("images").forEach(image -> keys.add(image.path("key").asText()));
            String next = page.path("cursor").asText("");
            cursor =
                    next.isEmpty() || next.equals("null")
                            ? ""
                            : "&cursor=" + URLEncoder.encode(next, UTF_8);
        } while (!cursor.isEmpty());
        return keys;
    }
}
