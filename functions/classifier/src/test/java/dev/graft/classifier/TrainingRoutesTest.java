package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.training.Trainings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingRoutesTest {
    private static final Call TRAIN = Call.of("POST /heads");

    private final TaughtStores stores = new TaughtStores();
    private final ClassifierHandler handler = TaughtStores.handler(stores.ports());
    private final Trainings trainer = new Trainings(stores.indexFiles, () -> TaughtStores.NOON);

    private JsonNode state() {
        return Call.of("GET /status").to(handler).json().path("training");
    }

    @Test
    void startsOneAtATimeAndTellsHowFarItIs() {
        assertTrue(state().isMissingNode(), "none was asked for");
        Call.Reply first = TRAIN.to(handler);
        assertEquals(202, first.status(), first::body);
        assertEquals("/status", first.headers().get("location"));
        assertEquals("queued", first.json().path("state").asText());
        assertEquals(first.body(), TRAIN.to(handler).body());
        assertEquals(1, stores.started.get(), "the second is told of the first");
        assertTrue(trainer.begin("run", Duration.ofMinutes(15)));
        trainer.reached("validation");
        assertEquals("running", state().path("state").asText());
        assertEquals("validation", state().path("stage").asText());
        assertEquals(202, TRAIN.to(handler).status());
        assertEquals(1, stores.started.get());
        trainer.end(Map.of("outcome", "Kept", "version", "v3", "reason", "it is worse"));
        assertEquals(
                "{\"state\":\"ended\",\"since\":\"%s\",\"outcome\":\"Kept\",\"version\":\"v3\",\"reason\":\"it is worse\"}"
                        .formatted(TaughtStores.NOON),
                state().toString());
        assertEquals("queued", TRAIN.to(handler).json().path("state").asText());
        assertEquals(2, stores.started.get());
    }

    @Test
    void takesNoBody() {
        Call.Reply refused = Call.of("POST /heads", "/heads", "{}").to(handler);
        refused.assertProblem(400);
        assertFalse(trainer.last().isPresent());
    }
}
