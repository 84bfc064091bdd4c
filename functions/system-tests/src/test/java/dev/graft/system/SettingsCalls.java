package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Asks a product that has a head for everything that the API has about settings of verdicts. */
final class SettingsCalls {
    private SettingsCalls() {}

    /** A class that always waits for a person; all is as before afterwards. */
    static void answer(ApiDocument api, String name) {
        Map<String, Object> strict = Map.of("thresholds", Map.of(name, 1), "review", 0.3);
        JsonNode changed = api.json("PUT", "/settings", strict).json();
        assertEquals(0.3, changed.path("review").asDouble());
        assertEquals(changed, api.get("/settings").json());
        JsonNode act = api.get("/history?limit=1").json().at("/acts/0");
        assertEquals("set", act.path("action").asText());
        JsonNode before = api.json("PUT", "/settings", Map.of()).json();
        assertEquals(0.5, before.path("review").asDouble());
    }

    static void refuse(ApiDocument api) {
        Map<String, Object> cow = Map.of("thresholds", Map.of("cow", 0.5));
        var refused = api.json("PUT", "/settings", cow);
        assertEquals(400, refused.status());
        assertTrue(refused.json().path("detail").asText().contains("the class 'cow'"));
        assertEquals(400, api.get("/settings?of=cow").status());
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        try (var threads = Executors.newFixedThreadPool(6)) {
            Served.until(
                    () -> {
                        List<Callable<Boolean>> six =
                                IntStream.range(1, 7)
                                        .mapToObj(i -> Map.of("review", 0.1 * i))
                                        .<Callable<Boolean>>map(
                                                body ->
                                                        () ->
                                                                seen.add(
                                                                        api.json(
                                                                                        "PUT",
                                                                                        "/settings",
                                                                                        body)
                                                                                .status()))
                                        .toList();
                        try {
                            threads.invokeAll(six);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        return seen.contains(409);
                    });
        }
        assertEquals(Set.of(200, 409), seen);
        assertEquals(200, api.json("PUT", "/settings", Map.of()).status());
    }
}
