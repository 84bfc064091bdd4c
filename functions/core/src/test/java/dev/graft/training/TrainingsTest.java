package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.testing.InMemoryIndexStore;
import dev.graft.training.Trainings.State;
import dev.graft.training.Trainings.Training;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingsTest {
    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final Map<String, String> TRAINED = Map.of("outcome", "Trained", "version", "1");

    private final InMemoryIndexStore store = new InMemoryIndexStore();
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final Trainings asking = new Trainings(store, () -> now);
    private final Trainings trainer = new Trainings(store, () -> now);

    private State state() {
        return asking.last().orElseThrow().state();
    }

    private void pass(int minutes) {
        now = now.plus(Duration.ofMinutes(minutes));
    }

    @Test
    void oneRunsAtATime() {
        assertTrue(asking.ask());
        assertFalse(asking.ask(), "one waits");
        assertTrue(trainer.begin("a", QUARTER));
        assertEquals(State.RUNNING, state());
        assertFalse(asking.ask(), "one runs");
        assertFalse(new Trainings(store, () -> now).begin("b", QUARTER), "likewise");
        assertTrue(trainer.begin("a", QUARTER), "the same call, repeated");
        trainer.end(TRAINED);
        assertEquals(TRAINED, asking.last().orElseThrow().outcome());
        assertTrue(asking.ask());
    }

    @Test
    void tellsTheStageAndWhenTheTrainingBegan() {
        asking.ask();
        trainer.begin("a", QUARTER);
        String since = now.toString();
        pass(1);
        trainer.reached("figures");
        Training running = asking.last().orElseThrow();
        assertEquals("figures", running.stage());
        assertEquals(since, running.since());
    }

    @Test
    void aLookThatFindsNothingLeavesNoTrace() {
        trainer.begin("hourly", QUARTER);
        trainer.end(Map.of("outcome", "NothingNew"));
        assertTrue(asking.last().isEmpty());
        trainer.begin("hourly", QUARTER);
        trainer.reached("reading");
        assertEquals(State.RUNNING, state(), "what trains is seen, whoever asked");
    }

    @Test
    void whatNobodyIsAtAnyMoreHasEnded() {
        asking.ask();
        pass(5);
        assertTrue(asking.last().orElseThrow().outcome().get("reason").contains("did not begin"));
        assertTrue(asking.ask());
        trainer.begin("a", QUARTER);
        pass(15);
        assertTrue(asking.last().orElseThrow().outcome().get("reason").contains("out of memory"));
        assertTrue(trainer.begin("b", QUARTER));
    }

    @Test
    void whatCannotBeginIsWithdrawn() {
        asking.ask();
        asking.withdraw("no permission");
        assertEquals(Trainings.failed("no permission"), asking.last().orElseThrow().outcome());
        asking.forget();
        assertTrue(asking.last().isEmpty());
    }

    @Test
    void aDamagedFileIsReplaced() {
        for (String file : new String[] {"{", "null", "{\"state\": \"RUNNING\"}"}) {
            store.write("training", file.getBytes(StandardCharsets.UTF_8));
            assertTrue(asking.last().isEmpty(), file);
            assertTrue(asking.ask(), file);
        }
    }
}
