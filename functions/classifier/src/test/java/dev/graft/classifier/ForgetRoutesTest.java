package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.training.ForgetRequests;
import java.awt.Color;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ForgetRoutesTest {
    private static final String KEY = TaughtStores.RED;
    private static final String ID = ForgetRequests.id(KEY);

    private final TaughtStores stores = new TaughtStores();
    private final ClassifierHandler handler = TaughtStores.handler(stores.ports());

    private Call.Reply forget(String body) {
        return Call.of("POST /forget", "/forget", body).to(handler);
    }

    private Call.Reply receipt(String id) {
        return Call.of("GET /forget/{id}", "/forget/" + id).to(handler);
    }

    @Test
    void deletesTheImageAtOnceAndAsksForATraining() {
        stores.images.put(KEY, TaughtStores.png(Color.RED));
        Call.Reply noted = forget("{\"key\": \"%s\"}".formatted(KEY));
        assertEquals(202, noted.status(), noted::body);
        assertEquals("/forget/" + ID, noted.headers().get("location"));
        assertEquals(1, stores.started.get());
        assertTrue(stores.images.find(KEY).isEmpty());
        assertTrue(stores.features.known(KEY).picture().isEmpty());
        assertEquals(List.of(), stores.features.history(KEY));
        JsonNode waits = receipt(ID).json();
        assertEquals("waiting", waits.path("state").asText());
        assertTrue(waits.path("waitsFor").asText().contains("training"), waits::toString);
        assertFalse(receipt(ID).body().contains(KEY), "hashes alone");
        String act = Call.of("GET /history").to(handler).json().at("/acts/0").toString();
        assertTrue(act.contains("asked to forget") && act.contains(ID), act);
        assertEquals(202, forget("{\"key\": \"%s\"}".formatted(KEY)).status(), "again");
    }

    @Test
    void tellsWhatWasDeletedAndLeft() {
        forget("{\"key\": \"%s\"}".formatted(KEY));
        new ForgetRequests(stores.indexFiles)
                .replace(
                        List.of(ID),
                        request ->
                                request.with(List.of("v2"), List.of("index/images"))
                                        .done(List.of("backups"), "v1", Instant.EPOCH));
        JsonNode done = receipt(ID).json();
        assertEquals("done", done.path("state").asText(), done::toString);
        assertEquals("v1", done.path("head").asText());
        assertEquals("[\"v1\",\"v2\"]", done.path("versions").toString());
        assertEquals("[]", done.path("learnedFrom").toString());
        assertEquals("[\"backups\"]", done.path("left").toString());
        assertFalse(done.has("waitsFor"));
    }

    /** Every image of these stores has the same hash, as one file that was uploaded many times. */
    @Test
    void takesImagesOfTheSameBytesAlongWhereAskedTo() {
        String hash = stores.features.known(KEY).picture().orElseThrow().imageHash();
        AtomicInteger same = new AtomicInteger();
        stores.features.keys(
                image ->
                        image.picture()
                                .filter(picture -> picture.imageHash().equals(hash))
                                .ifPresent(picture -> same.incrementAndGet()));
        JsonNode noted = forget("{\"key\": \"%s\", \"duplicates\": true}".formatted(KEY)).json();
        assertEquals(same.get() - 1, noted.path("duplicates").size());
        for (JsonNode other : noted.path("duplicates")) {
            assertEquals("waiting", receipt(other.asText()).json().path("state").asText());
        }
    }

    @Test
    void refusesWhatNamesNoImage() {
        forget("{\"key\": \"labels/a.csv\"}").assertProblem(400);
        forget("{\"key\": \"images/a\", \"duplicates\": 1}").assertProblem(400);
        forget("{\"key\": \"images/a\", \"all\": true}").assertProblem(400);
        receipt("0".repeat(64)).assertProblem(404);
    }

    /** What one asks to forget, a person of the scope classify or read may not. */
    @Test
    void wantsTheScopeOfDeletions() {
        assertEquals(Set.of(Scope.WRITE), Scope.of("POST", "/forget"));
    }
}
