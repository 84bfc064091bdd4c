package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.aws.GeneratedImages;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import dev.graft.index.BuildIndex;
import dev.graft.index.ImageListing;
import dev.graft.index.IndexStore;
import dev.graft.library.Forgetting;
import dev.graft.local.LocalProduct;
import dev.graft.system.Meter.Used;
import dev.graft.testing.Heads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What requests and the hourly look read, with many images in the table: 10,000, or {@code
 * -Dbounds.images=100000}. The figures are printed for infra/README.md.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BoundsTest {
    private static final int IMAGES =
            Integer.parseInt(System.getProperty("bounds.images", "10000"));
    private static final int CLASSES = 60;
    private static final int MOST_AT_ONCE = 10_000; // the embedded table gives no more in time
    private static final int WIDTH = 512;
    private static final Instant START = Instant.now().minus(Duration.ofHours(3));
    private static final String EXPORT = "/export/labels.csv";
    private static final String FEATURES = "/export/features";
    private static final int ASKED = 100; // features at once

    private static Served served;
    private static LocalProduct product;
    private static ApiDocument api;
    private static GeneratedImages images;
    private static String backbone;

    @BeforeAll
    static void fill() {
        served = Served.with(Map.of());
        product = served.product();
        api = served.api();
        backbone = product.environment().get("BACKBONE_ID");
        String table = product.environment().get("TABLE");
        images = new GeneratedImages(product.aws().dynamoDb(), table, backbone, WIDTH);
        int some = Math.min(MOST_AT_ONCE, IMAGES / 4);
        for (int i = 0; i * some < IMAGES; i++) {
            Instant then = START.plus(Duration.ofMinutes(5L * i));
            images.put(i * some, Math.min(IMAGES, (i + 1) * some), CLASSES, then);
            if (some == MOST_AT_ONCE || (i + 1) * some >= IMAGES) {
                // later than what the index is thought to lag behind
                Instant later = then.plus(Duration.ofMinutes(4));
                index(InstantSource.fixed(later)).run(Set.of(backbone));
            }
        }
        Head head = head();
        product.heads().save("1", HeadFiles.write(head, Heads.card(head)));
        product.heads().promote("1", Optional.empty());
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static Head head() {
        List<String> classes =
                IntStream.range(0, CLASSES).mapToObj("class %02d"::formatted).toList();
        float[] scale = new float[WIDTH];
        Arrays.fill(scale, 1);
        var parameters =
                new Head.Parameters(
                        new float[CLASSES * WIDTH],
                        new float[CLASSES],
                        new float[WIDTH],
                        scale,
                        1,
                        Activation.SOFTMAX);
        return new Head("1", classes, backbone, parameters);
    }

    private static BuildIndex index(InstantSource clock) {
        IndexStore files = product.aws().indexStore(product.environment().get("HEADS_BUCKET"));
        var listing = new ImageListing(product.index(), files, clock);
        return new BuildIndex(product.features(), listing, files, clock);
    }

    private static Used measure(String what, Runnable task) {
        long start = System.nanoTime();
        Used used = Meter.during(task);
        System.out.printf(
                Locale.ROOT,
                "%,9d images: %-32s %4d calls %,12d bytes %,9.1f read units %,6d ms%n",
                IMAGES,
                what,
                used.calls(),
                used.bytes(),
                used.readUnits(),
                (System.nanoTime() - start) / 1_000_000);
        return used;
    }

    /** As the costs of infra/README.md are reckoned, and some for each image that changed. */
    private static void assertAtMost(Reads reads, int changed, Used used) {
        double bound = reads.units + 0.2 * changed;
        assertTrue(used.readUnits() <= bound, used + ", expected at most " + bound);
        double bytes = 1.1 * reads.bytes(IMAGES) + 300_000;
        assertTrue(used.bytes() <= bytes, used + ", expected at most " + bytes);
    }

    private static Runnable get(String path) {
        return () -> assertEquals(200, api.get(path).status(), path);
    }

    private static Runnable classify() {
        byte[] photo;
        try {
            photo = Files.readAllBytes(Repository.file("functions/local/samples/key/20.jpg"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return () -> assertEquals(200, api.send("POST", "/classify", null, photo).status());
    }

    @Test
    @Order(1)
    void anHourlyLookReadsWhatChanged() {
        assertAtMost(Reads.LABELS, 0, measure("hourly look, nothing new", BoundsTest::look));
        change(50);
        assertAtMost(Reads.LABELS, 50, measure("hourly look, 50 changed", BoundsTest::look));
    }

    private static void look() {
        index(InstantSource.system()).run(Set.of(backbone));
    }

    /** Labels given through a store of their own. */
    private static void change(int count) {
        for (int i = 0; i < count; i++) {
            String key = "images/class %02d/a picture of it %07d.jpg".formatted(i % CLASSES, i);
            String name = "class %02d".formatted((i + 1) % CLASSES);
            product.labels().decide(Decision.of(key, Optional.of(name), "ann"));
        }
    }

    @Test
    @Order(2)
    void statusReadsTheCounters() {
        measure("GET /status, cold", get("/status"));
        assertAtMost(Reads.STATUS, 0, measure("GET /status", get("/status")));
        assertAtMost(Reads.COUNTS, 0, measure("GET /labels", get("/labels")));
    }

    @Test
    @Order(2)
    void aPageOfImagesReadsWhatItShows() {
        assertAtMost(Reads.PAGE, 0, measure("GET /images, 60", get("/images?limit=60")));
        String label = "/images?limit=60&label=class%2007";
        assertAtMost(Reads.PAGE, 0, measure("GET /images, 60 of a class", get(label)));
        assertAtMost(Reads.PAGE, 0, measure("GET /unreadable", get("/unreadable?limit=60")));
        // of each list, and what came within a day, here all
        Used allowance = measure("GET /uploads", get("/uploads"));
        assertTrue(allowance.readUnits() <= 8 + 0.04 * IMAGES, allowance::toString);
    }

    @Test
    @Order(3)
    void aWarmPredictionReadsNothing() {
        Used cold = measure("POST /classify, cold", classify());
        assertAtMost(Reads.COLD, 50, cold);
        Served.until(
                () ->
                        api.get("/queue?limit=1").status() == 200
                                && Meter.during(classify()).readUnits() == 0);
        // a look every few seconds, in the background
        Used looks = measure("POST /classify, for 5 seconds", () -> until(5, classify()));
        assertTrue(looks.readUnits() <= 2 * (Reads.LOOK.units + 0.2 * 50), looks::toString);
        Used warm =
                IntStream.range(0, 10)
                        .mapToObj(i -> Meter.during(classify()))
                        .min(Comparator.comparing(Used::calls)) // a look may fall into it
                        .orElseThrow();
        assertEquals(0, warm.readUnits());
        assertEquals(0, warm.calls());
    }

    private static void until(int seconds, Runnable task) {
        Instant end = Instant.now().plusSeconds(seconds);
        while (Instant.now().isBefore(end)) {
            task.run();
            LockSupport.parkNanos(100_000_000);
        }
    }

    @Test
    @Order(4)
    void filesOfLabelsReadWhatChanged() {
        Runnable export = () -> assertTrue(Set.of(200, 302).contains(api.get(EXPORT).status()));
        assertAtMost(Reads.LABELS, 50, measure("GET " + EXPORT, export));
        Map<String, Object> hashes = Map.of("hashes", List.of("0".repeat(64)));
        Runnable find = () -> assertEquals(200, api.json("POST", "/images/find", hashes).status());
        assertAtMost(Reads.LABELS, 50, measure("POST /images/find", find));
        String token = ShareLinks.make(api, 9).path("token").asText();
        Map<String, String> share = Map.of("x-graft-share", token);
        Runnable shared = () -> api.sendWith("GET", "/shared", share, null).json();
        assertTrue(measure("GET /shared", shared).readUnits() <= 1 + Reads.LOOK.units);
        measure("GET /heads", get("/heads"));
        Used queue = measure("GET /queue", get("/queue?limit=20"));
        // half of one for each of 20 images, asked for twice, and for 20 others beside each
        assertTrue(queue.readUnits() <= 225 + 0.2 * 50, queue::toString);
    }

    /** One call; with more images than its time allows, it is repeated. */
    @Test
    @Order(5)
    void anExportOfFeaturesReadsEachOnce() {
        JsonNode[] told = new JsonNode[1];
        Used used =
                measure(
                        "POST " + FEATURES,
                        () -> told[0] = api.send("POST", FEATURES, null, null).json());
        int done = told[0].path("done").asInt();
        assertTrue(done > 0 && told[0].path("missing").asInt() == 0, told[0]::toString);
        double bound =
                Reads.LABELS.units + 0.2 * 50 + Reads.EXPORTED_FEATURE.units * (done + ASKED);
        assertTrue(used.readUnits() <= bound, used + ", expected at most " + bound);
        // state and file after each file, the files of the plan, and what the listing takes
        int files = told[0].path("files").asInt();
        long calls = done / ASKED + 2 * files + 2 * (IMAGES / 20_000 + 1) + 30;
        assertTrue(used.calls() <= calls, used + ", expected at most " + calls);
        double bytes = 1.1 * Reads.EXPORTED_FEATURE.bytes(done) + 300_000;
        assertTrue(used.bytes() <= bytes, used + ", expected at most " + bytes);
    }

    /** Of the request what it does itself, as the training that it asks for runs beside it. */
    @Test
    @Order(6)
    void forgettingReadsTheIndexAndWhatMayNameTheImage() {
        String key = "images/class 07/a picture of it %07d.jpg".formatted(67);
        String path = "/copies?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8);
        Used copies = measure("GET /copies?key", get(path));
        assertTrue(copies.readUnits() <= 4 + 51 + 4 + 0.4 * 50, copies::toString);
        var forgetting = new Forgetting(stores(), InstantSource.system());
        Used asked = measure("POST /forget", () -> forgetting.ask(key, "ann"));
        assertTrue(asked.readUnits() <= Reads.FORGET.units, asked::toString);
        assertTrue(asked.calls() <= 30, asked::toString);
        // nobody knows what it learned from, and no training has given another
        product.heads().latest().ifPresent(product.heads()::retire);
        Used rest =
                measure(
                        "forgetting, in a training",
                        () -> assertTrue(forgetting.finish(index(InstantSource.system()), "Kept")));
        assertEquals(Optional.empty(), product.features().known(key).picture());
        assertTrue(rest.readUnits() <= Reads.LABELS.units + 20 + 0.2 * 50, rest::toString);
        double bytes = 1.1 * Reads.FORGET.bytes(IMAGES) + 600_000;
        assertTrue(rest.bytes() <= bytes, rest + ", expected at most " + bytes);
    }

    private static Forgetting.Stores stores() {
        String images = product.environment().get("IMAGES_BUCKET");
        String heads = product.environment().get("HEADS_BUCKET");
        return new Forgetting.Stores(
                product.features(),
                product.aws().imageStore(images),
                product.heads(),
                product.aws().indexStore(heads),
                product.aws().resultStore(images),
                product.aws().history(product.environment().get("TABLE")),
                Optional.empty());
    }
}
