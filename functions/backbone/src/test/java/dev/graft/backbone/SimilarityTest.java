package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.graft.feature.FeatureIdentity;
import dev.graft.feature.Sha256;
import dev.graft.feature.Similarity;
import dev.graft.image.PixelPath;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Embedded networks have measured values on every pixel path, under the identity of today. */
class SimilarityTest {

    private static String id(Embedded network, PixelPath path) throws IOException {
        Map<String, String> metadata = new HashMap<>();
        ModelProto.parseFrom(network.bytes())
                .getMetadataPropsList()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        return FeatureIdentity.of(metadata, Sha256.of(network.bytes()), path).id();
    }

    @ParameterizedTest
    @CsvSource({"RESNET10_GRAFT, 0.95", "GRAFT_RESNET18, 0.96"})
    void ofAnEmbeddedNetwork(Embedded network, double nearDuplicate) throws IOException {
        Similarity expected = new Similarity(nearDuplicate);
        for (PixelPath path : PixelPath.values()) {
            String id = id(network, path);
            assertEquals(expected, Similarity.of(id), id);
        }
    }

    @ParameterizedTest
    @EnumSource(PixelPath.class)
    void ofAnotherNetworkTheDefault(PixelPath path) {
        String id = "0".repeat(64) + "-p" + path.number();
        assertEquals(Similarity.DEFAULT, Similarity.of(id));
    }
}
