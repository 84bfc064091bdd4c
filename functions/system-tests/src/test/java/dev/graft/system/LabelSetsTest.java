package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import dev.graft.feature.Sha256;
import dev.graft.training.ForgetRequests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Three questions about the same drawings: what they show, by their folders; what shape that has,
 * by the API and a label file; and a third by an object tag, which nobody made and nobody trains.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LabelSetsTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final int EACH = 12;
    private static final String FIRST = "images/gear/0.jpg";

    @TempDir static Path folder;
    private static Served served;
    private static ApiDocument api;
    private static String version;

    @BeforeAll
    static void start() throws IOException {
        served = Served.with(FeedbackCalls.KEPT);
        api = served.api();
        for (String name : List.of("gear", "key")) {
            for (int i = 0; i < EACH; i++) {
                served.product().put(key(name, i), sample(name, i));
            }
        }
        Served.until(served.product()::idle);
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static Path sample(String name, int number) {
        return SAMPLES.resolve("%s/%02d.jpg".formatted(name, number));
    }

    private static String key(String name, int number) {
        return "images/%s/%d.jpg".formatted(name, number);
    }

    private static void assertProblem(int status, String detail, ApiDocument.Reply reply) {
        assertEquals(status, reply.status());
        String told = reply.json().path("detail").asText();
        assertTrue(told.contains(detail), told);
    }

    @Test
    @Order(1)
    void aSetIsMadeBeforeTheApiNamesIt() {
        assertProblem(
                404, "there are [default]: PUT /sets/shape makes it", api.get("/labels?set=shape"));
        assertProblem(400, "lower-case letters", api.get("/labels?set=Shape"));
        Map<String, String> one = Map.of("labelsPerImage", "one");
        assertEquals(
                "one", api.json("PUT", "/sets/shape", one).json().path("labelsPerImage").asText());
        JsonNode sets = api.get("/sets").json().path("sets");
        assertEquals(List.of("default", "shape"), sets.findValuesAsText("name"));
        assertEquals(2 * EACH, sets.at("/0/labelled").asInt());
        assertEquals(0, sets.at("/1/labelled").asInt());
        assertEquals(2 * EACH, sets.at("/1/unlabelled").asInt());
        assertProblem(503, "no head was trained yet", api.get("/classify?set=shape"));
    }

    @Test
    @Order(2)
    void labelsComeByTheApiAFileAndTags() throws IOException {
        Map<String, String> round = Map.of("label", "round");
        JsonNode image = api.json("PUT", "/images/label?set=shape&key=" + FIRST, round).json();
        assertEquals("round", image.path("label").asText());
        List<String> keys = IntStream.range(1, 4).mapToObj(i -> key("gear", i)).toList();
        Map<String, Object> many = Map.of("keys", keys, "label", "round");
        assertEquals(3, api.json("POST", "/labels?set=shape", many).json().path("changed").asInt());
        List<String> lines = new ArrayList<>(List.of("key,label,set"));
        IntStream.range(4, EACH).forEach(i -> lines.add(key("gear", i) + ",round,shape"));
        IntStream.range(0, EACH).forEach(i -> lines.add(key("key", i) + ",long,shape"));
        served.product().put("labels/shape.csv", Files.write(folder.resolve("shape.csv"), lines));
        String bucket = served.product().environment().get("IMAGES_BUCKET");
        served.product()
                .aws()
                .s3()
                .putObject(
                        b -> b.bucket(bucket).key("images/old.jpg").tagging("label.season=winter"),
                        RequestBody.fromFile(sample("gear", 20)));
        Served.until(served.product()::idle);
        assertEquals(Map.of("long", EACH, "round", EACH), labels("?set=shape"));
        assertEquals(Map.of("winter", 1), labels("?set=season"));
        assertEquals(Map.of("gear", EACH, "key", EACH), labels(""));
        JsonNode history = api.get("/images/history?set=shape&key=" + key("key", 0)).json();
        assertEquals("long", history.at("/labels/0/label").asText());
        assertEquals("labels/shape.csv", history.at("/labels/0/by").asText());
    }

    private static Map<String, Integer> labels(String query) {
        Map<String, Integer> counts = new TreeMap<>();
        api.get("/labels" + query)
                .json()
                .path("labels")
                .forEach(one -> counts.put(one.path("label").asText(), one.path("images").asInt()));
        return counts;
    }

    @Test
    @Order(3)
    void imagesAreListedByTheLabelsOfASet() {
        assertEquals(EACH, images("?set=shape&label=round&limit=200").size());
        assertEquals(List.of(), images("?label=round"));
        assertEquals(List.of("images/old.jpg"), images("?set=shape&unlabelled=true"));
        assertEquals(List.of("images/old.jpg"), images("?set=season&label=winter"));
        assertEquals(2 * EACH, images("?set=season&unlabelled=true&limit=200").size());
        assertEquals(List.of(FIRST), images("?set=shape&label=round&name=gear/0"));
    }

    private static List<String> images(String query) {
        return api.get("/images" + query).json().path("images").findValuesAsText("key");
    }

    @Test
    @Order(4)
    void oneTrainingMakesAHeadOfEachSetThatHasEnough() {
        JsonNode training = served.train();
        assertEquals("Trained", training.path("outcome").asText(), training::toString);
        JsonNode shape = training.at("/sets/shape");
        assertEquals("Trained", shape.path("outcome").asText(), training::toString);
        assertEquals("NotEnoughData", training.at("/sets/season/outcome").asText());
        version = shape.path("version").asText();
        JsonNode head = api.get("/heads?set=shape").json().at("/heads/0");
        assertEquals(version, head.path("version").asText());
        assertEquals("[\"long\",\"round\"]", head.path("classes").toString());
        assertEquals(
                "[\"gear\",\"key\"]", api.get("/heads").json().at("/heads/0/classes").toString());
        assertEquals(200, api.get("/heads/" + version + "?set=shape").status());
        assertProblem(404, version, api.get("/heads/" + version));
        assertTrue(
                api.get("/heads/" + version + "/report?set=shape")
                        .response()
                        .body()
                        .contains("round"));
        JsonNode sets = api.get("/sets").json().path("sets");
        assertEquals(version, sets.at("/2/head").asText(), sets::toString);
        assertTrue(sets.at("/1/head").isNull(), sets::toString);
    }

    @Test
    @Order(5)
    void classifiesInOneSetOrInAll() throws IOException {
        byte[] gear = Files.readAllBytes(sample("gear", 30));
        assertEquals("gear", classified("", gear).path("label").asText());
        JsonNode shape = classified("?set=shape&evidence=true", gear);
        assertEquals("round", shape.path("label").asText());
        assertEquals("round", shape.at("/evidence/0/label").asText());
        assertEquals(version, shape.path("head").asText());
        JsonNode all = classified("?set=*&top=1", gear);
        assertEquals("gear", all.at("/sets/default/label").asText());
        assertEquals("round", all.at("/sets/shape/label").asText());
        assertEquals(1, all.at("/sets/shape/probabilities").size());
        assertEquals("[\"season\"]", all.path("withoutHead").toString());
        Map<String, String> stored = Map.of("key", key("key", 3));
        JsonNode known = api.json("POST", "/classify?set=*", stored).json();
        assertEquals("long", known.at("/sets/shape/label").asText());
        assertProblem(
                404, "no label set 'none'", api.send("POST", "/classify?set=none", null, gear));
    }

    private static JsonNode classified(String query, byte[] picture) {
        return api.send("POST", "/classify" + query, null, picture).json();
    }

    @Test
    @Order(6)
    void whateverBelongsToAHeadBelongsToASet() {
        Map<String, Object> settings = Map.of("thresholds", Map.of("round", 0.9));
        assertEquals(200, api.json("PUT", "/settings?set=shape", settings).status());
        assertEquals(0, api.get("/settings").json().path("thresholds").size());
        assertEquals(0.9, api.get("/settings?set=shape").json().at("/thresholds/round").asDouble());
        assertTrue(api.get("/doctor?set=shape").json().path("images").isArray());
        assertEquals(version, api.get("/doctor?set=shape").json().path("head").asText());
        JsonNode queue = api.get("/queue?set=shape").json().path("images");
        assertEquals("images/old.jpg", queue.at("/0/key").asText());
        assertEquals("round", queue.at("/0/suggestion").asText(), queue::toString);
        JsonNode status = api.get("/status?set=shape").json();
        assertEquals(version, status.path("head").asText());
        assertEquals(1, status.path("unlabelled").asInt());
        JsonNode batch =
                api.json("POST", "/batch?set=shape", Map.of("prefix", "images/key/")).json();
        assertEquals(version, batch.path("head").asText());
        assertEquals(EACH, batch.path("images").asInt());
        String csv = api.get("/export/labels.csv?set=shape").response().body();
        assertTrue(csv.contains(FIRST + ",round\r\n"), csv);
        JsonNode zips = api.send("POST", "/export/images?set=shape", null, null).json();
        assertTrue(zips.path("complete").asBoolean(), zips::toString);
        String listed = EveryRoute.fetch(zips.at("/parts/0/url").asText());
        assertTrue(listed.contains("classes/round/"), listed);
        assertProblem(404, "there is no export", api.get("/export/images"));
        Map<String, String> again = Map.of("version", version);
        assertEquals(200, api.json("PUT", "/heads/latest?set=shape", again).status());
        JsonNode act = api.get("/history?limit=1").json().at("/acts/0");
        assertEquals(version + " in the label set shape", act.path("subject").asText());
    }

    @Test
    @Order(7)
    void aPictureIsAddedWithItsLabelInTheSet() throws IOException {
        byte[] photo = Files.readAllBytes(sample("key", 31));
        String id = classified("?set=shape", photo).path("id").asText();
        JsonNode added = FeedbackCalls.feedback(api, id, "bean").json();
        assertEquals("added", added.path("state").asText(), added::toString);
        String key = added.path("key").asText();
        Served.until(() -> SetCalls.label(api, "shape", key).equals("bean"));
        assertEquals("null", SetCalls.label(api, "default", key));
        Map<String, Object> hash = Map.of("hashes", List.of(Sha256.of(photo)));
        JsonNode found = api.json("POST", "/images/find?set=shape", hash).json().path("images");
        assertEquals("bean", found.at("/0/label").asText(), found::toString);
        Map<String, String> undo = Map.of("id", added.path("undo").asText());
        assertEquals(1, api.json("POST", "/undo", undo).json().path("changed").asInt());
        Served.until(() -> SetCalls.label(api, "shape", key).isEmpty());
        assertEquals(Set.of(), Calls.notGranted());
    }

    @Test
    @Order(8)
    void copiesContradictEachOtherInTheSet() throws IOException {
        String twin = "images/twin.jpg";
        Map<String, String> round = Map.of("key", twin, "label", "round");
        byte[] photo = Files.readAllBytes(sample("key", 3));
        SetCalls.put(api.json("POST", "/uploads?set=shape", round).json(), photo);
        Served.until(() -> SetCalls.label(api, "shape", twin).equals("round"));
        JsonNode group = api.get("/copies?set=shape&key=" + twin).json().at("/groups/0");
        assertTrue(group.path("contradicts").asBoolean(), group::toString);
        List<String> labels = group.path("images").findValuesAsText("label");
        assertEquals(List.of("long", "round"), labels.stream().sorted().toList());
        assertEquals(200, api.send("DELETE", "/images?key=" + twin, null, null).status());
        Served.until(() -> SetCalls.label(api, "shape", twin).isEmpty());
    }

    @Test
    @Order(9)
    void allViewsOfThePageFollowTheSetThatIsChosen() {
        Chromium.assumeThere();
        try (var driver = Chromium.driver();
                var browser = Chromium.launch(driver);
                var page = browser.newPage()) {
            page.navigate(served.endpoint().url() + "/#images");
            assertThat(page.locator(".filters")).containsText("gear");
            page.getByLabel("Label set").selectOption("shape");
            assertThat(page.locator(".filters")).containsText("round");
            assertThat(page.locator(".filters")).not().containsText("gear");
            addsAPicture(page);
            page.navigate(served.endpoint().url() + "/#report");
            assertThat(page.locator("main")).containsText("round");
            page.getByLabel("Label set").selectOption("default");
            assertThat(page.locator("main")).containsText("gear");
            assertThat(page.locator("main")).not().containsText("round");
        }
    }

    /** In the set that is chosen; it goes again. */
    private static void addsAPicture(Page page) {
        page.getByText("Add pictures").click();
        page.getByLabel("Label of the new pictures").fill("nœud");
        page.locator(".view-images .drop input").setInputFiles(sample("gear", 32));
        assertThat(page.getByText("1 picture added.")).isVisible();
        Served.until(() -> images("?set=shape&label=n%C5%93ud").size() == 1);
        String key = images("?set=shape&label=n%C5%93ud").getFirst();
        assertEquals("null", SetCalls.label(api, "default", key));
        assertEquals(200, api.send("DELETE", "/images?key=" + key, null, null).status());
        Served.until(() -> SetCalls.label(api, "shape", key).isEmpty());
    }

    @Test
    @Order(10)
    void aChangeInASetIsTakenBackThere() {
        Map<String, String> names = Map.of("from", "round", "to", "disc");
        JsonNode renamed = api.json("POST", "/labels/rename?set=shape", names).json();
        assertEquals(EACH, renamed.path("changed").asInt());
        assertEquals(Map.of("disc", EACH, "long", EACH), labels("?set=shape"));
        assertEquals(Map.of("gear", EACH, "key", EACH), labels(""));
        Map<String, String> undo = Map.of("id", renamed.path("undo").asText());
        assertEquals(EACH, api.json("POST", "/undo", undo).json().path("changed").asInt());
        assertEquals(Map.of("long", EACH, "round", EACH), labels("?set=shape"));
    }

    @Test
    @Order(11)
    void anImageIsForgottenInEverySet() {
        String before = api.get("/heads").json().at("/heads/0/version").asText();
        assertEquals(202, api.json("POST", "/forget", Map.of("key", FIRST)).status());
        String receipt = "/forget/" + ForgetRequests.id(FIRST);
        Served.until(() -> api.get(receipt).json().path("state").asText().equals("done"));
        JsonNode versions = api.get(receipt).json().path("versions");
        List<String> deleted = Stream.of(before, version).sorted().toList();
        assertEquals(deleted, strings(versions), versions::toString);
        assertEquals(EACH - 1, labels("?set=shape").get("round"));
        assertProblem(404, version, api.get("/heads/" + version + "?set=shape"));
        assertEquals(1, api.get("/heads?set=shape").json().path("heads").size());
    }

    private static List<String> strings(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts.stream().sorted().toList();
    }
}
