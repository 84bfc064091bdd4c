package dev.graft.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.feature.ConfigurationException;
import dev.graft.testing.Tensors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NameSuggestionsTest {
    /** Scores: the first value, the second, and a half. */
    private static final NameSuggestions NAMES =
            NameSuggestions.of(
                    Tensors.float16(
                            Map.of(
                                    "weight", new float[] {1, 0, 0, 1, 0, 0},
                                    "bias", new float[] {0, 0, 0.5f}),
                            "names",
                            "mug\nvase\npot"));

    private static List<String> names(int most, float[]... features) {
        return NAMES.of(List.of(features), most).stream().map(name -> name.name()).toList();
    }

    @Test
    void theMostProbableComeFirstWithTheirSoftmax() {
        List<NameSuggestions.Name> found = NAMES.of(List.of(new float[] {2, 1}), 2);
        assertEquals(List.of("mug", "vase"), found.stream().map(name -> name.name()).toList());
        double sum = Math.exp(2) + Math.exp(1) + Math.exp(0.5);
        assertEquals(Math.exp(2) / sum, found.get(0).probability(), 1e-6);
        assertEquals(Math.exp(1) / sum, found.get(1).probability(), 1e-6);
    }

    @Test
    void imagesTogetherGetTheNamesOfTheirMean() {
        float[] mug = {3, 0};
        float[] vase = {0, 2};
        assertEquals(List.of("vase", "pot"), names(2, vase));
        assertEquals(List.of("mug", "vase", "pot"), names(3, mug, vase));
    }

    @Test
    void anotherNetworkHasNone() {
        assertEquals(List.of(), NameSuggestions.NONE.of(List.of(new float[] {2, 1}), 3));
    }

    @Test
    void namesThatDoNotFitTheLayerAreRefused() {
        byte[] file =
                Tensors.float16(
                        Map.of("weight", new float[6], "bias", new float[3]), "names", "mug");
        assertThrows(ConfigurationException.class, () -> NameSuggestions.of(file));
        assertThrows(ConfigurationException.class, () -> NameSuggestions.of(new byte[2]));
    }
}
