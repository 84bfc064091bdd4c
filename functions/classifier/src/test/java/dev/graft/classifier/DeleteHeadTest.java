package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeleteHeadTest {
    private final TaughtStores stores = new TaughtStores();
    private final ClassifierHandler handler = TaughtStores.handler(stores.ports());

    private Call.Reply delete(String version) {
        return Call.of("DELETE /heads/{version}", "/heads/" + version).to(handler);
    }

    @Test
    void deletesAVersionThatWasInUseAndKeepsWhoDidIt() {
        stores.heads.promote(TaughtStores.OTHER, stores.heads.latest());
        assertEquals(204, delete(TaughtStores.IN_USE).status());
        delete(TaughtStores.IN_USE).assertProblem(404);
        assertEquals(List.of(TaughtStores.OTHER), stores.heads.versions());
        String act = Call.of("GET /history").to(handler).json().at("/acts/0").toString();
        assertTrue(act.contains("\"deleted head\",\"subject\":\"v1\""), act);
    }

    @Test
    void refusesTheOneInUseWithTheRemedy() {
        Call.Reply refused = delete(TaughtStores.IN_USE);
        refused.assertProblem(409);
        assertTrue(refused.detail().contains("promote another one first"), refused::body);
        assertEquals(204, delete(TaughtStores.OTHER).status());
        delete("latest").assertProblem(404);
    }

    /** Such as one that was damaged, which the list of heads tells to delete. */
    @Test
    void deletesADamagedOne() {
        var damaged = new TaughtStores(Map.of("head.json", Optional.of(new byte[] {1})));
        damaged.heads.promote(TaughtStores.OTHER, damaged.heads.latest());
        Call delete = Call.of("DELETE /heads/{version}", "/heads/" + TaughtStores.IN_USE);
        assertEquals(204, delete.to(TaughtStores.handler(damaged.ports())).status());
    }
}
