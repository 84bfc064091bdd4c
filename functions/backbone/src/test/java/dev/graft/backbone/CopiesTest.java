package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.evaluation.AlteredPictures;
import dev.graft.evaluation.NearDuplicates;
import dev.graft.feature.Similarity;
import dev.graft.onnx.OnnxBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Altered copies are told from pictures of the same kind with the features of the default. */
class CopiesTest {
    private static final int DRAWN = 20;

    @TempDir Path folder;

    @Test
    void nineInTenCopiesOfEachKindAreFoundAndNothingElse() throws IOException {
        AlteredPictures pictures = AlteredPictures.drawn(DRAWN);
        float[][] features;
        double cosine;
        Path file = folder.resolve("network.onnx");
        Files.write(file, Embedded.GRAFT_RESNET18.bytes());
        try (OnnxBackbone backbone = OnnxBackbone.open(file, 1)) {
            features =
                    pictures.images().stream()
                            .map(i -> backbone.feature(backbone.preprocessing().apply(i)))
                            .toArray(float[][]::new);
            cosine = Similarity.of(backbone.id()).nearDuplicate();
        }
        int[] groups =
                NearDuplicates.groups(
                        new NearDuplicates.Images(
                                pictures.names(), i -> features[i], pictures.thumbnails(), cosine),
                        () -> false);
        TreeMap<String, Integer> found = new TreeMap<>();
        for (int i = 0; i < groups.length; i++) {
            int of = pictures.original(i);
            assertTrue(pictures.original(groups[i]) == of, pictures.names().get(i));
            if (of != i) {
                String kind = pictures.names().get(i).replaceFirst("[0-9]+ ", "");
                found.merge(kind, groups[i] == of ? 1 : 0, Integer::sum);
            }
        }
        assertTrue(found.size() == 5, found.toString());
        assertTrue(found.values().stream().allMatch(n -> n >= 0.9 * DRAWN), found.toString());
    }
}
