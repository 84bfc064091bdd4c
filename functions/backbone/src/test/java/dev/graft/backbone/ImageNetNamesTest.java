package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.head.Safetensors;
import dev.graft.prediction.NameSuggestions;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The layer for ImageNet's classes on the feature of graft-resnet18, as training/names.py writes.
 */
class ImageNetNamesTest {
    private static final byte[] FILE = Embedded.GRAFT_RESNET18.names().orElseThrow();

    @Test
    void everyRowHasANameOfItsOwn() throws IOException {
        List<String> names = Safetensors.read(FILE).text("names").lines().toList();
        assertEquals(1000, names.size());
        assertEquals(1000, new HashSet<>(names).size());
        assertEquals("tench", names.getFirst());
        assertEquals("coffee mug", names.get(504));
        assertEquals("toilet paper", names.getLast());
        assertTrue(names.stream().allMatch(name -> name.equals(name.strip()) && !name.isEmpty()));
        assertTrue(names.stream().noneMatch(name -> name.contains("+")), "+ joins labels");
    }

    @Test
    void weightAndBiasFitTheFeature() throws IOException {
        Safetensors tensors = Safetensors.read(FILE);
        assertEquals(1000 * 512, tensors.floats("weight").length);
        for (float value : tensors.floats("weight")) {
            assertTrue(Float.isFinite(value));
        }
        assertEquals(1000, tensors.floats("bias").length);
    }

    /** The row of a class, as a feature, points to that class. */
    @Test
    void aFeatureAlongTheRowOfAClassGetsItsName() throws IOException {
        float[] weight = Safetensors.read(FILE).floats("weight");
        NameSuggestions names = NameSuggestions.of(FILE);
        for (int row : new int[] {0, 504, 999}) {
            float[] feature = new float[512];
            for (int i = 0; i < feature.length; i++) {
                feature[i] = 20 * weight[512 * row + i];
            }
            String name = Safetensors.read(FILE).text("names").lines().toList().get(row);
            assertEquals(name, names.of(List.of(feature), 1).getFirst().name());
        }
    }

    @Test
    void theFormerDefaultHasNoNames() {
        assertTrue(Embedded.RESNET10_GRAFT.names().isEmpty());
    }
}
