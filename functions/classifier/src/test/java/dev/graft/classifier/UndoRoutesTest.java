package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Every change of many images leaves an id, by which it is taken back, once. */
class UndoRoutesTest {
    private final TaughtStores stores = new TaughtStores();
    private Instant now = Instant.now();
    private final ClassifierHandler handler =
            TaughtStores.handler(
                    stores.ports(),
                    () -> {
                        now = now.plusMillis(1);
                        return now;
                    });

    private JsonNode post(String path, String body) {
        Call.Reply reply = Call.of("POST " + path, path, body).to(handler);
        assertEquals(200, reply.status(), reply.body());
        return reply.json();
    }

    private JsonNode undo(String id) {
        return post("/undo", "{\"id\": \"" + id + "\"}");
    }

    private JsonNode acts() {
        return Call.of("GET /history").to(handler).json().path("acts");
    }

    @Test
    void aDeletionIsToldWithItsIdAndTakenBack() {
        String key = TaughtStores.NEW;
        JsonNode deleted = post("/images/delete", "{\"keys\": [\"" + key + "\"]}");
        assertTrue(stores.images.find(key).isEmpty());
        assertEquals(deleted.path("undo"), acts().at("/0/undo"));
        JsonNode undone = undo(deleted.path("undo").asText());
        assertEquals(1, undone.path("changed").asInt(), undone::toString);
        assertTrue(stores.images.find(key).isPresent());
        assertEquals("took back", acts().at("/0/action").asText());
        assertEquals("deleted " + key, acts().at("/0/subject").asText());
        assertTrue(acts().at("/0/undo").isNull());
        assertTrue(acts().at("/1/undo").isNull(), "taken back already");
    }

    @Test
    void oneDeletionCanBeTakenBackFor30DaysAndSaysSo() {
        Call.Reply reply = Call.of("DELETE /images?key=" + TaughtStores.NEW).to(handler);
        assertTrue(
                Instant.parse(reply.json().path("until").asText())
                        .isAfter(now.plus(Duration.ofDays(29))));
        now = now.plus(Duration.ofDays(31));
        assertTrue(acts().at("/0/undo").isNull());
    }

    @Test
    void aMergeIsTakenBack() {
        JsonNode merged = post("/labels/rename", "{\"from\": \"blue\", \"to\": \"red\"}");
        JsonNode undone = undo(merged.path("undo").asText());
        assertEquals(merged.path("changed"), undone.path("changed"));
        Label label = stores.features.known("images/blue/00.png").label().orElseThrow();
        assertEquals(new Label("blue", LabelSource.FOLDER), label);
        assertEquals("renamed blue to red, 25 images", undone.path("what").asText());
    }

    @Test
    void aClassIsDeletedFromItsImagesAndComesBack() {
        JsonNode deleted = post("/labels/delete", "{\"label\": \"blue\"}");
        assertEquals(25, deleted.path("changed").asInt());
        assertTrue(deleted.path("complete").asBoolean());
        assertTrue(stores.features.known("images/blue/00.png").label().isEmpty());
        assertEquals(25, undo(deleted.path("undo").asText()).path("changed").asInt());
        assertTrue(post("/labels/delete", "{\"label\": \"none\"}").path("undo").isNull());
    }

    @Test
    void labelsAreTakenBackButNotWhatSomebodySaidSince() {
        String two = "{\"keys\": [\"images/00.png\", \"images/01.png\"], \"label\": \"red\"}";
        String id = post("/labels", two).path("undo").asText();
        assertTrue(post("/labels", two).path("undo").isNull(), "nothing changed");
        post("/labels", "{\"keys\": [\"images/01.png\"], \"label\": \"blue\"}");
        JsonNode undone = undo(id);
        assertEquals(1, undone.path("changed").asInt());
        assertEquals("images/01.png", undone.at("/kept/0/key").asText());
        assertTrue(stores.features.known("images/00.png").label().isEmpty());
    }

    @Test
    void aClassWithoutImagesIsMadeColouredDeletedAndComesBack() {
        String tulip = "{\"label\": \"tulip\", \"hue\": 120}";
        assertEquals(200, Call.of("PUT /classes", "/classes", tulip).to(handler).status());
        assertEquals("created", acts().at("/0/action").asText());
        Call.of("PUT /classes", "/classes", tulip.replace("120", "10")).to(handler);
        assertEquals("coloured", acts().at("/0/action").asText());
        String id = post("/labels/delete", "{\"label\": \"tulip\"}").path("undo").asText();
        assertEquals(0, classes().size());
        undo(id);
        assertEquals(10, classes().at("/0/hue").asInt());
        String gone = "{\"from\": \"tulip\", \"to\": \"lily\"}";
        id = post("/labels/rename", gone).path("undo").asText();
        assertEquals("lily", classes().at("/0/label").asText());
        undo(id);
        assertEquals("tulip", classes().at("/1/label").asText());
    }

    private JsonNode classes() {
        return Call.of("GET /classes").to(handler).json().path("classes");
    }
}
