package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.index.IndexStore;
import dev.graft.index.SampledIndex;
import dev.graft.testing.VectorServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The product beside a server that stands for S3 Vectors, with a memory for 5 of 16 images. */
class BeyondMemoryTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final int WIDTH = 512;

    private static void put(Served served) {
        for (int i = 10; i < 18; i++) {
            for (String label : Set.of("gear", "key")) {
                String file = "%s/%d.jpg".formatted(label, i);
                served.product().put("images/" + file, SAMPLES.resolve(file));
            }
        }
    }

    /** As if there was no memory for more. */
    private static void sample(Served served) {
        String heads = served.product().environment().get("HEADS_BUCKET");
        IndexStore files = served.product().aws().indexStore(heads);
        String features =
                files.names().stream()
                        .filter(name -> name.endsWith("/features"))
                        .findFirst()
                        .orElseThrow();
        files.delete(features);
        SampledIndex.write(
                served.product().features(),
                served.product().index(),
                files,
                features.replace("/features", ""),
                new SampledIndex.Size(5, WIDTH, InstantSource.system()));
    }

    private static Set<String> similar(Served served, String key) {
        var keys = new TreeSet<String>();
        served.api()
                .json("POST", "/similar?limit=100", Map.of("key", key))
                .json()
                .path("images")
                .forEach(image -> keys.add(image.path("key").asText()));
        return keys;
    }

    private static boolean says(Served served, String path, String field, String text) {
        return served.api().get(path).json().at(field).asText().equals(text);
    }

    @Test
    void whatThereIsNoMemoryForIsFoundUntilItIsForgotten() throws IOException {
        try (VectorServer vectors = new VectorServer();
                Served served =
                        Served.with(
                                Map.of(
                                        "VECTOR_BUCKET",
                                        VectorServer.BUCKET,
                                        "AWS_ENDPOINT_URL_S3VECTORS",
                                        vectors.address().toString()))) {
            put(served);
            served.train();
            Set<String> all = vectors.keys();
            assertEquals(16, all.size(), all::toString);
            sample(served);
            Set<String> found = similar(served, "images/gear/10.jpg");
            found.add("images/gear/10.jpg");
            assertEquals(all, found);
            JsonNode told = served.api().get("/status").json().path("neighbours");
            assertTrue(told.path("sampled").asBoolean(), told::toString);
            assertEquals(5, told.path("images").asInt());
            assertEquals("s3vectors", told.path("beyond").asText());

            String key = "images/key/11.jpg";
            var noted = served.api().json("POST", "/forget", Map.of("key", key));
            assertFalse(similar(served, "images/gear/10.jpg").contains(key), "at once");
            String location = noted.location();
            Served.until(() -> says(served, location, "/state", "done"));
            Served.until(() -> says(served, "/status", "/training/state", "ended"));
            JsonNode receipt = served.api().get(location).json();
            assertFalse(vectors.keys().contains(key), receipt::toString);
            assertTrue(receipt.path("files").toString().contains("s3vectors/"), receipt::toString);
        }
    }
}
