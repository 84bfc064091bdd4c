package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.backbone.Backbones;
import dev.graft.local.LocalProduct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data folders that earlier versions wrote stay usable: {@code data-format-1} was written by commit
 * c237cfd from drawings of three classes, with corrections by a person, a label file, a metadata
 * label, an unreadable file and three heads; {@code data-format-1-several} with several labels an
 * image.
 */
class RecordedDataTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");

    @TempDir Path folder;

    @Test
    void opensAnswersAndGoesOn() throws Exception {
        try (Served served = open("data-format-1", Map.of())) {
            ApiDocument api = served.api();
            JsonNode status = api.get("/status").json();
            assertEquals(27, status.path("images").asInt());
            assertEquals(27, status.path("labelled").asInt());
            assertEquals(1, status.path("unreadable").asInt());
            assertEquals("20261128T083306.650Z-c8b5c62e", status.path("head").asText());
            byte[] key = Files.readAllBytes(SAMPLES.resolve("key/20.jpg"));
            assertEquals(
                    "key", api.send("POST", "/classify", null, key).json().path("label").asText());
            assertEquals(3, api.get("/heads").json().path("heads").size());
            for (JsonNode head : api.get("/heads").json().path("heads")) {
                String report = "/heads/" + head.path("version").asText() + "/report";
                assertEquals(200, api.get(report).response().statusCode());
            }
            String preview = "/heads/20261128T083136.157Z-40cbee0d/preview";
            assertEquals(27, api.get(preview).json().path("images").asInt());
            JsonNode labels = api.get("/images?limit=200").json().path("images");
            Map<String, String> expected =
                    Map.of(
                            "images/unlabelled-0.jpg", "gear CORRECTION",
                            "images/unlabelled-1.jpg", "washer FILE",
                            "images/sea shore/42 %+ü.jpg", "gear METADATA",
                            "images/key/00.jpg", "key FOLDER");
            int found = 0;
            for (JsonNode image : labels) {
                String wanted = expected.get(image.path("key").asText());
                if (wanted != null) {
                    found++;
                    assertEquals(
                            wanted,
                            image.path("label").asText() + " " + image.path("source").asText());
                }
            }
            assertEquals(expected.size(), found, labels.toString());
            takesAnotherLabelSet(api);
            Map<String, String> verified = served.product().verify("latest");
            // it was trained on classes of five images and more, and today's take two
            assertEquals("Different", verified.get("outcome"), verified.get("reason"));
            String reason = verified.getOrDefault("reason", "");
            assertTrue(reason.contains("only a head of today's can be verified"), reason);
            String outcome = served.train().path("outcome").asText();
            // another pixel path is another network: see ChangeOfNetworkTest for how that goes on
            assertEquals("Waiting", outcome);
        }
    }

    /** What was stored before there were label sets is in the default one. */
    private static void takesAnotherLabelSet(ApiDocument api) {
        api.json("PUT", "/sets/state", Map.of("labelsPerImage", "one"));
        String label = "/images/label?set=state&key=images/key/00.jpg";
        assertEquals(200, api.json("PUT", label, Map.of("label", "worn")).status());
        JsonNode sets = api.get("/sets").json().path("sets");
        assertEquals(27, sets.at("/0/labelled").asInt(), sets::toString);
        assertEquals(1, sets.at("/1/labelled").asInt(), sets::toString);
        assertEquals(26, sets.at("/1/unlabelled").asInt(), sets::toString);
        JsonNode worn = api.get("/images?set=state&label=worn").json().path("images");
        assertEquals("images/key/00.jpg", worn.at("/0/key").asText());
        JsonNode now = api.get("/images/history?key=images/key/00.jpg").json();
        assertEquals("key", now.at("/image/label").asText());
    }

    @Test
    void opensAHeadOfSeveralLabels() throws Exception {
        try (Served served = open("data-format-1-several", Map.of("LABELS_PER_IMAGE", "several"))) {
            JsonNode head = served.api().get("/heads").json().at("/heads/0");
            assertEquals("sigmoid", head.path("activation").asText());
            assertEquals("20261128T083341.123Z-3e3c0f10", head.path("version").asText());
            byte[] gear = Files.readAllBytes(SAMPLES.resolve("gear/20.jpg"));
            JsonNode answer = served.api().send("POST", "/classify", null, gear).json();
            assertTrue(answer.path("labels").toString().contains("gear"), answer.toString());
        }
    }

    private Served open(String recording, Map<String, String> settings) throws IOException {
        RecordedData.unzip(recording, folder);
        var product =
                new LocalProduct(
                        Optional.of(folder),
                        Backbones.ofUser().resolve("resnet10-graft"),
                        settings);
        var endpoint = product.serve(0);
        return new Served(product, endpoint, new ApiDocument(endpoint.url()));
    }
}
