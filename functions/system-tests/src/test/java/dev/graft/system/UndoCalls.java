package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.local.LocalProduct;
import dev.graft.system.ApiDocument.Reply;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Takes back what other tests did, by the API alone. */
final class UndoCalls {
    private static final String NONE = "20261128T120000000000000-1a2b3c4d";
    private static final Map<String, Object> TULIP = Map.of("label", "tulip", "hue", 120);

    private UndoCalls() {}

    /** An image that was deleted, as the history tells, comes back and goes again. */
    static void bringBack(ApiDocument api, LocalProduct product, String content) {
        assertEquals(404, api.get(content).status());
        String key = "";
        for (JsonNode act : api.get("/history?limit=4").json().path("acts")) {
            assertEquals("deleted", act.path("action").asText(), act::toString);
            key = act.path("subject").asText();
            undo(api, act.path("undo").asText());
        }
        Served.until(product::idle);
        assertEquals(302, api.get(content).status());
        classes(api);
        delete(api, key);
        Served.until(product::idle);
        assertEquals(404, api.get(content).status());
    }

    /** A class that is made, deleted, brought back and deleted. */
    private static void classes(ApiDocument api) {
        JsonNode made = api.json("PUT", "/classes", TULIP).json();
        assertEquals(made, api.get("/classes").json());
        Map<String, String> tulip = Map.of("label", "tulip");
        undo(api, api.json("POST", "/labels/delete", tulip).json().path("undo").asText());
        assertEquals(made, api.get("/classes").json());
        assertEquals(200, api.json("POST", "/labels/delete", tulip).status());
        assertTrue(api.get("/copies?limit=3").json().has("groups"));
    }

    private static String delete(ApiDocument api, String key) {
        Map<String, Object> keys = Map.of("keys", List.of(key));
        return api.json("POST", "/images/delete", keys).json().path("undo").asText();
    }

    private static JsonNode undo(ApiDocument api, String id) {
        return api.json("POST", "/undo", Map.of("id", id)).json();
    }

    /** A class that is deleted and comes back, with an image that is deleted and comes back. */
    static void answer(ApiDocument api, String key) {
        classes(api);
        JsonNode deleted = api.json("POST", "/labels/delete", Map.of("label", "gear")).json();
        assertTrue(deleted.path("changed").asInt() > 0, deleted::toString);
        JsonNode undone = undo(api, deleted.path("undo").asText());
        assertEquals(deleted.path("changed"), undone.path("changed"), undone::toString);
        String id = delete(api, key);
        String image = "/images/history?key=" + key;
        DeployedStack.until("an image gone", () -> api.get(image).status() == 404);
        assertEquals(1, undo(api, id).path("changed").asInt());
        DeployedStack.until("the image again", () -> api.get(image).status() == 200);
    }

    /** What is asked where no store answers. */
    static List<Supplier<Reply>> all(ApiDocument api) {
        return List.of(
                () -> api.get("/copies"),
                () -> api.get("/classes"),
                () -> api.json("PUT", "/classes", TULIP),
                () -> api.json("POST", "/labels/delete", Map.of("label", "tulip")),
                () -> api.json("POST", "/undo", Map.of("id", NONE)));
    }

    /** Checks the status and a part of the detail of a problem. */
    interface Problem {
        void is(int status, Reply reply, String part);
    }

    static void refuse(Problem problem, ApiDocument api) {
        problem.is(400, api.get("/copies?limit=101"), "limit is '101'");
        problem.is(400, api.get("/classes?limit=1"), "no parameter 'limit'");
        problem.is(400, api.json("PUT", "/classes", Map.of("hue", 1)), "no field 'label'");
        problem.is(400, api.json("POST", "/labels/delete", Map.of("label", "")), "0 characters");
        problem.is(400, api.json("POST", "/undo", Map.of("id", "1")), "expected the undo");
        problem.is(404, api.json("POST", "/undo", Map.of("id", NONE)), "30 days");
    }
}
