package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.aws.GeneratedImages;
import dev.graft.feature.ImageFeature;
import dev.graft.head.HeadStore;
import dev.graft.local.LocalProduct;
import dev.graft.system.ApiDocument.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Every error that the API's document names, and the answers too large for Lambda, through HTTP.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApiErrorsTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final int EACH = 6;
    private static final String SINCE = "2026-01-01T00:00:00Z";

    private static LocalProduct product;
    private static Served served;
    private static ApiDocument api;

    @BeforeAll
    static void start() {
        served = Served.with(FeedbackCalls.KEPT);
        product = served.product();
        api = served.api();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @Test
    @Order(1)
    void withoutAHeadSaysHowToGetOne() throws IOException {
        problem(503, api.send("POST", "/classify", null, sample()), "no head was trained");
        problem(503, api.get("/classify"), "no head was trained");
        problem(503, api.get("/doctor"), "no head was trained");
        problem(503, api.get("/export/model.onnx"), "no head was trained");
        problem(
                503,
                api.json("POST", "/batch", Map.of("prefix", "images/")),
                "no head was trained");
    }

    @Test
    @Order(2)
    void saysWhatIsWrongWithARequest() throws IOException {
        teach();
        problem(400, api.send("POST", "/classify?top=none", null, sample()), "top is");
        problem(400, api.send("POST", "/classify?accept=100", null, sample()), "accept is '100'");
        problem(400, api.send("POST", "/classify?coverage=49", null, sample()), "from 50 to 99");
        problem(400, api.send("POST", "/classify?evidence=1", null, sample()), "evidence is");
        problem(400, api.send("POST", "/classify", null, new byte[0]), "the body is empty");
        problem(400, api.json("POST", "/classify", Map.of("kee", 1)), "no field 'key'");
        problem(400, api.send("POST", "/similar?limit=0", null, sample()), "limit is '0'");
        problem(400, api.json("POST", "/uploads", key("cat.jpg")), "key is 'cat.jpg'");
        problem(400, api.get("/images?limit=1000"), "limit is '1000'");
        problem(400, api.get("/images?cursor=no"), "cursor 'no'");
        problem(400, api.get("/images?label=a&unlabelled=true"), "leave one out");
        problem(400, api.send("DELETE", "/images?key=a", null, null), "key is 'a'");
        problem(400, api.json("POST", "/images/delete", Map.of("keys", List.of())), "keys");
        problem(400, api.json("POST", "/images/find", Map.of("hashes", List.of("a"))), "SHA-256");
        problem(400, api.get("/uploads?limit=1"), "no parameter 'limit'");
        problem(400, api.get("/images/content"), "key is ''");
        problem(400, api.get("/images/history"), "key is ''");
        problem(400, api.json("PUT", "/images/label?key=a", Map.of("label", "x")), "key is 'a'");
        problem(400, api.json("PUT", "/images/label?key=images/a", Map.of("label", 1)), "label");
        problem(400, api.json("POST", "/labels", Map.of("keys", List.of(), "label", "x")), "keys");
        problem(400, api.json("POST", "/names", Map.of("keys", List.of())), "keys");
        problem(400, api.json("POST", "/labels/rename", Map.of("from", "a")), "no field 'to'");
        problem(400, api.json("POST", "/labels/undo", Map.of("by", "a")), "no field 'since'");
        problem(400, api.json("PUT", "/heads/latest", Map.of("head", "a")), "no field 'version'");
        problem(400, api.send("POST", "/heads?now=1", null, null), "no parameter 'now'");
        ExportedCollection.refuses(api);
        problem(400, api.get("/heads?learnedFrom=cat"), "expected the key of an image");
        problem(400, api.get("/queue?limit=101"), "limit is '101'");
        problem(400, api.get("/doctor?limit=101"), "limit is '101'");
        problem(400, api.get("/images?label=" + "x".repeat(1025)), "label has 1025 bytes");
        problem(
                400,
                api.json("POST", "/batch", Map.of("prefix", "labels/")),
                "prefix is 'labels/'");
    }

    @Test
    @Order(2)
    void refusesAParameterThatTheRouteDoesNotKnow() {
        for (String path :
                List.of(
                        "/unreadable",
                        "/uploads",
                        "/labels",
                        "/labels/decisions",
                        "/classify",
                        "/history",
                        "/shares",
                        "/shared",
                        "/heads/none",
                        "/heads/none/report",
                        "/heads/none/preview",
                        "/status",
                        "/openapi.json")) {
            problem(400, api.get(path + "?nosuch=1"), "no parameter 'nosuch'");
        }
        for (String path : ExportedCollection.READS) {
            problem(400, api.get(path + "?nosuch=1"), "no parameter 'nosuch'");
        }
    }

    @Test
    @Order(3)
    void saysWhatIsWrongWithAnImage() throws IOException {
        byte[] half = Arrays.copyOf(sample(), 700);
        byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
        for (String route : List.of("/classify", "/similar")) {
            problem(400, api.send("POST", route, null, half), "");
            problem(413, api.send("POST", route, null, new byte[4_400_001]), "POST /uploads");
            problem(415, api.send("POST", route, null, text), "JPEG");
        }
        ShareLinks.refuse(api, sample());
    }

    @Test
    @Order(4)
    void saysWhatIsNotThere() {
        problem(404, api.get("/nowhere"), "expected one of");
        problem(405, api.send("DELETE", "/classify", null, null), "expected GET, POST");
        problem(404, api.json("POST", "/classify", key("images/nobody.jpg")), "no image");
        problem(404, api.json("POST", "/similar", key("images/nobody.jpg")), "no image");
        problem(
                404,
                api.json("POST", "/names", Map.of("keys", List.of("images/nobody.jpg"))),
                "no image");
        problem(404, api.get("/images/content?key=images/a"), "images/a");
        problem(404, api.get("/images/history?key=images/a"), "images/a");
        problem(
                404,
                api.json("PUT", "/images/label?key=images/a", Map.of("label", "x")),
                "images/a");
        problem(404, api.get("/heads/none"), "there is no head 'none'");
        problem(404, api.get("/heads/none/report"), "no head 'none'");
        problem(404, api.get("/heads/none/preview"), "no head 'none'");
        problem(404, api.json("PUT", "/heads/latest", Map.of("version", "none")), "no head 'none'");
    }

    @Test
    @Order(5)
    void aLabelThatIsAnotherThanExpectedStays() {
        Map<String, Object> one = new HashMap<>(Map.of("label", "key"));
        one.put("expected", null);
        String path = "/images/label?key=images/nut/2.jpg";
        problem(409, api.json("PUT", path, one), "labelled meanwhile as nut");
        one.put("keys", List.of("images/nut/2.jpg"));
        problem(409, api.json("POST", "/labels", one), "labelled meanwhile as nut");
        one.put("keys", List.of("images/nut/2.jpg", "images/none.jpg"));
        one.put("expected", 3);
        problem(400, api.json("POST", "/labels", one), "expected is 3");
        assertEquals(
                "nut", product.features().known("images/nut/2.jpg").label().orElseThrow().name());
    }

    @Test
    @Order(5)
    void oneOfTwoThatPromoteAtTheSameMomentIsToldSo() {
        api.json("PUT", "/images/label?key=images/nut/0.jpg", Map.of("label", "key"));
        product.train();
        List<String> versions = product.heads().versions();
        assertEquals(2, versions.size());
        Set<Integer> seen = new HashSet<>();
        Served.until(
                () -> {
                    var others =
                            IntStream.range(0, 6)
                                    .mapToObj(i -> Map.of("version", versions.get(i % 2)))
                                    .map(v -> CompletableFuture.supplyAsync(() -> promote(v)))
                                    .toList();
                    others.forEach(answer -> seen.add(answer.join()));
                    return seen.contains(409);
                });
        assertEquals(Set.of(200, 409), seen);
        SettingsCalls.refuse(api);
        UndoCalls.refuse(ApiErrorsTest::problem, api);
        FeedbackCalls.refuse(ApiErrorsTest::problem, api, product);
        ForgetCalls.refuse(api);
        SetCalls.refuse(ApiErrorsTest::problem, api);
    }

    private static int promote(Map<String, String> version) {
        return api.json("PUT", "/heads/latest", version).status();
    }

    @Test
    @Order(6)
    void aHeadWhoseNetworkIsNotAtHandIsRefusedWithTheRemedy() throws IOException {
        String version = product.heads().latest().orElseThrow().version();
        ObjectNode other = (ObjectNode) api.get("/heads/" + version).json();
        other.put("version", "other").put("backbone", "another");
        var heads = product.heads();
        heads.save(
                "other",
                Map.of(
                        "head.json",
                        ApiDocument.JSON.writeValueAsBytes(other),
                        "head.safetensors",
                        heads.read(version, "head.safetensors").orElseThrow()));
        problem(409, api.json("PUT", "/heads/latest", Map.of("version", "other")), "-Dbackbone");
        assertEquals(0, api.get("/heads/other/preview").json().path("images").asInt());
        problem(409, api.get("/heads/other/shadow"), "GET /heads/other/preview");
        assertEquals(version, product.heads().latest().orElseThrow().version());
    }

    @Test
    @Order(6)
    void anOldHeadHasNoSets() throws IOException {
        HeadStore heads = product.heads();
        String version = heads.latest().orElseThrow().version();
        byte[] card = heads.read(version, "head.json").orElseThrow();
        ObjectNode old = (ObjectNode) ApiDocument.JSON.readTree(card);
        ((ObjectNode) old.path("validation")).remove("conformal");
        byte[] tensors = heads.read(version, "head.safetensors").orElseThrow();
        byte[] json = ApiDocument.JSON.writeValueAsBytes(old);
        heads.save("old", Map.of("head.json", json, "head.safetensors", tensors));
        assertEquals(200, api.json("PUT", "/heads/latest", Map.of("version", "old")).status());
        String sets = "/classify?coverage=90";
        Served.until(() -> api.json("POST", sets, key("images/nut/1.jpg")).status() == 409);
        ShareLinks.refuseSets(api, sample());
        assertEquals(200, api.json("PUT", "/heads/latest", Map.of("version", version)).status());
    }

    @Test
    @Order(7)
    void whatIsTooLargeForAnAnswerComesByLink() {
        String version = product.heads().latest().orElseThrow().version();
        product.aws()
                .s3()
                .putObject(
                        b ->
                                b.bucket(product.environment().get("HEADS_BUCKET"))
                                        .key("heads/" + version + "/report.html"),
                        RequestBody.fromString("<html>" + " ".repeat(4_000_000)));
        assertLink("/heads/" + version + "/report", "results/export/report-" + version);
        String backbone = product.environment().get("BACKBONE_ID");
        ImageFeature image = product.features().find("images/nut/1.jpg", backbone).orElseThrow();
        String table = product.environment().get("TABLE");
        new GeneratedImages(product.aws().dynamoDb(), table, backbone, image.feature().length / 2)
                .putLongNames(image, 1_400);
        assertLink("/export/labels.csv", "results/export/labels.csv");
        assertLink("/export/labels.manifest", "results/export/labels.manifest");
        assertLink("/export/folders.txt", "results/export/folders.txt");
    }

    private static void assertLink(String path, String key) {
        Reply reply = api.get(path);
        assertEquals(302, reply.status());
        assertTrue(reply.location().contains(key), reply.location());
    }

    @Test
    @Order(8)
    void withoutItsStoresEveryRouteAsksToTryAgain() {
        String version = product.heads().latest().orElseThrow().version();
        Map<String, Object> none = Collections.singletonMap("label", null);
        assertEquals(200, api.json("PUT", "/images/label?key=images/nut/1.jpg", none).status());
        assertEquals(1, api.get("/queue").json().path("images").size());
        product.close();
        String nut = "?key=images/nut/1.jpg";
        reads(version).forEach(path -> unavailable(() -> api.get(path)));
        ExportedCollection.READS.forEach(path -> unavailable(() -> api.get(path)));
        unavailable(() -> api.send("DELETE", "/images" + nut, null, null));
        unavailable(() -> api.json("POST", "/images/delete", Map.of("keys", List.of("images/a"))));
        Map<String, Object> hashes = Map.of("hashes", List.of("0".repeat(64)));
        unavailable(() -> api.json("POST", "/images/find", hashes));
        unavailable(() -> api.json("POST", "/classify", key("images/nut/1.jpg")));
        unavailable(() -> api.json("POST", "/similar", key("images/nut/1.jpg")));
        unavailable(() -> api.json("PUT", "/images/label" + nut, Map.of("label", "x")));
        Map<String, Object> label = Map.of("keys", List.of("images/nut/1.jpg"), "label", "x");
        unavailable(() -> api.json("POST", "/labels", label));
        unavailable(() -> api.json("POST", "/names", Map.of("keys", List.of("images/nut/1.jpg"))));
        unavailable(() -> api.json("POST", "/labels/rename", Map.of("from", "a", "to", "b")));
        UndoCalls.all(api).forEach(ApiErrorsTest::unavailable);
        FeedbackCalls.all(api).forEach(ApiErrorsTest::unavailable);
        SetCalls.all(api).forEach(ApiErrorsTest::unavailable);
        unavailable(() -> api.json("POST", "/labels/undo", Map.of("by", "", "since", SINCE)));
        unavailable(() -> api.send("POST", "/heads", null, null));
        unavailable(() -> api.json("PUT", "/settings", Map.of()));
        unavailable(() -> api.json("PUT", "/heads/latest", Map.of("version", version)));
        unavailable(() -> api.send("DELETE", "/heads/" + version, null, null));
        unavailable(() -> api.json("POST", "/forget", key("images/nut/1.jpg")));
        unavailable(() -> api.json("POST", "/batch", Map.of("prefix", "images/")));
        ExportedCollection.PATHS.forEach(p -> unavailable(() -> api.send("POST", p, null, null)));
        unavailable(() -> api.json("POST", "/shares", Map.of("name", "a", "daily", 1)));
        unavailable(() -> api.send("DELETE", "/shares/a", null, null));
        unavailable(() -> api.send("POST", "/shared/classify", null, new byte[1]));
    }

    private static List<String> reads(String version) {
        return List.of(
                "/images",
                "/images/content?key=images/nut/1.jpg",
                "/images/history?key=images/nut/1.jpg",
                "/unreadable",
                "/uploads",
                "/labels",
                "/labels/decisions?since=" + SINCE,
                "/history",
                "/shares",
                "/shared",
                "/heads",
                "/heads/" + version,
                "/heads/" + version + "/report",
                "/heads/" + version + "/preview",
                "/forget/none",
                "/queue",
                "/settings",
                "/status");
    }

    /** What is in memory may answer for some seconds more. */
    private static void unavailable(java.util.function.Supplier<Reply> call) {
        Reply[] reply = new Reply[1];
        Served.until(() -> (reply[0] = call.get()).status() == 503);
        problem(503, reply[0], "try again");
    }

    @Test
    @Order(99)
    void everyErrorOfTheDocumentWasAnswered() {
        assertEquals(Set.of("page 400"), api.unseen("4..|503"));
    }

    private static void teach() {
        for (String name : List.of("bolt", "key", "nut")) {
            for (int i = 0; i < EACH; i++) {
                Path file = SAMPLES.resolve("%s/%02d.jpg".formatted(name, i));
                product.put("images/" + name + "/" + i + ".jpg", file);
            }
        }
        served.train();
        Served.until(() -> api.json("POST", "/classify", key("images/nut/1.jpg")).status() == 200);
    }

    private static void problem(int status, Reply reply, String part) {
        assertEquals(status, reply.status(), reply.response()::body);
        String detail = reply.json().path("detail").asText();
        assertTrue(detail.contains(part), detail);
    }

    private static Map<String, String> key(String key) {
        return Map.of("key", key);
    }

    private static byte[] sample() throws IOException {
        return Files.readAllBytes(SAMPLES.resolve("nut/03.jpg"));
    }
}
