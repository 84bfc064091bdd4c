package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTest {
    private static final String AT_WORK =
            "{\"images\": 54, \"done\": 40, \"failed\": 2, \"time\": \"2026-11-23T11:59:30Z\"}";

    private final TaughtStores stores = new TaughtStores();

    private JsonNode status(String refill) {
        byte[] file = refill.getBytes(StandardCharsets.UTF_8);
        stores.results.write("refill.json", file, "application/json");
        return Call.of("GET /status").to(TaughtStores.handler(stores.ports())).json();
    }

    @Test
    void tellsHowFarReadingTheBucketIs() {
        JsonNode refill = status(AT_WORK).path("refill");
        assertEquals(40, refill.path("done").asInt());
        assertEquals(54, refill.path("images").asInt());
        assertEquals(2, refill.path("failed").asInt());
    }

    /** In turn: the last image, silence for a minute, and damage of several kinds. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"images\": 54, \"done\": 54, \"failed\": 2, \"time\": \"2026-11-23T11:59:30Z\"}",
                "{\"images\": 54, \"done\": 40, \"failed\": 2, \"time\": \"2026-11-23T11:59:00Z\"}",
                "{\"images\": 54, \"done\": 40, \"failed\": 2, \"time\": \"noon\"}",
                "{\"images\": 54, \"done\": 40, \"failed\": 2}",
                "null",
                "{",
                ""
            })
    void tellsNothingWhereNothingIsRead(String refill) {
        JsonNode status = status(refill);
        assertEquals(50, status.path("labelled").asInt(), status::toString);
        assertFalse(status.has("refill"), status::toString);
    }
}
