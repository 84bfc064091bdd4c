package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.backbone.Backbones;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.local.Cloud;
import dev.graft.local.HttpEndpoint;
import dev.graft.local.LocalProduct;
import dev.graft.local.TestCloud;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of a product, from the first picture to the retrained head, through S3 and HTTP only.
 * The steps build on each other. Runs on the S3 and DynamoDB of {@link TestCloud}.
 */
@EnabledIf(
        value = "dev.graft.local.LocalStack#notAskedOrThere",
        disabledReason = "profile localstack is on, but no Docker answers")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int PER_CLASS = 6;
    private static final String PHOTO = "functions/local/samples/key/20.jpg";

    @TempDir static Path folder;
    private static LocalProduct product;
    private static HttpEndpoint endpoint;
    private static Optional<ToldCloud> told = Optional.empty();

    @BeforeAll
    static void start() {
        Path backbone = Backbones.ofUser().resolve("");
        product =
                TestCloud.EMBEDDED
                        ? new LocalProduct(Optional.of(folder.resolve("data")), backbone, Map.of())
                        : new LocalProduct(EndToEndTest::elsewhere, backbone, Map.of());
        endpoint = product.serve(0);
    }

    private static Cloud elsewhere(Consumer<String> s3Events) {
        told = Optional.of(new ToldCloud(TestCloud.newEnvironment(), s3Events));
        return told.get();
    }

    @AfterAll
    static void stop() {
        endpoint.close();
        product.close();
    }

    @Test
    @Order(1)
    void beforeTheFirstHeadSaysHowToGetOne() throws Exception {
        assertProblem(503, "train", post("/classify", picture()));
    }

    @Test
    @Order(2)
    void tooFewImagesAreNoHead() throws Exception {
        put("images/key/one.jpg", Repository.file(PHOTO));
        Map<String, String> outcome = product.train();
        assertEquals("NotEnoughData", outcome.get("outcome"));
        assertTrue(outcome.get("reason").contains("key"), outcome.toString());
        assertTrue(product.heads().latest().isEmpty());
    }

    @Test
    @Order(3)
    void learnsFromWhatWasUploaded() throws Exception {
        for (String label : new String[] {"key", "nut"}) {
            try (var files = Files.list(Repository.file("functions/local/samples/" + label))) {
                files.sorted()
                        .limit(PER_CLASS)
                        .forEach(
                                file -> upload("images/" + label + "/" + file.getFileName(), file));
            }
        }
        Path note = Files.writeString(folder.resolve("note.txt"), "no picture");
        put("images/nut/note.jpg", note);
        assertEquals("Trained", product.train().get("outcome"));
        assertEquals("images/nut/note.jpg", product.unreadable().getFirst().key());
    }

    @Test
    @Order(4)
    void nothingNewIsNoWork() {
        String version = product.heads().latest().orElseThrow().version();
        assertEquals(Map.of("outcome", "NothingNew", "version", version), product.train());
    }

    @Test
    @Order(5)
    void bytesAndKeyGetTheSameAnswer() throws Exception {
        put("images/asked.jpg", Repository.file(PHOTO));
        JsonNode bytes = json(200, post("/classify?top=2", picture()));
        JsonNode key = json(200, post("/classify?top=2", utf8("{\"key\": \"images/asked.jpg\"}")));
        assertNotEquals(bytes.path("id"), key.path("id"));
        assertEquals(((ObjectNode) bytes).without("id"), ((ObjectNode) key).without("id"));
        double sum = 0;
        for (JsonNode probability : bytes.path("probabilities")) {
            sum += probability.path("probability").asDouble();
        }
        assertEquals(1, sum, 1e-6);
        assertEquals(product.heads().latest().orElseThrow().version(), bytes.path("head").asText());
    }

    @Test
    @Order(6)
    void badRequestsAreProblemsWithARemedy() throws Exception {
        byte[] photo = picture();
        assertProblem(415, "JPEG", post("/classify", utf8("just text")));
        assertProblem(400, "again", post("/classify", Arrays.copyOf(photo, photo.length / 2)));
        assertProblem(413, "upload", post("/classify", new byte[11_000_000]));
        assertProblem(400, "key", post("/classify", utf8("{\"kye\": 1}")));
        assertProblem(400, "top", post("/classify?top=many", photo));
        assertProblem(404, "none.jpg", post("/classify", utf8("{\"key\": \"images/none.jpg\"}")));
    }

    @Test
    @Order(7)
    void aLabelTakesPartInTheNextHead() throws Exception {
        String before = product.heads().latest().orElseThrow().version();
        assertTrue(
                product.labels()
                                .decide(Decision.of("images/asked.jpg", Optional.of("key"), ""))
                                .outcome()
                        == LabelStore.Outcome.LABELLED);
        assertEquals("Trained", product.train().get("outcome"));
        String after = product.heads().latest().orElseThrow().version();
        assertFalse(after.equals(before));
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!json(200, post("/classify", picture())).path("head").asText().equals(after)) {
            assertTrue(Instant.now().isBefore(deadline), "the endpoint kept the old head");
        }
    }

    @Test
    @Order(8)
    void aRollBackAnswersWithinSecondsAndTheHeadInUseCanBeVerified() throws Exception {
        JsonNode heads = json(200, get("/heads")).path("heads");
        String newest = heads.path(0).path("version").asText();
        String oldest = heads.path(heads.size() - 1).path("version").asText();
        assertEquals("Same", product.verify(newest).get("outcome"));
        assertEquals("Different", product.verify(oldest).get("outcome"));
        String body = "{\"version\": \"%s\"}".formatted(oldest);
        json(200, send("PUT", "/heads/latest", utf8(body)));
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!json(200, post("/classify", picture())).path("head").asText().equals(oldest)) {
            assertTrue(Instant.now().isBefore(deadline), "the endpoint kept the newer head");
        }
        JsonNode learned = json(200, get("/heads?learnedFrom=images/asked.jpg")).path("heads");
        assertEquals(1, learned.size());
        assertEquals(newest, learned.path(0).path("version").asText());
    }

    @Test
    @Order(9)
    void aFileLabelsManyImages() throws Exception {
        Path lines = folder.resolve("labels.csv");
        put("labels/first.csv", Files.writeString(lines, "images/key/one.jpg\n"));
        assertTrue(told("labels/first.csv").contains("line 1"));
        String text = "images/key/one.jpg,nut\nimages/asked.jpg,nut\nimages/next.jpg,nut\n";
        put("labels/first.csv", Files.writeString(lines, text));
        put("images/next.jpg", Repository.file(PHOTO));
        Optional<Label> nut = Optional.of(new Label("nut", LabelSource.FILE));
        assertEquals(nut, label("images/key/one.jpg"));
        assertEquals(nut, label("images/next.jpg"), "uploaded after its label");
        assertEquals("key", label("images/asked.jpg").orElseThrow().name(), "a person said so");
        assertTrue(told("labels/first.csv").contains("2 of 3 lines matched an image"));
        put("labels/first.csv", lines);
        assertEquals(1, product.unreadable().size(), "all lines match an image now");
    }

    private static String told(String key) {
        return product.unreadable().stream()
                .filter(file -> file.key().equals(key))
                .findFirst()
                .orElseThrow()
                .reason();
    }

    private static Optional<Label> label(String key) {
        return product.index().find(List.of(key)).stream()
                .findFirst()
                .flatMap(ImageIndex.Entry::label);
    }

    private static void upload(String key, Path file) {
        product.put(key, file);
        told.ifPresent(cloud -> cloud.tellAgain(key));
    }

    private static void put(String key, Path file) {
        upload(key, file);
        settle();
    }

    private static void settle() {
        Instant deadline = Instant.now().plus(Duration.ofMinutes(2));
        while (!product.idle()) {
            assertTrue(Instant.now().isBefore(deadline), "events are still waiting");
            Thread.onSpinWait();
        }
    }

    private static byte[] picture() throws IOException {
        return Files.readAllBytes(Repository.file(PHOTO));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static HttpResponse<String> post(String path, byte[] body) throws Exception {
        return send("POST", path, body);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, new byte[0]);
    }

    private static HttpResponse<String> send(String method, String path, byte[] body)
            throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(endpoint.url() + path))
                        .method(method, BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonNode json(int status, HttpResponse<String> answer) throws IOException {
        assertEquals(status, answer.statusCode(), answer.body());
        return JSON.readTree(answer.body());
    }

    private static void assertProblem(int status, String remedy, HttpResponse<String> answer)
            throws IOException {
        JsonNode problem = json(status, answer);
        assertEquals(
                "application/problem+json", answer.headers().firstValue("content-type").orElse(""));
        assertEquals(status, problem.path("status").asInt());
        assertTrue(problem.path("detail").asText().contains(remedy), problem.toString());
    }
}
