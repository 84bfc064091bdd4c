package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Copies are listed as they are now, and are gone once they are settled. */
class CopyRoutesTest {
    private final TaughtStores stores = new TaughtStores();
    private final ClassifierHandler handler = TaughtStores.handler(stores.ports());

    private void put(String key, String label) {
        stores.features.put(
                new ImageFeature(
                        key,
                        SetLabels.of(Optional.of(new Label(label, LabelSource.FOLDER))),
                        TaughtStores.BACKBONE.id(),
                        Float16.encode(new float[] {1, 0, 0}),
                        "f".repeat(64),
                        8,
                        8,
                        "1",
                        TaughtStores.NOON,
                        "",
                        new byte[0]));
    }

    private JsonNode copies() {
        Call.Reply reply = Call.of("GET /copies").to(handler);
        assertEquals(200, reply.status(), reply.body());
        return reply.json();
    }

    @Test
    void aContradictionIsSettledByOneLabelForAll() {
        assertEquals(0, copies().path("count").asInt());
        put("images/red/a.png", "red");
        put("images/blue/b.png", "blue");
        JsonNode group = copies().at("/groups/0");
        assertTrue(group.path("contradicts").asBoolean(), group::toString);
        assertTrue(group.path("identical").asBoolean());
        assertEquals("images/blue/b.png", group.at("/images/0/key").asText());
        String body = "{\"keys\": " + group.path("keys") + ", \"label\": \"red\"}";
        assertEquals(200, Call.of("POST /labels", "/labels", body).to(handler).status());
        JsonNode settled = copies().at("/groups/0");
        assertFalse(settled.path("contradicts").asBoolean(), settled::toString);
    }
}
