package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.Sha256;
import dev.graft.local.LocalProduct;
import dev.graft.system.ApiDocument.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Asks a product that has a head, and keeps answers with their pictures, for all about feedback.
 */
final class FeedbackCalls {
    static final Map<String, String> KEPT = Map.of("ANSWER_DAYS", "1", "ANSWER_PICTURES", "on");
    static final String[] DEPLOYED = {
        "--parameter", "AnswerDays=1", "--parameter", "AnswerPictures=on"
    };

    private static final String NONE = "20261129T120000000-1a2b3c4d5e6f7a8b";
    private static final Path SAMPLES = Repository.file("functions/local/samples");

    private FeedbackCalls() {}

    /**
     * A stored image, a picture and a guest's picture; all is as before afterwards.
     *
     * @param photo that is not stored
     */
    static void answer(ApiDocument api, String key, byte[] photo) {
        String stored =
                api.json("POST", "/classify", Map.of("key", key)).json().path("id").asText();
        JsonNode labelled = feedback(api, stored, "rivet").json();
        assertEquals("labelled", labelled.path("state").asText(), labelled::toString);
        takeBack(api, labelled);
        String sent = api.send("POST", "/classify", null, photo).json().path("id").asText();
        JsonNode added = feedback(api, sent, "rivet").json();
        assertEquals("added", added.path("state").asText(), added::toString);
        String file = "feedback-" + Sha256.of(photo).substring(0, 16) + ".jpg";
        assertEquals("images/rivet/" + file, added.path("key").asText());
        takeBack(api, added);
        var token = ShareLinks.token(ShareLinks.make(api, 1));
        JsonNode shared = api.sendWith("POST", "/shared/classify", token, photo).json();
        JsonNode doubted = doubt(api, token, shared.path("id").asText()).json();
        assertEquals("review", doubted.path("state").asText(), doubted::toString);
        assertTrue(doubted.path("key").isNull(), doubted::toString);
        String content = "/images/content?key=images/" + file;
        Served.until(() -> api.get(content).status() == 302);
        assertEquals(200, api.send("DELETE", "/images?key=images/" + file, null, null).status());
        Served.until(() -> api.get(content).status() == 404);
    }

    private static void takeBack(ApiDocument api, JsonNode given) {
        Map<String, String> id = Map.of("id", given.path("undo").asText());
        JsonNode undone = api.json("POST", "/undo", id).json();
        assertEquals(1, undone.path("changed").asInt(), undone::toString);
    }

    static Reply feedback(ApiDocument api, String id, String label) {
        return api.json("POST", "/feedback", Map.of("id", id, "label", label));
    }

    private static Reply doubt(ApiDocument api, Map<String, String> token, String id) {
        byte[] body = "{\"id\": \"%s\"}".formatted(id).getBytes(StandardCharsets.UTF_8);
        return api.sendWith("POST", "/shared/feedback", token, body);
    }

    /** What is asked where no store answers. */
    static List<Supplier<Reply>> all(ApiDocument api) {
        return List.of(
                () -> api.get("/drift"),
                () -> api.get("/heads/v1/shadow"),
                () -> feedback(api, NONE, "x"),
                () -> doubt(api, Map.of(), NONE));
    }

    static void refuse(UndoCalls.Problem problem, ApiDocument api, LocalProduct product) {
        WatchCalls.refuse(problem, api);
        problem.is(400, feedback(api, "1", "x"), "expected the id of a prediction");
        problem.is(404, feedback(api, NONE, "x"), "more than 1 days ago");
        var token = ShareLinks.token(ShareLinks.make(api, 1));
        problem.is(400, doubt(api, token, "1"), "expected the id of a prediction");
        problem.is(403, doubt(api, Map.of(), NONE), "ask whoever gave it to you");
        problem.is(404, doubt(api, token, NONE), "more than 1 days ago");
        String key = "images/replaced.jpg";
        product.put(key, SAMPLES.resolve("gear/30.jpg"));
        Served.until(product::idle);
        String id = api.json("POST", "/classify", Map.of("key", key)).json().path("id").asText();
        product.put(key, SAMPLES.resolve("key/30.jpg"));
        Served.until(product::idle);
        problem.is(409, feedback(api, id, "x"), "another picture now");
        assertEquals(200, api.send("DELETE", "/images?key=" + key, null, null).status());
        Served.until(product::idle);
    }
}
