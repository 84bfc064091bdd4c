package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Asks a deployed stack that has images and a head for everything that its API has. */
final class EveryRoute {
    private static final String KEY = "images/gear/001.jpg";

    private EveryRoute() {}

    static void answers(DeployedStack stack, byte[] photo) throws Exception {
        ApiDocument api = stack.api;
        String path = "/classify?top=2&evidence=true&explain=true";
        JsonNode why = api.send("POST", path, null, photo).json().path("explanation");
        assertEquals(2, why.path("maps").size(), why::toString);
        JsonNode alike = api.send("POST", "/similar?limit=3", null, photo).json();
        assertEquals(3, alike.path("images").size());
        String known = "/classify?key=" + KEY;
        assertEquals("gear", api.send("POST", known, null, null).json().path("label").asText());
        api.json("POST", "/classify", key()).json();
        images(stack, photo);
        labels(api);
        heads(api);
        exports(api);
        ShareLinks.answer(api, photo);
        SetCalls.answer(api, photo);
        SettingsCalls.answer(api, "gear");
        FeedbackCalls.answer(api, KEY, sample());
        WatchCalls.answer(api);
        JsonNode batch = api.json("POST", "/batch", Map.of("prefix", "images/gear/00")).json();
        assertTrue(batch.path("complete").asBoolean(), batch::toString);
        assertTrue(fetch(batch.at("/parts/0/url").asText()).contains(KEY));
        assertTrue(api.get("/queue?limit=3").json().has("images"));
        assertTrue(api.get("/copies?limit=3").json().has("groups"));
        assertTrue(api.get("/doctor?limit=3").json().has("images"));
        JsonNode names = api.json("POST", "/names", Map.of("keys", List.of(KEY))).json();
        assertEquals(KEY, names.at("/images/0/key").asText());
        assertTrue(api.get("/classify").json().path("classes").isArray());
        assertEquals("3.1.0", api.get("/openapi.json").json().path("openapi").asText());
        assertTrue(api.get("/").response().body().contains("<html"));
        assertEquals(404, api.get("/none").status());
    }

    private static void images(DeployedStack stack, byte[] photo) throws Exception {
        ApiDocument api = stack.api;
        assertEquals(7, api.get("/images?label=gear&limit=7").json().path("images").size());
        assertEquals(302, api.get("/images/content?key=" + KEY).status());
        assertEquals(25_000, api.get("/uploads").json().path("limit").asInt());
        stack.put("images/gone.jpg", photo);
        DeployedStack.until("an image read", () -> !stack.image("images/gone.jpg").isMissingNode());
        stack.put("images/gone, too.jpg", photo);
        DeployedStack.until("another", () -> !stack.image("images/gone, too.jpg").isMissingNode());
        assertEquals(200, api.send("DELETE", "/images?key=images/gone.jpg", null, null).status());
        Map<String, Object> too = Map.of("keys", List.of("images/gone, too.jpg"));
        assertEquals(200, api.json("POST", "/images/delete", too).status());
        for (String key : List.of("images/gone.jpg", "images/gone, too.jpg")) {
            DeployedStack.until("an image forgotten", () -> stack.image(key).isMissingNode());
        }
        String receipt = api.json("POST", "/forget", Map.of("key", "images/gone.jpg")).location();
        // the training that it asks for must not meet what is deleted and brought back below
        DeployedStack.until(
                "an image forgotten to the end",
                () -> api.get(receipt).json().path("state").asText().equals("done"));
        Map<String, Object> hashes = Map.of("hashes", List.of(Sha256.of(photo)));
        assertTrue(api.json("POST", "/images/find", hashes).json().has("images"));
        assertTrue(api.get("/unreadable").json().has("images"));
    }

