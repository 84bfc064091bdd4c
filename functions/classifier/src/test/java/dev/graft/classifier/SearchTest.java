package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchTest {
    private final ClassifierHandler handler = TaughtStores.handler(new TaughtStores().ports());

    private Call.Reply get(String query) {
        return Call.of("GET /images", "/images?" + query).to(handler);
    }

    private List<String> keys(String query) {
        return get(query).json().path("images").findValuesAsText("key");
    }

    @Test
    void byNameAndOrder() {
        assertEquals(List.of("images/red/07.png"), keys("name=RED/07"));
        assertEquals("images/00.png", keys("name=png&sort=name&limit=3").getFirst());
        JsonNode page = get("name=red/&sort=name&limit=20").json();
        assertEquals(25, page.path("count").asInt());
        String rest = "name=red/&sort=name&limit=20&cursor=" + page.path("cursor").asText();
        assertEquals("images/red/20.png", keys(rest).getFirst());
        assertEquals(5, keys(rest).size());
        assertTrue(get("label=red").json().path("count").isNull());
    }

    /** The unlabelled ones are redder the smaller their number is. */
    @Test
    void byWhatTheHeadPredicts() {
        List<String> red = keys("predicted=red&unlabelled=true&limit=100");
        List<String> blue = keys("predicted=blue&unlabelled=true&limit=100");
        assertTrue(red.contains("images/00.png"), red::toString);
        assertTrue(blue.contains("images/24.png"), blue::toString);
        assertEquals(25, red.size() + blue.size());
        assertEquals(25, keys("predicted=red&label=red&limit=100").size());
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        Call.Reply refused = get("predicted=green");
        refused.assertProblem(400);
        assertTrue(refused.detail().contains("expected a class of the head"), refused.detail());
        get("sort=size").assertProblem(400);
        get("from=yesterday").assertProblem(400);
        get("name=" + "x".repeat(201)).assertProblem(400);
        get("sort=name&cursor=no").assertProblem(400);
        assertEquals(List.of(), keys("from=2999-01-01T00:00:00Z"));
    }
}
