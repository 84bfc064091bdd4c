package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The product under 64 clients that classify, list, label, upload, delete and export, while it
 * learns: nobody gets a server error but 503 with Retry-After, memory does not grow, and afterwards
 * it answers as before. Seconds in every build, two minutes with {@code -Pstress}; figures are
 * printed.
 */
class LoadTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final boolean STRESS = Boolean.getBoolean("stress");
    private static final Duration HALF = Duration.ofSeconds(STRESS ? 60 : 3);
    private static final int CLIENTS = 64;
    private static final int EACH = 8;
    private static final Executor OWN_THREADS = task -> Thread.ofPlatform().start(task);

    /** What caches may still come to need in the second half. */
    private static final long SLACK = 48L << 20;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> statuses = new ConcurrentSkipListMap<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    @Test
    void nobodyGetsAServerErrorAndMemoryStaysFlat() throws Exception {
        try (Served served = Served.with(Map.of())) {
            for (String name : List.of("bolt", "gear", "key")) {
                for (int i = 0; i < EACH; i++) {
                    served.product().put("images/" + name + "/" + i + ".jpg", sample(name, i));
                }
            }
            served.train();
            long before = classify(served);
            load(served);
            long halfway = memory();
            load(served);
            long end = memory();
            Served.until(() -> classify(served) < 4 * before + 100_000_000);
            print(halfway, end);
            assertEquals(List.of(), wrong.stream().limit(3).toList());
            assertTrue(end < halfway + SLACK, end + " bytes after " + halfway);
        }
    }

    private void load(Served served) {
        long end = System.nanoTime() + HALF.toNanos();
        CompletableFuture<?>[] clients =
                IntStream.range(0, CLIENTS)
                        .mapToObj(
                                client ->
                                        CompletableFuture.runAsync(
                                                () -> client(served, client, end), OWN_THREADS))
                        .toArray(CompletableFuture[]::new);
        while (System.nanoTime() < end) {
            served.product().train();
        }
        CompletableFuture.allOf(clients).join();
    }

    private void client(Served served, int client, long end) {
        Random random = new Random(client);
        String own = "images/upload/" + client + ".jpg";
        while (System.nanoTime() < end) {
            try {
                step(served, own, random);
            } catch (IOException e) {
                wrong.add(e.toString());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void step(Served served, String own, Random random)
            throws IOException, InterruptedException {
        String some = "images/gear/" + random.nextInt(EACH) + ".jpg";
        byte[] photo = Files.readAllBytes(sample("key", random.nextInt(40)));
        switch (random.nextInt(12)) {
            case 0 -> send(served, "GET", "/images?label=gear&limit=20", new byte[0]);
            case 1 -> send(served, "GET", "/status", new byte[0]);
            case 2 -> send(served, "GET", "/queue?limit=5", new byte[0]);
            case 3 -> send(served, "GET", "/export/labels.csv", new byte[0]);
            case 4 -> send(served, "POST", "/similar?limit=3", photo);
            case 5 -> send(served, "PUT", "/images/label?key=" + some, json("label", "gear"));
            case 6 -> upload(served, own, photo);
            case 7 -> send(served, "DELETE", "/images?key=" + own, new byte[0]);
            case 8 -> send(served, "POST", "/classify", json("key", some));
            case 9 -> send(served, "POST", "/classify", Arrays.copyOf(photo, 500));
            default -> send(served, "POST", "/classify?evidence=true", photo);
        }
    }

    private void upload(Served served, String key, byte[] photo)
            throws IOException, InterruptedException {
        HttpResponse<String> link = send(served, "POST", "/uploads", json("key", key));
        JsonNode told = ApiDocument.JSON.readTree(link.body());
        var put =
                HttpRequest.newBuilder(URI.create(told.path("url").asText()))
                        .PUT(BodyPublishers.ofByteArray(photo))
                        .build();
        note("PUT to S3", http.send(put, BodyHandlers.ofString()));
    }

    private HttpResponse<String> send(Served served, String method, String path, byte[] body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(served.endpoint().url() + path))
                        .method(method, BodyPublishers.ofByteArray(body))
                        .build();
        long start = System.nanoTime();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        nanos.add(System.nanoTime() - start);
        note(method + " " + path.replaceAll("\\?.*", ""), response);
        return response;
    }

    private void note(String what, HttpResponse<String> response) {
        int status = response.statusCode();
        statuses.merge(what + " " + status, 1, Integer::sum);
        boolean later = status == 503 && response.headers().firstValue("retry-after").isPresent();
        if (!later && !Set.of(200, 204, 302, 400, 404, 409).contains(status)) {
            wrong.add(what + " -> " + status + " " + response.body());
        }
    }

    /** How long one request takes. */
    private long classify(Served served) {
        try {
            long start = System.nanoTime();
            send(served, "POST", "/classify", Files.readAllBytes(sample("key", 30)));
            return System.nanoTime() - start;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of objects in use, in bytes. */
    private static long memory() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void print(long halfway, long end) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "LoadTest: %d clients, %d s, %d requests, %.0f a second, p50 %d ms, p99 %d ms, %d -> %d MB, %s%n",
                CLIENTS,
                2 * HALF.toSeconds(),
                sorted.length,
                sorted.length / (2.0 * HALF.toSeconds()),
                sorted[sorted.length / 2] / 1_000_000,
                sorted[sorted.length * 99 / 100] / 1_000_000,
                halfway >> 20,
                end >> 20,
                statuses);
    }

    private static Path sample(String name, int number) {
        return SAMPLES.resolve("%s/%02d.jpg".formatted(name, number));
    }

    private static byte[] json(String field, String value) throws IOException {
        return ApiDocument.JSON.writeValueAsBytes(Map.of(field, value));
    }
}
