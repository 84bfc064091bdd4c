package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.LabelStore;
import dev.graft.feature.Sha256;
import dev.graft.featurizer.RefillHandler;
import dev.graft.local.LocalProduct;
import dev.graft.system.ApiDocument.Reply;
import dev.graft.trainer.TrainerHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import software.amazon.awssdk.core.sync.RequestBody;

/** Every route through HTTP, each held against the API's document; errors are in another test. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApiTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final List<String> CLASSES = List.of("bolt", "gear", "key");
    private static final int EACH = 20;

    private static LocalProduct product;
    private static Served served;
    private static ApiDocument api;

    @BeforeAll
    static void start() throws IOException {
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
    void beforeTheFirstHead() {
        assertEquals(0, api.get("/images").json().path("images").size());
        assertEquals(0, api.get("/heads").json().path("heads").size());
    }

    @Test
    @Order(2)
    void teaching() throws IOException {
        for (String name : CLASSES) {
            for (int i = 0; i < EACH; i++) {
                product.put("images/" + name + "/" + i + ".jpg", file(name, i));
            }
        }
        for (int i = 0; i < 6; i++) {
            product.put("images/u" + i + ".jpg", SAMPLES.resolve("unlabelled-" + i + ".jpg"));
        }
        product.put("images/note.jpg", SAMPLES.resolve("README.md"));
        served.train();
        JsonNode labels = api.get("/labels").json();
        assertEquals(6, labels.path("unlabelled").asInt());
        assertEquals(EACH, labels.path("labels").get(0).path("images").asInt());
        assertEquals("images/note.jpg", api.get("/unreadable").json().at("/images/0/key").asText());
    }

    @Test
    @Order(3)
    void classifies() throws IOException {
        Reply raw = api.send("POST", "/classify?top=2&evidence=true", null, sample("gear", 3));
        assertEquals(raw.json().at("/probabilities/0/label"), raw.json().path("label"));
        assertEquals(2, raw.json().path("probabilities").size());
        assertEquals(5, raw.json().path("evidence").size());
        assertEquals("images/gear/3.jpg", raw.json().at("/evidence/0/key").asText());
        assertEquals(1, raw.json().at("/evidence/0/similarity").asDouble(), 1e-5);
        Reply stored = api.json("POST", "/classify?top=2&coverage=90", key("images/gear/3.jpg"));
        assertEquals(raw.json().path("probabilities"), stored.json().path("probabilities"));
        assertEquals("gear", stored.json().at("/conformalSet/0").asText());
        Reply strict = api.send("POST", "/classify?accept=1", null, sample("key", 39));
        assertFalse(strict.json().path("known").asBoolean());
        String reason = strict.json().path("reason").asText();
        assertTrue(reason.contains("1 % of known images reach"), reason);
        JsonNode same = api.send("POST", "/similar?limit=3", null, sample("gear", 3)).json();
        assertEquals("images/gear/3.jpg", same.at("/images/0/key").asText());
        JsonNode similar = api.json("POST", "/similar?limit=3", key("images/gear/3.jpg")).json();
        assertEquals(3, similar.path("images").size());
        assertFalse(similar.at("/images/0/key").asText().equals("images/gear/3.jpg"));
        var keys = Map.of("keys", List.of("images/gear/3.jpg"));
        JsonNode names = api.json("POST", "/names", keys).json();
        assertEquals("images/gear/3.jpg", names.at("/images/0/key").asText());
        ShareLinks.answer(api, sample("gear", 3));
        SettingsCalls.answer(api, "gear");
    }

    @Test
    @Order(5)
    void listsPageByPage() {
        List<String> keys = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get("/images?label=bolt&limit=7" + cursor).json();
            page.path("images").forEach(image -> keys.add(image.path("key").asText()));
            cursor = page.path("cursor").isNull() ? "" : "&cursor=" + page.path("cursor").asText();
        } while (!cursor.isEmpty());
        assertEquals(EACH, Set.copyOf(keys).size());
        assertEquals(EACH, keys.size());
        assertEquals(6, api.get("/images?unlabelled=true").json().path("images").size());
    }

    @Test
    @Order(6)
    void aLinkTakesAnUploadAndGivesItBack() throws Exception {
        String key = "images/gear/red gear+1%.jpg";
        List<String> many = List.of(key, "images/b ä+.png");
        JsonNode links = api.json("POST", "/uploads", Map.of("keys", many)).json().path("uploads");
        assertEquals(many, links.findValuesAsText("key"));
        JsonNode upload = api.json("POST", "/uploads", key(key)).json();
        byte[] bytes = sample("gear", 30);
        HttpClient http = HttpClient.newHttpClient();
        var put =
                HttpRequest.newBuilder(URI.create(upload.path("url").asText()))
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                        .build();
        assertEquals(200, http.send(put, HttpResponse.BodyHandlers.ofString()).statusCode());
        Served.until(product::idle);
        JsonNode allowance = api.get("/uploads").json();
        assertTrue(allowance.path("used").asInt() > 0 && allowance.path("limit").isNull());
        String encoded = "images/gear/red%20gear%2B1%25.jpg";
        Reply content = api.get("/images/content?key=" + encoded);
        var get = HttpRequest.newBuilder(URI.create(content.location())).build();
        assertTrue(
                Arrays.equals(
                        bytes, http.send(get, HttpResponse.BodyHandlers.ofByteArray()).body()));
        Map<String, Object> hashes = Map.of("hashes", List.of(Sha256.of(bytes), "0".repeat(64)));
        JsonNode found = api.json("POST", "/images/find", hashes).json().path("images");
        assertEquals(key, found.findPath("key").asText(), found::toString);
        for (int i = 0; i < 2; i++) {
            assertEquals(200, api.send("DELETE", "/images?key=" + encoded, null, null).status());
            Map<String, Object> again = Map.of("keys", List.of(key));
            assertEquals(200, api.json("POST", "/images/delete", again).status());
        }
        Served.until(product::idle);
        UndoCalls.bringBack(api, product, "/images/content?key=" + encoded);
    }

    @Test
    @Order(7)
    void changesLabelsAsOftenAsAsked() {
        for (int i = 0; i < 2; i++) {
            JsonNode image =
                    api.json("PUT", "/images/label?key=images/u0.jpg", Map.of("label", "gear"))
                            .json();
            assertEquals("gear", image.path("label").asText());
            assertEquals("CORRECTION", image.path("source").asText());
            JsonNode last = api.get("/images/history?key=images/u0.jpg").json().at("/labels/0");
            assertEquals(
                    "gear CORRECTION",
                    last.at("/label").asText() + " " + last.at("/source").asText());
            JsonNode many =
                    api.json(
                                    "POST",
                                    "/labels",
                                    Map.of(
                                            "keys",
                                            List.of("images/u1.jpg", "images/gone.jpg"),
                                            "label",
                                            "cog"))
                            .json();
            assertEquals(1, many.path("changed").asInt());
            assertEquals("images/gone.jpg", many.at("/missing/0").asText());
        }
        Map<String, String> names = Map.of("from", "cog", "to", "gear");
        JsonNode renamed = api.json("POST", "/labels/rename", names).json();
        assertEquals(1, renamed.path("changed").asInt());
        assertTrue(renamed.path("complete").asBoolean());
        assertEquals(0, api.json("POST", "/labels/rename", names).json().path("changed").asInt());
        assertEquals(
                EACH + 2, api.get("/images?label=gear&limit=200").json().path("images").size());
    }

    @Test
    @Order(7)
    void takesBackWhatWasDecided() {
        Instant start = Instant.now();
        String key = "images/bolt/1.jpg";
        api.json("POST", "/labels", Map.of("keys", List.of(key), "label", "spam"));
        JsonNode decided = api.get("/labels/decisions?since=" + start).json();
        assertEquals("", decided.at("/decisions/0/by").asText(), "nobody signs in here");
        assertEquals(1, decided.at("/decisions/0/images").asInt());
        Map<String, String> whose = Map.of("by", "", "since", start.toString());
        Served.until(
                () -> api.json("POST", "/labels/undo", whose).json().path("changed").asInt() == 1);
        assertEquals("bolt", product.features().known(key).label().orElseThrow().name());
    }

    @Test
    @Order(8)
    void promotesAndRollsBack() {
        product.train();
        JsonNode heads = api.get("/heads").json().path("heads");
        assertEquals(2, heads.size());
        assertEquals(0, api.get("/heads?learnedFrom=images/none").json().path("heads").size());
        String old = heads.get(1).path("version").asText();
        for (int i = 0; i < 2; i++) {
            api.json("PUT", "/heads/latest", Map.of("version", old));
        }
        assertEquals(old, product.heads().latest().orElseThrow().version());
        assertEquals(old, api.get("/heads/" + old).json().path("version").asText());
        Served.until(() -> old.equals(answeringHead()));
        assertEquals(old, api.get("/classify").json().path("head").asText());
        product.aws()
                .s3()
                .putObject(
                        b ->
                                b.bucket(product.environment().get("HEADS_BUCKET"))
                                        .key("heads/" + old + "/report.html"),
                        RequestBody.fromString("<html>"));
        var report = api.get("/heads/" + old + "/report").response();
        assertTrue(report.body().contains("<html"));
        String policy = report.headers().firstValue("content-security-policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; style-src 'unsafe-inline'"), policy);
        assertFalse(policy.contains("script-src"), policy);
        assertEquals("nosniff", report.headers().firstValue("x-content-type-options").orElse(""));
        assertEquals("no-referrer", report.headers().firstValue("referrer-policy").orElse(""));
    }

    private static String answeringHead() {
        return api.json("POST", "/classify", key("images/gear/1.jpg")).json().path("head").asText();
    }

    @Test
    @Order(9)
    void saysWhatPromotingWouldChange() {
        String newest = api.get("/heads").json().at("/heads/0/version").asText();
        JsonNode preview = api.get("/heads/" + newest + "/preview").json();
        assertEquals(3 * EACH + 6, preview.path("images").asInt());
        assertEquals(preview.path("changed").asInt(), preview.path("changes").size());
    }

    @Test
    @Order(10)
    void queuesWhatIsUnlabelledAndLeavesOutWhatWasLabelled() {
        assertTrue(api.get("/doctor").json().path("images").isArray());
        JsonNode queue = api.get("/queue?limit=10").json().path("images");
        Set<String> offered = new HashSet<>();
        queue.forEach(image -> offered.add(image.path("key").asText()));
        queue.forEach(
                image -> image.path("alike").forEach(i -> offered.add(i.path("key").asText())));
        assertEquals(
                Set.of("images/u2.jpg", "images/u3.jpg", "images/u4.jpg", "images/u5.jpg"),
                offered);
        String first = queue.at("/0/key").asText();
        // by another instance of the function
        String other = queue.at("/1/key").asText();
        product.labels().decide(LabelStore.Decision.of(other, Optional.of("gear"), "bob"));
        api.json("POST", "/labels", Map.of("keys", List.of(first), "label", "key"));
        api.get("/queue")
                .json()
                .path("images")
                .forEach(
                        image ->
                                assertFalse(
                                        Set.of(first, other).contains(image.path("key").asText())));
        product.labels().decide(LabelStore.Decision.of(other, Optional.empty(), "bob"));
    }

    @Test
    @Order(11)
    void exportsLabels() {
        String csv = api.get("/export/labels.csv").response().body();
        assertTrue(csv.contains("\r\nimages/bolt/7.jpg,bolt\r\n"), csv);
        assertTrue(csv.contains("images/u0.jpg,gear"), csv);
        String folders = api.get("/export/folders.txt").response().body();
        assertTrue(folders.contains("bolt/bolt__7.jpg\timages/bolt/7.jpg\n"), folders);
        String[] lines = api.get("/export/labels.manifest").response().body().split("\n");
        assertEquals(3 * EACH + 3, lines.length);
        assertTrue(lines[0].contains("\"source-ref\":\"s3://graft-images/images/bolt/0.jpg\""));
    }

    @Test
    @Order(12)
    void exportsAModelThatGivesTheSameAnswer() throws Exception {
        ExportedModel.givesTheSameAnswer(api, sample("key", 33));
        ExportedCollection.holdsEveryImage(api);
    }

    @Test
    @Order(13)
    void classifiesAPrefixIntoAFile() throws Exception {
        JsonNode first = api.json("POST", "/batch", Map.of("prefix", "images/")).json();
        assertTrue(first.path("complete").asBoolean());
        assertEquals(3 * EACH + 6, first.path("images").asInt());
        assertEquals(1, first.path("unreadable").asInt());
        JsonNode again = api.json("POST", "/batch", Map.of("prefix", "images/")).json();
        assertEquals(first.path("id"), again.path("id"));
        assertEquals(first.path("images"), again.path("images"));
        String link = first.at("/parts/0/url").asText();
        String lines =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(link)).build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        assertEquals(3 * EACH + 7, lines.split("\n").length);
    }

    @Test
    @Order(14)
    void tellsHowFarThingsAre() {
        JsonNode status = api.get("/status").json();
        assertEquals(3 * EACH + 6, status.path("images").asInt());
        assertEquals(3, status.path("unlabelled").asInt());
        assertEquals(1, status.path("unreadable").asInt());
    }

    @Test
    @Order(97)
    void followsABucket() throws IOException {
        Followed.isCopied(product, sample("gear", 3));
    }

    @Test
    @Order(98)
    void featuresAreMadeAgainByTheFunctionOfTheRefill() {
        Map<String, String> environment = product.environment();
        String key = "images/gear/3.jpg";
        String network = product.features().known(key).picture().orElseThrow().backbones().first();
        assertTrue(product.features().deleteFeatures(network, Instant.MAX));
        String bucket = environment.get("IMAGES_BUCKET");
        Map<String, Object> event =
                Map.of("tasks", List.of(Map.of("taskId", "0", "s3Key", key, "s3Bucket", bucket)));
        var context = SilentContext.of("graft");
        var refill = new RefillHandler(environment);
        var response = refill.handleRequest(event, context);
        assertEquals("FEATURIZED", response.getResults().getFirst().getResultString());
        ImageFeature known = product.features().find(key, network).orElseThrow();
        product.features().put(OtherFeature.of(known, "images/ghost.jpg", network));
        refill.handleRequest(Map.of("detail-type", "Scheduled Event"), context);
        assertEquals(Optional.empty(), product.features().find("images/ghost.jpg", network));
        var trainer = new TrainerHandler(environment);
        var refused = trainer.handleRequest(Map.of("deleteFeatures", network), context);
        assertEquals("Refused", refused.get("outcome"), refused::toString);
        product.features().put(OtherFeature.of(known, key, "another"));
        var deleted = trainer.handleRequest(Map.of("deleteFeatures", "another"), context);
        assertEquals("Deleted", deleted.get("outcome"), deleted::toString);
    }

    @Test
    @Order(99)
    void everyRouteOfTheDocumentWasAnswered() throws IOException {
        assertEquals("3.1.0", api.get("/openapi.json").json().path("openapi").asText());
        assertTrue(api.get("/").response().body().contains("<html"));
        assertTrue(api.address("/images/content?key=images/gear/3.jpg").startsWith("http"));
        FeedbackCalls.answer(api, "images/gear/3.jpg", sample("gear", 38));
        WatchCalls.answer(api);
        ForgetCalls.answer(api);
        SetCalls.answer(api, sample("gear", 3));
        var large = Set.of("headReport 302", "labelsCsv 302", "labelsManifest 302", "folders 302");
        assertEquals(large, api.unseen("[23].."));
    }

    @Test
    @Order(100)
    void theTemplateGrantsWhatWasAskedAndNothingElse() throws IOException {
        assertEquals(Set.of(), Calls.notGranted());
        assertEquals(Set.of(), Calls.notUsed());
    }

    private static Map<String, String> key(String key) {
        return Map.of("key", key);
    }

    private static Path file(String name, int number) {
        return SAMPLES.resolve("%s/%02d.jpg".formatted(name, number));
    }

    private static byte[] sample(String name, int number) throws IOException {
        return Files.readAllBytes(file(name, number));
    }
}
