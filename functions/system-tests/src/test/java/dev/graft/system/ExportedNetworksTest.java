package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.backbone.Backbones;
import dev.graft.backbone.TestEncoders;
import dev.graft.local.HttpEndpoint;
import dev.graft.local.LocalProduct;
import dev.graft.onnx.OnnxBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole product on networks as people export them: what {@code -Dbackbone} takes, the pictures
 * are uploaded, read, learned from and classified with.
 */
class ExportedNetworksTest {
    private static final int PER_CLASS = 6;

    @TempDir private Path folder;

    @Test
    void visionTransformer() throws Exception {
        learnsAndClassifies("vit", TestEncoders.vit(), "#cls+mean", 16);
    }

    @Test
    void imageEncoderOfClip() throws Exception {
        learnsAndClassifies("clip", TestEncoders.clip(), "", 6);
    }

    @Test
    void resNetOfOptimum() throws Exception {
        learnsAndClassifies("resnet", TestEncoders.resNet(), "", 8);
    }

    private void learnsAndClassifies(String name, byte[] network, String option, int width)
            throws Exception {
        Path file = Files.write(folder.resolve(name + ".onnx"), network);
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                """
                {"resample": 3, "size": {"shortest_edge": %1$d}, "do_center_crop": true, "crop_size": %1$d,
                 "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
                """
                        .formatted(TestEncoders.SIDE));
        Backbones backbones =
                new Backbones(folder.resolve("cache"), Backbones.ofUser().catalogue(), System.err);
        Path cut = backbones.resolve(file + option);
        try (OnnxBackbone backbone = OnnxBackbone.open(cut, 1)) {
            assertEquals(width, backbone.width());
        }
        var product = new LocalProduct(Optional.empty(), cut, Map.of());
        HttpEndpoint endpoint = product.serve(0);
        try (Served served = new Served(product, endpoint, new ApiDocument(endpoint.url()))) {
            upload(product);
            assertEquals("Trained", served.train().path("outcome").asText());
            Path asked = pictures("key").getFirst();
            JsonNode answer =
                    served.api().send("POST", "/classify", null, Files.readAllBytes(asked)).json();
            assertEquals(name, answer.at("/backbone/name").asText());
            assertTrue(List.of("key", "nut").contains(answer.path("label").asText()), "" + answer);
            JsonNode status = served.api().get("/status").json();
            assertEquals(name, status.at("/backbone/name").asText());
            assertFalse(status.path("head").asText().isEmpty());
        }
    }

    private static void upload(LocalProduct product) throws IOException {
        for (String label : List.of("key", "nut")) {
            for (Path picture : pictures(label)) {
                product.put("images/" + label + "/" + picture.getFileName(), picture);
            }
        }
    }

    private static List<Path> pictures(String label) throws IOException {
        try (var files = Files.list(Repository.file("functions/local/samples/" + label))) {
            return files.sorted().limit(PER_CLASS).toList();
        }
    }
}
