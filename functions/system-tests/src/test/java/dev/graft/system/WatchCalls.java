package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

/** Asks a product that has a head, and has kept answers, what these tell. */
final class WatchCalls {
    private WatchCalls() {}

    static void answer(ApiDocument api) {
        JsonNode drift = api.get("/drift?days=2").json();
        JsonNode days = drift.path("days");
        assertEquals(2, days.size());
        int read = days.at("/0/read").asInt() + days.at("/1/read").asInt();
        assertTrue(read > 0, drift::toString);
        String head = drift.at("/training/head").asText();
        assertEquals(head, api.get("/heads/" + head).json().path("version").asText());
        assertTrue(drift.path("finding").asText().contains("answers"), drift::toString);
        JsonNode itself = api.get("/heads/" + head + "/shadow?days=2").json();
        int all = itself.path("answers").asInt() + itself.path("otherNetwork").asInt();
        assertEquals(read, all, itself::toString);
        boolean isInUse = itself.path("inUse").asText().equals(head); // none came meanwhile
        assertTrue(!isInUse || itself.path("differ").asInt() == 0, itself::toString);
    }

    static void refuse(UndoCalls.Problem problem, ApiDocument api) {
        problem.is(400, api.get("/drift?days=91"), "from 1 to 90");
        problem.is(400, api.get("/heads/none/shadow?day=1"), "no parameter 'day'");
        problem.is(404, api.get("/heads/none/shadow"), "no head 'none'");
    }
}
