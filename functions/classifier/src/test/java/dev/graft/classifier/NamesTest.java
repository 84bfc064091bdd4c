package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names for images that nobody has labelled; the network gives the mean colour of an image. */
class NamesTest {
    private static final String KEYS =
            "{\"keys\": [\"%s\", \"images/00.png\"]}".formatted(TaughtStores.NEW);

    private final TaughtStores stores = new TaughtStores();
    @TempDir private Path folder;
    private Path network;

    @BeforeEach
    void putsNamesBesideTheNetwork() throws IOException {
        network = Files.createFile(folder.resolve("net.onnx"));
        Files.write(
                folder.resolve("net.names.safetensors"),
                Tensors.float16(
                        Map.of(
                                "weight", new float[] {9, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0},
                                "bias", new float[4]),
                        "names",
                        "tomato\nlawn\nsky\nnight"));
    }

    private JsonNode ask(Ports ports, String request, String body) {
        ClassifierHandler handler =
                new ClassifierHandler(failed -> TaughtStores.router(ports, network));
        String target = request.replaceAll(".* ", "");
        return Call.of(request.replaceAll("\\?.*", ""), target, body).to(handler).json();
    }

    @Test
    void suggestsForEachImageAndForAllTogether() {
        JsonNode found = ask(stores.ports(), "POST /names", KEYS);
        assertEquals(2, found.path("images").size());
        JsonNode red = found.at("/images/0");
        assertEquals(TaughtStores.NEW, red.path("key").asText());
        assertEquals(3, red.path("names").size());
        assertEquals("tomato", red.at("/names/0/name").asText());
        assertTrue(red.at("/names/0/probability").asDouble() > 0.9, red::toString);
        assertEquals("tomato", found.at("/together/0/name").asText());
        assertTrue(
                found.at("/together/0/probability").asDouble()
                        < red.at("/names/0/probability").asDouble());
    }

    @Test
    void needsNoHead() {
        Ports all = stores.ports();
        Ports none =
                new Ports(
                        all.features(),
                        all.labels(),
                        all.index(),
                        all.sets(),
                        all.images(),
                        new InMemoryHeadStore(),
                        all.indexFiles(),
                        all.results(),
                        all.links(),
                        all.history(),
                        all.shares(),
                        all.trainer(),
                        all.vectors());
        assertEquals("tomato", ask(none, "POST /names", KEYS).at("/together/0/name").asText());
    }

    @Test
    void standBesideTheSuggestionOfTheHeadInTheQueue() {
        JsonNode item = ask(stores.ports(), "GET /queue?limit=3", "").at("/images/0");
        assertEquals("red", item.path("suggestion").asText().replace("blue", "red"));
        assertFalse(item.path("names").isEmpty());
        assertTrue(
                item.at("/names/0/name").asText().matches("tomato|sky"),
                item.path("names")::toString);
    }

    @Test
    void areAbsentWithANetworkThatHasNone() throws IOException {
        Files.delete(folder.resolve("net.names.safetensors"));
        JsonNode found = ask(stores.ports(), "POST /names", KEYS);
        assertTrue(found.path("together").isArray() && found.path("together").isEmpty());
        assertTrue(found.at("/images/0/names").isEmpty());
        assertTrue(ask(stores.ports(), "GET /queue?limit=3", "").at("/images/0/names").isEmpty());
    }

    @Test
    void anImageThatIsNotThereIsNotFound() {
        ClassifierHandler handler =
                new ClassifierHandler(failed -> TaughtStores.router(stores.ports(), network));
        Call.of("POST /names", "/names", "{\"keys\": [\"images/none.png\"]}")
                .to(handler)
                .assertProblem(404);
    }
}
