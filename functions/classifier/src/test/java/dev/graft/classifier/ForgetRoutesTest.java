package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.SetLabels;
import dev.graft.training.ForgetRequests;
import java.awt.Color;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

    private void put(String key, String hash, float... feature) {
        stores.features.put(
                new ImageFeature(
                        key,
                        SetLabels.of(Optional.empty()),
                        TaughtStores.BACKBONE.id(),
                        Float16.encode(feature),
                        hash.repeat(64),
                        8,
                        8,
                        "1",
                        TaughtStores.NOON,
                        "",
                        new byte[0]));
    }

    /** One picture, the same file, an altered copy, the same file as that, and another picture. */
    private void copies() {
        put("images/one.png", "a", 0.1f, 1, 0.1f);
        put("images/same.png", "a", 0.1f, 1, 0.1f);
        put("images/near.png", "b", 0.1f, 1, 0.1001f);
        put("images/near, too.png", "b", 0.1f, 1, 0.1001f);
        put("images/other.png", "c", 1, 1, 1);
    }

    @Test
    void takesImagesOfTheSameBytesAlongWhereAskedTo() {
        copies();
        JsonNode noted = forget("{\"key\": \"images/one.png\", \"duplicates\": true}").json();
        String same = ForgetRequests.id("images/same.png");
        assertEquals("[\"%s\"]".formatted(same), noted.path("duplicates").toString());
        assertEquals("[\"images/same.png\"]", noted.path("keys").toString());
        assertEquals("waiting", receipt(same).json().path("state").asText());
        assertTrue(stores.features.known("images/near.png").picture().isPresent());
        assertFalse(receipt(same).json().has("keys"), "kept nowhere");
    }

    @Test
    void takesNearDuplicatesAlongThatWereListedBefore() {
        copies();
        JsonNode listed = Call.of("GET /copies", "/copies?key=images/one.png").to(handler).json();
        assertEquals(1, listed.path("count").asInt());
        Set<String> keys = texts(listed.at("/groups/0/keys"));
        Set<String> expected = Set.of("images/near.png", "images/near, too.png", "images/same.png");
        assertTrue(keys.remove("images/one.png"));
        assertEquals(expected, keys);
        JsonNode noted = forget("{\"key\": \"images/one.png\", \"nearDuplicates\": true}").json();
        assertEquals(expected, texts(noted.path("keys")));
        assertEquals(3, noted.path("duplicates").size());
        for (String key : expected) {
            assertTrue(stores.features.known(key).picture().isEmpty(), key);
        }
        assertTrue(stores.features.known("images/other.png").picture().isPresent());
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new TreeSet<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Test
    void refusesWhatNamesNoImage() {
        forget("{\"key\": \"labels/a.csv\"}").assertProblem(400);
        forget("{\"key\": \"images/a\", \"duplicates\": 1}").assertProblem(400);
        forget("{\"key\": \"images/a\", \"nearDuplicates\": \"all\"}").assertProblem(400);
        forget("{\"key\": \"images/a\", \"all\": true}").assertProblem(400);
        receipt("0".repeat(64)).assertProblem(404);
    }

    /** What one asks to forget, a person of the scope classify or read may not. */
    @Test
    void wantsTheScopeOfDeletions() {
        assertEquals(Set.of(Scope.WRITE), Scope.of("POST", "/forget"));
    }
}
