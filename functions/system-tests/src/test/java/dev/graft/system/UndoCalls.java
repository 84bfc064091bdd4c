package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.local.LocalProduct;
import java.util.List;
import java.util.Map;

/** Takes back what other tests did, by the API alone. */
final class UndoCalls {
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
        delete(api, key);
        Served.until(product::idle);
        assertEquals(404, api.get(content).status());
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
        Map<String, Object> tulip = Map.of("label", "tulip", "hue", 120);
        JsonNode made = api.json("PUT", "/classes", tulip).json();
        assertEquals(made, api.get("/classes").json());
        JsonNode deleted = api.json("POST", "/labels/delete", Map.of("label", "gear")).json();
        assertTrue(deleted.path("changed").asInt() > 0, deleted::toString);
        JsonNode undone = undo(api, deleted.path("undo").asText());
        assertEquals(deleted.path("changed"), undone.path("changed"), undone::toString);
        assertEquals(1, undo(api, delete(api, key)).path("changed").asInt());
    }
}
