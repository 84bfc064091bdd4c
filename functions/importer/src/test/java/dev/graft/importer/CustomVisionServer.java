package dev.graft.importer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Plays Custom Vision: {@code GetTags}, {@code GetTaggedImages} and {@code GetUntaggedImages} of
 * the Training API 3.3, and the storage that has the images, whose addresses expire.
 */
public final class CustomVisionServer implements AutoCloseable {
    /** The training key. */
    public static final String KEY = "0123456789abcdef";

    private static final String PROJECT =
            "/customvision/v3.3/training/projects/11111111-2222-3333-4444-555555555555";
    private static final List<String> TAGS = List.of("cat", "dog", "cat,dog", "nothing");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int images;
    private final List<String> tags;
    private final IntFunction<byte[]> bytes;
    private final AtomicInteger pictures = new AtomicInteger();
    private final AtomicInteger throttled = new AtomicInteger();
    private final AtomicInteger pages = new AtomicInteger();
    private final CountDownLatch held = new CountDownLatch(1);
    private volatile int holdAt;
    private volatile int expireAfter = Integer.MAX_VALUE;
    private volatile String lost = "";
    private volatile boolean retagged;

    CustomVisionServer(int images) throws IOException {
        this(images, TAGS, Imported::png);
    }

    /**
     * A project.
     *
     * @param images how many are tagged; two more are not
     * @param tags of one image after the other, again and again, with commas between several
     * @param bytes of an image by its number; those of untagged images are from 10,000 on
     */
    public CustomVisionServer(int images, List<String> tags, IntFunction<byte[]> bytes)
            throws IOException {
        this.images = images;
        this.tags = List.copyOf(tags);
        this.bytes = bytes;
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private String host() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Address of the project. */
    public String project() {
        return host() + PROJECT;
    }

    /** How many pictures were given. */
    int pictures() {
        return pictures.get();
    }

    /** The next requests are too many. */
    void throttle(int requests) {
        throttled.set(requests);
    }

    /** So many pictures are given by the first addresses; then new ones are needed. */
    void expireAfter(int given) {
        expireAfter = given;
    }

    /** An image is gone; none if empty. */
    void lose(String id) {
        lost = id;
    }

    /** From this picture on no request is answered; 0 for all are. */
    void holdAt(int picture) {
        holdAt = picture;
    }

    boolean isHeld(int seconds) throws InterruptedException {
        return held.await(seconds, TimeUnit.SECONDS);
    }

    /** Somebody tags an image anew. */
    void retag() {
        retagged = true;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith("/storage/")) {
                picture(exchange, path.substring("/storage/".length()));
            } else if (!KEY.equals(exchange.getRequestHeaders().getFirst("Training-Key"))) {
                send(exchange, 401, "{\"code\": \"Unauthorized\"}");
            } else if (throttled.getAndDecrement() > 0) {
                exchange.getResponseHeaders().set("Retry-After", "7");
                send(exchange, 429, "{\"error\": {\"code\": \"429\"}}");
            } else if (path.equals(PROJECT + "/tags")) {
                send(
                        exchange,
                        200,
                        """
                        [{"id": "id-cat", "name": "cat", "type": "Regular", "imageCount": 3},
                         {"id": "id-nothing", "name": "nothing", "type": "Negative", "imageCount": 1}]
                        """);
            } else if (path.equals(PROJECT + "/images/tagged")) {
                send(exchange, 200, page("image-", images, exchange.getRequestURI().getQuery()));
            } else if (path.equals(PROJECT + "/images/untagged")) {
                send(exchange, 200, page("untagged-", 2, exchange.getRequestURI().getQuery()));
            } else {
                send(exchange, 404, "{}");
            }
        }
    }

    private String page(String prefix, int all, String query) {
        Matcher asked = Pattern.compile("take=(\\d+)&skip=(\\d+)&orderBy=Oldest").matcher(query);
        if (!asked.matches() || Integer.parseInt(asked.group(1)) > 256) {
            throw new IllegalArgumentException(query);
        }
        int signature = pages.incrementAndGet();
        int skip = Integer.parseInt(asked.group(2));
        List<String> found = new ArrayList<>();
        for (int i = skip; i < Math.min(all, skip + Integer.parseInt(asked.group(1))); i++) {
            String id = prefix + i;
            String names = tags.get(retagged && i == 0 ? 1 : i % tags.size());
            String tagged = prefix.equals("image-") ? tags(names) : "";
            found.add(
                    """
                    {"id": "%s", "created": "2026-01-01T00:00:00Z", "width": 8, "height": 8,
                     "originalImageUri": "%s/storage/%s?se=2026&sig=%d", "resizedImageUri": "", "thumbnailUri": "",
                     "tags": [%s], "regions": [%s]}"""
                            .formatted(
                                    id, host(), id, signature, tagged, i == 0 ? tags("cat") : ""));
        }
        return "[" + String.join(",", found) + "]";
    }

    private static String tags(String names) {
        return Stream.of(names.split(","))
                .map(CustomVisionServer::tag)
                .collect(Collectors.joining(","));
    }

    private static String tag(String name) {
        return "{\"tagId\": \"id-%s\", \"tagName\": \"%s\", \"created\": \"2026-01-01T00:00:00Z\"}"
                .formatted(name, name);
    }

    private void picture(HttpExchange exchange, String id) throws IOException {
        if (exchange.getRequestHeaders().containsKey("Training-Key")) {
            throw new IllegalArgumentException("the key is sent to the storage");
        }
        int signature = Integer.parseInt(exchange.getRequestURI().getQuery().replaceAll(".*=", ""));
        if (pictures.get() >= expireAfter && signature <= 2 || id.equals(lost)) {
            send(exchange, 403, "<Error><Code>AuthenticationFailed</Code></Error>");
            return;
        }
        if (holdAt > 0 && pictures.get() >= holdAt) {
            held.countDown();
            return; // the connection ends, and the sender tries again until it is killed
        }
        pictures.incrementAndGet();
        int number = Integer.parseInt(id.replaceAll("\\D", ""));
        byte[] png = bytes.apply(id.startsWith("un") ? 10_000 + number : number);
        exchange.getResponseHeaders().set("Content-Type", "image/png");
        exchange.sendResponseHeaders(200, png.length);
        exchange.getResponseBody().write(png);
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
