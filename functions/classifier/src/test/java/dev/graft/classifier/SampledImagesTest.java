package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.StoreException;
import dev.graft.index.FollowVectors;
import dev.graft.index.SampledIndex;
import dev.graft.index.VectorIndex;
import dev.graft.testing.InMemoryVectorIndex;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a memory for 20 of the 75 images. */
class SampledImagesTest {
    private static final int IN_MEMORY = 20;

    private final TaughtStores stores = new TaughtStores();
    private final InMemoryVectorIndex vectors = new InMemoryVectorIndex();

    @BeforeEach
    void writesTheIndex() {
        SampledIndex.write(
                stores.features,
                stores.index,
                stores.indexFiles,
                TaughtStores.BACKBONE.id(),
                new SampledIndex.Size(IN_MEMORY, 3, () -> TaughtStores.NOON));
    }

    private boolean follow() {
        return new FollowVectors(
                        stores.features,
                        stores.index,
                        stores.indexFiles,
                        vectors,
                        () -> TaughtStores.NOON)
                .run(TaughtStores.BACKBONE.id(), Instant.MAX);
    }

    private static List<String> similar(ClassifierHandler handler, String key) {
        JsonNode found =
                Call.of("POST /similar", "/similar?limit=100", "{\"key\": \"" + key + "\"}")
                        .to(handler)
                        .json();
        return keys(found.path("images"));
    }

    private static List<String> keys(JsonNode images) {
        List<String> keys = new ArrayList<>();
        images.forEach(image -> keys.add(image.path("key").asText()));
        return keys;
    }

    private static JsonNode classified(ClassifierHandler handler, String key) {
        return Call.of("POST /classify", "/classify?evidence=true", "{\"key\": \"" + key + "\"}")
                .to(handler)
                .json();
    }

    private static JsonNode neighbours(ClassifierHandler handler) {
        return Call.of("GET /status").to(handler).json().path("neighbours");
    }

    private static String missing(List<String> inMemory) {
        for (int i = 0; i < 25; i++) {
            String key = "images/red/%02d.png".formatted(i);
            if (!inMemory.contains(key)) {
                return key;
            }
        }
        throw new AssertionError("all are in memory");
    }

    @Test
    void imagesBeyondTheMemoryAreFoundAndTheStatusSaysSoOnceAllAre() {
        stores.vectors = Optional.of(vectors);
        ClassifierHandler handler = TaughtStores.handler(stores.ports());
        List<String> inMemory = similar(handler, TaughtStores.RED);
        assertTrue(inMemory.size() <= IN_MEMORY, inMemory::toString);
        assertTrue(neighbours(handler).path("sampled").asBoolean());
        assertFalse(neighbours(handler).has("beyond"), "nothing is there yet");
        assertTrue(follow());
        assertEquals("s3vectors", neighbours(handler).path("beyond").asText());
        assertTrue(neighbours(handler).path("sampled").asBoolean(), "unknown is told by these");
        List<String> all = similar(handler, TaughtStores.RED);
        assertEquals(74, all.size());
        assertFalse(all.contains(TaughtStores.RED), "not itself");
        String beyond = missing(inMemory);
        JsonNode evidence = classified(handler, beyond).path("evidence");
        assertEquals(beyond, keys(evidence).getFirst());
        assertEquals("red", evidence.at("/0/label").asText());
        assertEquals(5, evidence.size());
    }

    @Test
    void whatIsInMemoryCountsWhileTheIndexDoesNotAnswer() {
        List<String> without = similar(TaughtStores.handler(stores.ports()), TaughtStores.RED);
        stores.vectors =
                Optional.of(
                        (VectorIndex)
                                Proxy.newProxyInstance(
                                        VectorIndex.class.getClassLoader(),
                                        new Class<?>[] {VectorIndex.class},
                                        (proxy, method, arguments) -> {
                                            throw new StoreException("out of order", null);
                                        }));
        ClassifierHandler handler = TaughtStores.handler(stores.ports());
        assertEquals(without, similar(handler, TaughtStores.RED));
        assertEquals(5, classified(handler, TaughtStores.RED).path("evidence").size());
        assertFalse(neighbours(handler).has("beyond"));
    }
}
