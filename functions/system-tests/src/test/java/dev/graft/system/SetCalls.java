package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** The routes of label sets, on any product that has a head. */
final class SetCalls {
    private SetCalls() {}

    /** Makes a set without labels, which no training needs. */
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
    }
}
