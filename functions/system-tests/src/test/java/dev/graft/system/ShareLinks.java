package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Asks a product that has a head for everything that the API has about share links. */
final class ShareLinks {
    private static final String CLASSIFY = "/shared/classify?top=2";

    private ShareLinks() {}

    static void answer(ApiDocument api, byte[] photo) {
        JsonNode made = make(api, 2);
        var token = token(made);
        JsonNode about = api.sendWith("GET", "/shared", token, null).json();
        assertEquals("till", about.path("name").asText());
        assertTrue(about.path("classes").size() > 1, about::toString);
        JsonNode prediction = api.sendWith("POST", CLASSIFY, token, photo).json();
        assertEquals(2, prediction.path("probabilities").size());
        assertEquals(1, api.sendWith("GET", "/shared", token, null).json().path("left").asInt());
        JsonNode listed = api.get("/shares").json().at("/shares/0");
        assertEquals(made.path("id"), listed.path("id"));
        assertEquals(1, listed.path("used").asInt());
        withdraw(api, made);
        withdraw(api, made);
        assertEquals(403, api.sendWith("POST", CLASSIFY, token, photo).status());
        JsonNode act = api.get("/history?limit=1").json().at("/acts/0");
        assertEquals("the share link till", act.path("subject").asText());
    }

    static void refuse(ApiDocument api, byte[] photo) {
        problem(400, api.json("POST", "/shares", Map.of("name", "a")), "no field 'daily'");
        problem(
                400,
                api.json("POST", "/shares", Map.of("name", "a", "daily", 1.5)),
                "daily is 1.5");
        problem(400, api.json("POST", "/shares", Map.of("name", " ", "daily", 1)), "name has 0");
        problem(
                400,
                api.sendWith("DELETE", "/shares/a?nosuch=1", Map.of(), null),
                "no parameter 'nosuch'");
        problem(404, api.sendWith("DELETE", "/shares/a%20b", Map.of(), null), "expected one of");
        problem(403, api.get("/shared"), "ask whoever gave it to you");
        problem(403, api.sendWith("POST", CLASSIFY, Map.of(), photo), "ask whoever gave it to you");
        JsonNode made = make(api, 4);
        var token = token(made);
        byte[] half = Arrays.copyOf(photo, 700);
        problem(400, api.sendWith("POST", CLASSIFY, token, half), "");
        problem(413, api.sendWith("POST", CLASSIFY, token, new byte[4_400_001]), "POST /uploads");
        byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
        problem(415, api.sendWith("POST", CLASSIFY, token, text), "JPEG");
        byte[] key = "{\"key\": \"images/a.jpg\"}".getBytes(StandardCharsets.UTF_8);
        problem(403, api.sendWith("POST", CLASSIFY, token, key), "send the bytes");
        ApiDocument.Reply spent = api.sendWith("POST", CLASSIFY, token, photo);
        problem(429, spent, "midnight UTC");
        long seconds = spent.response().headers().firstValueAsLong("retry-after").orElseThrow();
        assertTrue(seconds > 0 && seconds <= 86_400, seconds + " seconds");
        withdraw(api, made);
    }

    /** Where the head in use has no conformal sets. */
    static void refuseSets(ApiDocument api, byte[] photo) {
        JsonNode made = make(api, 1);
        var reply = api.sendWith("POST", CLASSIFY + "&coverage=90", token(made), photo);
        problem(409, reply, "was trained before");
        withdraw(api, made);
    }

    static JsonNode make(ApiDocument api, int daily) {
        return api.json("POST", "/shares", Map.of("name", "till", "daily", daily)).json();
    }

    static Map<String, String> token(JsonNode made) {
        return Map.of("x-graft-share", made.path("token").asText());
    }

    private static void withdraw(ApiDocument api, JsonNode made) {
        String path = "/shares/" + made.path("id").asText();
        assertEquals(204, api.sendWith("DELETE", path, Map.of(), null).status());
    }

    private static void problem(int status, ApiDocument.Reply reply, String part) {
        assertEquals(status, reply.status(), reply.response()::body);
        String detail = reply.json().path("detail").asText();
        assertTrue(detail.contains(part), detail);
    }
}
