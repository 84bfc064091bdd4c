package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Asks a product that has two heads to delete one, and to forget an image that it never had. */
final class ForgetCalls {
    private ForgetCalls() {}

    static void answer(ApiDocument api) {
        for (JsonNode head : api.get("/heads").json().path("heads")) {
            String version = head.path("version").asText();
            int status = head.path("latest").asBoolean() ? 409 : 204;
            assertEquals(status, api.send("DELETE", "/heads/" + version, null, null).status());
        }
        var noted = api.json("POST", "/forget", Map.of("key", "images/never.jpg"));
        assertEquals(202, noted.status());
        Served.until(() -> api.get(noted.location()).json().path("state").asText().equals("done"));
    }

    static void refuse(ApiDocument api) {
        String inUse = "";
        for (JsonNode head : api.get("/heads").json().path("heads")) {
            inUse = head.path("latest").asBoolean() ? head.path("version").asText() : inUse;
        }
        inUse = "/heads/" + inUse;
        var refused = api.send("DELETE", inUse, null, null);
        assertEquals(409, refused.status());
        assertTrue(refused.json().path("detail").asText().contains("promote another one first"));
        assertEquals(400, api.send("DELETE", inUse + "?force=true", null, null).status());
        assertEquals(404, api.send("DELETE", "/heads/none", null, null).status());
        assertEquals(400, api.json("POST", "/forget", Map.of("key", "labels/a.csv")).status());
        assertEquals(404, api.get("/forget/none").status());
        assertEquals(400, api.get("/forget/none?of=cow").status());
    }
}
