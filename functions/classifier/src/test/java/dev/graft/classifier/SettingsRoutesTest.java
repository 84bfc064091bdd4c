package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsRoutesTest {
    private final TaughtStores stores = new TaughtStores();
    private final ClassifierHandler handler = TaughtStores.handler(stores.ports());

    private Call.Reply put(String json) {
        return Call.of("PUT /settings", "/settings", json.replace('\'', '"')).to(handler);
    }

    private JsonNode verdict() {
        Call classify = new Call("POST /classify", "/classify", TaughtStores.png(Color.RED));
        return classify.to(handler).json().path("verdict");
    }

    @Test
    void changeTheVerdictAtOnceAndAreKeptInTheHistory() {
        assertEquals(0.5, verdict().path("expectedCost").asDouble(), "too few images to judge");
        JsonNode changed = put("{'thresholds': {'red': 1}, 'review': 0.2}").json();
        assertEquals(
                "{\"thresholds\":{\"red\":1.0},\"costs\":{},\"review\":0.2,\"unused\":[]}",
                changed.toString());
        assertEquals(changed, Call.of("GET /settings").to(handler).json());
        assertEquals("review", verdict().path("action").asText());
        assertEquals(0.2, verdict().path("expectedCost").asDouble());
        var act = stores.history.latest(1).getFirst();
        assertEquals("set", act.action());
        assertEquals("{\"thresholds\":{\"red\":1.0},\"costs\":{},\"review\":0.2}", act.subject());
    }

    @Test
    void refusesAClassThatTheHeadInUseDoesNotHaveAndTellsOfOneThatItHasNoMore() {
        Call.Reply refused = put("{'thresholds': {'green': 0.5}}");
        refused.assertProblem(400);
        assertTrue(refused.detail().contains("the class 'green'"), refused.detail());
        assertEquals(Optional.empty(), stores.heads.settings());
        byte[] earlier = "{\"thresholds\":{\"green\":0.5}}".getBytes();
        assertTrue(stores.heads.replaceSettings(earlier, Optional.empty()));
        JsonNode told = Call.of("GET /settings").to(handler).json();
        assertTrue(told.at("/unused/0").asText().contains("the class 'green'"), "" + told);
        put("{'threshold': {}}").assertProblem(400);
    }
}