    private static void labels(ApiDocument api) {
        Map<String, String> cog = Map.of("label", "cog");
        assertEquals(
                "cog",
                api.json("PUT", "/images/label?key=" + KEY, cog).json().path("label").asText());
        Map<String, Object> two = Map.of("keys", List.of(KEY, "images/none.jpg"), "label", "cog");
        assertEquals(1, api.json("POST", "/labels", two).json().path("changed").asInt());
        Map<String, String> names = Map.of("from", "cog", "to", "gear");
        assertEquals(1, api.json("POST", "/labels/rename", names).json().path("changed").asInt());
        JsonNode last = api.get("/images/history?key=" + KEY).json().at("/labels/0");
        assertEquals("gear", last.path("label").asText(), last::toString);
        assertTrue(api.get("/labels").json().path("labels").size() >= 4);
        UndoCalls.answer(api, KEY);
        String since = Instant.now().minusSeconds(3600).toString();
        JsonNode decided = api.get("/labels/decisions?since=" + since).json();
        assertTrue(decided.path("decisions").isArray(), decided::toString);
        Map<String, String> nobody = Map.of("by", "nobody", "since", since);
        assertEquals(0, api.json("POST", "/labels/undo", nobody).json().path("changed").asInt());
    }

    private static void heads(ApiDocument api) {
        JsonNode head = api.get("/heads").json().at("/heads/0");
        String version = head.path("version").asText();
        assertEquals(
                version,
                api.get("/heads?learnedFrom=" + KEY).json().at("/heads/0/version").asText());
        assertEquals(version, api.get("/heads/" + version).json().path("version").asText());
        assertEquals(200, api.json("PUT", "/heads/latest", Map.of("version", version)).status());
        JsonNode act = api.get("/history?limit=1").json().at("/acts/0");
        assertEquals(version, act.path("subject").asText(), act::toString);
        assertTrue(api.get("/heads/" + version + "/report").response().body().contains("<html"));
        assertTrue(api.get("/heads/" + version + "/preview").json().has("changes"));
        assertEquals("/status", api.send("POST", "/heads", null, null).location());
        DeployedStack.until("the end of the training", () -> training(api).equals("ended"));
        String oldest = "";
        for (JsonNode one : api.get("/heads").json().path("heads")) {
            String path = "/heads/" + one.path("version").asText();
            if (one.path("latest").asBoolean()) {
                assertEquals(409, api.send("DELETE", path, null, null).status());
            } else {
                oldest = path;
            }
        }
        assertEquals(204, api.send("DELETE", oldest, null, null).status());
    }

    private static String training(ApiDocument api) {
        return api.get("/status").json().at("/training/state").asText();
    }

    private static void exports(ApiDocument api) {
        assertTrue(api.get("/export/labels.csv").response().body().contains(KEY + ",gear"));
        assertTrue(api.get("/export/labels.manifest").response().body().contains(KEY));
        assertTrue(api.get("/export/folders.txt").response().body().contains(KEY));
        for (String path : List.of("/export/images", "/export/features")) {
            DeployedStack.until("an export", () -> exported(api, path));
            int parts = api.get(path).json().path("parts").size();
            assertTrue(parts >= 2, parts + " files of " + path);
            String part = api.get(path).json().at("/parts/1/url").asText();
            assertTrue(fetch(part).length() > 100, path);
        }
        // the head that was just trained may come into use between the two
        DeployedStack.until("the same network twice", () -> sameNetworkTwice(api));
        assertTrue(fetch(api.address("/images/content?key=" + KEY)).length() > 1_000);
    }

    private static boolean exported(ApiDocument api, String path) {
        return api.send("POST", path, null, null).json().path("complete").asBoolean();
    }

    private static boolean sameNetworkTwice(ApiDocument api) {
        String model = fetch(api.get("/export/model.onnx").location());
        assertTrue(model.length() > 1_000_000, model.length() + " characters");
        return model.length() == fetch(api.address("/export/model.onnx")).length();
    }

    private static Map<String, String> key() {
        return Map.of("key", KEY);
    }

    /** Of no image of the stack. */
    private static byte[] sample() throws IOException {
        return Files.readAllBytes(Repository.file("functions/local/samples/gear/38.jpg"));
    }

    static String fetch(String link) {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(link)).build();
            var answer = http.sendAsync(request, BodyHandlers.ofString()).join();
            assertEquals(200, answer.statusCode(), link);
            return answer.body();
        }
    }
}
