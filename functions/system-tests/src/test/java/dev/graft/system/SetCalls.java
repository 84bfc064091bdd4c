package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.Sha256;
import dev.graft.system.ApiDocument.Reply;
import dev.graft.system.UndoCalls.Problem;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The routes of label sets, on any product that has a head. */
final class SetCalls {
    /** Those that a set can be named to, and one of a head that need not be there. */
    private static final List<String> ROUTES =
            List.of(
                    "GET /classify",
                    "POST /classify",
                    "GET /images",
                    "GET /images/history",
                    "PUT /images/label",
                    "GET /labels",
                    "POST /labels",
                    "GET /labels/decisions",
                    "POST /labels/undo",
                    "POST /labels/rename",
                    "POST /labels/delete",
                    "GET /classes",
                    "PUT /classes",
                    "GET /heads",
                    "PUT /heads/latest",
                    "GET /heads/v1",
                    "DELETE /heads/v1",
                    "GET /heads/v1/report",
                    "GET /heads/v1/preview",
                    "GET /heads/v1/shadow",
                    "POST /uploads",
                    "POST /images/find",
                    "GET /copies",
                    "GET /queue",
                    "GET /doctor",
                    "GET /drift",
                    "GET /settings",
                    "PUT /settings",
                    "POST /batch",
                    "GET /status",
                    "GET /export/images",
                    "POST /export/images",
                    "GET /export/features",
                    "POST /export/features",
                    "GET /export/labels.csv",
                    "GET /export/labels.manifest",
                    "GET /export/folders.txt",
                    "GET /export/model.onnx");

    private SetCalls() {}

    /** A set that is not there is named to every route that has one. */
    static void refuse(Problem problem, ApiDocument api) {
        for (String route : ROUTES) {
            String[] parts = route.split(" ");
            Reply reply = api.send(parts[0], parts[1] + "?set=none", null, null);
            problem.is(404, reply, "there is no label set 'none', there are [default]");
        }
        problem.is(400, api.get("/sets?limit=1"), "no parameter 'limit'");
        problem.is(400, api.json("PUT", "/sets/a", Map.of("several", true)), "labelsPerImage");
        Reply control = api.json("PUT", "/sets/%C2%84", Map.of("labelsPerImage", "one"));
        problem.is(404, control, "expected one of those in /openapi.json");
    }

    /** Those that need a store. */
    static List<Supplier<Reply>> all(ApiDocument api) {
        Map<String, String> one = Map.of("labelsPerImage", "one");
        Map<String, String> key = Map.of("key", "images/a.jpg");
        return List.of(
                () -> api.get("/sets"),
                () -> api.json("PUT", "/sets/damage", one),
                () -> api.json("POST", "/uploads?set=none", key));
    }

    /** Makes a set, and adds an image with a label in it alone, which goes again. */
    static void answer(ApiDocument api, byte[] photo) {
        Map<String, String> several = Map.of("labelsPerImage", "several");
        JsonNode made = api.json("PUT", "/sets/damage", several).json();
        assertEquals("several", made.path("labelsPerImage").asText(), made::toString);
        JsonNode sets = api.get("/sets").json().path("sets");
        assertTrue(sets.findValuesAsText("name").contains("damage"), sets::toString);
        assertEquals(0, api.get("/labels?set=damage").json().path("labelled").asInt());
        JsonNode all = api.send("POST", "/classify?set=*", null, photo).json();
        assertTrue(all.path("sets").has("default"), all::toString);
        assertEquals("[\"damage\"]", all.path("withoutHead").toString());
        adds(api, photo);
    }

    /** By a link, in a language that no header has. */
    private static void adds(ApiDocument api, byte[] photo) {
        String key = "images/damaged.jpg";
        Map<String, String> wanted = Map.of("key", key, "label", "cassé 猫");
        put(api.json("POST", "/uploads?set=damage", wanted).json(), photo);
        Served.until(() -> label(api, "damage", key).equals("cassé 猫"));
        assertEquals("null", label(api, "default", key));
        // the counters follow each change
        Served.until(() -> api.get("/labels?set=damage").json().path("labelled").asInt() == 1);
        Map<String, Object> hash = Map.of("hashes", List.of(Sha256.of(photo)));
        JsonNode found = api.json("POST", "/images/find?set=damage", hash).json().path("images");
        assertTrue(found.findValuesAsText("label").contains("cassé 猫"), found::toString);
        assertEquals(200, api.send("DELETE", "/images?key=" + key, null, null).status());
        Served.until(() -> label(api, "damage", key).isEmpty());
    }

    /** Uploads as a page does. */
    static void put(JsonNode link, byte[] photo) {
        var request = HttpRequest.newBuilder(URI.create(link.path("url").asText()));
        link.path("headers")
                .properties()
                .forEach(h -> request.header(h.getKey(), h.getValue().asText()));
        try (var http = HttpClient.newHttpClient()) {
            var sent = request.PUT(BodyPublishers.ofByteArray(photo)).build();
            var answer = http.sendAsync(sent, BodyHandlers.ofString()).join();
            assertEquals(200, answer.statusCode(), answer::body);
        }
    }

    /** Empty text where there is no such image, {@code "null"} where it has none. */
    static String label(ApiDocument api, String set, String key) {
        Reply reply = api.get("/images/history?set=" + set + "&key=" + key);
        return reply.status() == 200 ? reply.json().at("/image/label").asText() : "";
    }
}
