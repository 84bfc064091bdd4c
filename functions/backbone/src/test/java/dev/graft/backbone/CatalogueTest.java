package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.Sha256;
import dev.graft.image.Preprocessing;
import dev.graft.onnx.OnnxBackbone;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on this machine that gives good, broken, wrong and slow files. */
class CatalogueTest {
    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private byte[] network;
    private HttpServer server;

    @TempDir Path folder;

    @BeforeEach
    void start() throws IOException {
        TestNetwork net = new TestNetwork();
        String x = net.node("relu", "Relu", net.conv("stem", "in", 3, 6, 1, 1));
        x = net.node("flat", "Flatten", net.node("pooled", "GlobalAveragePool", x));
        net.gemm("out", x, 6, 40_000);
        network = net.bytes();
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = HttpServer.create(loopback, 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aNameIsFetchedOnceThenCutWithItsPreprocessing() {
        Backbones backbones = new Backbones(folder, catalogue("good"), System.err);
        Path cut = backbones.resolve("small");
        try (OnnxBackbone backbone = OnnxBackbone.open(cut, 1)) {
            assertEquals("small", backbone.name());
            assertEquals(6, backbone.width());
            assertEquals(20, backbone.preprocessing().resize());
        }
        assertEquals(cut, backbones.resolve("small"));
        assertTrue(!cut.equals(backbones.resolve("small#logits")));
        assertEquals(List.of("/good -"), requests);
    }

    @Test
    void progressIsShown() throws IOException {
        assertArrayEquals(network, Files.readAllBytes(fetch("good")));
        String shown = terminal.toString(StandardCharsets.UTF_8);
        assertTrue(shown.contains("fetching small.onnx: 100 %"), shown);
    }

    @Test
    void whatBreaksOffIsResumed() throws IOException {
        assertArrayEquals(network, Files.readAllBytes(fetch("breaks-once")));
        assertEquals(
                List.of("/breaks-once -", "/breaks-once bytes=" + network.length / 2 + "-"),
                requests);
    }

    @Test
    void whatAnEarlierRunLeftIsResumed() throws IOException {
        Files.write(folder.resolve("small.onnx.part"), Arrays.copyOf(network, 1000));
        assertArrayEquals(network, Files.readAllBytes(fetch("good")));
        assertEquals(List.of("/good bytes=1000-"), requests);
    }

    @Test
    void aServerThatCannotResumeStartsAgain() throws IOException {
        Files.write(folder.resolve("small.onnx.part"), Arrays.copyOf(network, 1000));
        assertArrayEquals(network, Files.readAllBytes(fetch("whole")));
    }

    @Test
    void theNextAddressIsTried() throws IOException {
        assertArrayEquals(
                network, Files.readAllBytes(fetch("absent", "wrong", "long", "short", "good")));
    }

    @Test
    void aStalledAddressIsGivenUp() throws IOException {
        assertArrayEquals(network, Files.readAllBytes(fetch("stalls", "whole")));
    }

    @Test
    void aWrongFileIsRefusedWithBothHashes() {
        String message = refused("wrong");
        byte[] wrong = new byte[network.length];
        assertTrue(
                message.contains("/wrong gave a file with SHA-256 " + Sha256.of(wrong)), message);
        assertTrue(message.contains("expected " + Sha256.of(network)), message);
        assertFalse(Files.exists(folder.resolve("small.onnx")));
    }

    @Test
    void whereTheNetworkIsClosedTheMessageSaysWhatToPutWhere() throws IOException {
        String message = refused("absent");
        for (String part :
                List.of(
                        "/absent",
                        "HTTP status 404",
                        "small.onnx",
                        Sha256.of(network),
                        "put it into " + folder)) {
            assertTrue(message.contains(part), () -> part + " in " + message);
        }
        Files.write(folder.resolve("small.onnx"), network);
        assertEquals(folder.resolve("small.onnx"), fetch("absent"));
    }

    @Test
    void aWrongFilePutThereIsRefusedAndStays() throws IOException {
        Path file = Files.writeString(folder.resolve("small.onnx"), "another");
        String message = refused("good");
        assertTrue(message.contains("delete it or put the right file there"), message);
        assertEquals("another", Files.readString(file));
    }

    @Test
    void theBundledOneIsWhole() {
        Catalogue bundled = Catalogue.bundled();
        assertEquals(
                List.of(
                        "resnet18",
                        "resnet34",
                        "resnet50",
                        "resnet101",
                        "resnet152",
                        "resnet50-int8",
                        "googlenet",
                        "vgg16",
                        "vgg19",
                        "mobilenetv4-conv-small",
                        "hgnetv2-b4",
                        "convnext-tiny",
                        "dinov2-small",
                        "resnet200d"),
                bundled.names());
        for (Catalogue.Export export : bundled.exports()) {
            assertTrue(export.weights().startsWith("timm/"), export.name());
            assertTrue(crop(bundled, export.preprocessing()) >= 224, export.name());
        }
        for (Catalogue.Entry entry : bundled.backbones()) {
            assertTrue(entry.sha256().matches("[0-9a-f]{64}"), entry.name());
            assertTrue(entry.size() > 20_000_000, entry.name());
            assertTrue(entry.imageNetTop1Source().startsWith("onnx/models at "), entry.name());
            assertTrue(entry.urls().stream().allMatch(url -> url.getScheme().equals("https")));
            assertEquals(224, crop(bundled, entry.preprocessing()), entry.name());
        }
    }

    private static int crop(Catalogue catalogue, String preprocessing) {
        Map<String, String> metadata =
                catalogue.preprocessing().get(preprocessing).entrySet().stream()
                        .collect(Collectors.toMap(e -> "graft." + e.getKey(), Map.Entry::getValue));
        return Preprocessing.fromMetadata(metadata).crop();
    }

    /** Licences of weights that anybody may use for anything, sold products included. */
    private static final Set<String> FREE = Set.of("Apache-2.0", "BSD-3-Clause", "MIT");

    @Test
    void everyNetworkMayBeUsedCommercially() {
        Catalogue bundled = Catalogue.bundled();
        bundled.backbones()
                .forEach(entry -> assertTrue(FREE.contains(entry.licence()), entry.name()));
        bundled.exports()
                .forEach(entry -> assertTrue(FREE.contains(entry.licence()), entry.name()));
        for (String forbidding :
                List.of("CC-BY-NC-4.0", "apple-ascl", "dinov3-license", "unknown")) {
            assertFalse(FREE.contains(forbidding), forbidding);
        }
    }

    @Test
    void whatHasToBeExportedSaysHow() {
        Backbones backbones = new Backbones(folder, Catalogue.bundled(), System.err);
        String message =
                assertThrows(
                                ConfigurationException.class,
                                () -> backbones.resolve("dinov2-small#cls+mean"))
                        .getMessage();
        assertTrue(message.contains("export.py dinov2-small"), message);
        assertTrue(message.contains("-Dbackbone=dinov2-small.onnx"), message);
    }

    private Path fetch(String... paths) {
        PrintStream out = new PrintStream(terminal, true, StandardCharsets.UTF_8);
        return new Download(folder, Duration.ofMillis(500), out)
                .fetch(catalogue(paths).backbones().getFirst());
    }

    private String refused(String path) {
        return assertThrows(ConfigurationException.class, () -> fetch(path)).getMessage();
    }

    private Catalogue catalogue(String... paths) {
        List<URI> urls =
                Stream.of(paths)
                        .map(p -> "http://127.0.0.1:" + server.getAddress().getPort() + "/" + p)
                        .map(URI::create)
                        .toList();
        Map<String, String> small =
                Map.of(
                        "resize", "20",
                        "crop", "16",
                        "mean", "0,0,0",
                        "deviation", "1,1,1",
                        "scale", "255",
                        "channels", "RGB",
                        "layout", "NCHW");
        return new Catalogue(
                Map.of("small", small),
                List.of(
                        new Catalogue.Entry(
                                "small",
                                "small.onnx",
                                network.length,
                                Sha256.of(network),
                                "none",
                                0,
                                "this test",
                                "small",
                                urls)),
                List.of());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String path = exchange.getRequestURI().getPath();
        requests.add(path + " " + (range == null ? "-" : range));
        try (exchange) {
            switch (path) {
                case "/good" -> send(exchange, range, network, network.length);
                case "/whole" -> send(exchange, null, network, network.length);
                case "/breaks-once" -> {
                    int end = range == null ? network.length / 2 : network.length;
                    send(exchange, range, network, end);
                }
                case "/short" -> send(exchange, null, network, 100);
                case "/stalls" -> {
                    send(exchange, null, network, network.length / 2);
                    over.await();
                }
                case "/wrong" -> send(exchange, null, new byte[network.length], network.length);
                case "/long" -> {
                    byte[] more = Arrays.copyOf(network, network.length + 9);
                    send(exchange, null, more, more.length);
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Promises all of {@code bytes} from where it was asked to start, and sends them up to {@code
     * end}.
     */
    private static void send(HttpExchange exchange, String range, byte[] bytes, int end)
            throws IOException {
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (range != null) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %d-%d/%d".formatted(from, end - 1, bytes.length));
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, bytes.length - from);
        exchange.getResponseBody().write(bytes, from, end - from);
        exchange.getResponseBody().flush();
    }
}
