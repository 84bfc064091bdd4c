package dev.graft.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Vectors;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.prediction.Recognition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whether an answer counts, from the first images on. */
class RecognitionTest {
    private static final int WIDTH = 16;

    private final Random random = new Random(7);
    private final List<Neighbours.Row> rows = new ArrayList<>();
    private final Head head =
            new Head(
                    "v",
                    List.of("car", "gear"),
                    "net",
                    new Head.Parameters(
                            new float[2 * WIDTH],
                            new float[2],
                            new float[WIDTH],
                            ones(),
                            1,
                            Activation.SOFTMAX));

    private static float[] ones() {
        float[] ones = new float[WIDTH];
        Arrays.fill(ones, 1);
        return ones;
    }

    private float[] around(int axis) {
        return AxisFeatures.around(axis, WIDTH, random);
    }

    private void add(@Nullable String label, int axis, int count) {
        for (int i = 0; i < count; i++) {
            var unit = KeptFeature.of(around(axis));
            rows.add(new Neighbours.Row("images/" + rows.size(), label, i % 5, unit, new byte[0]));
        }
    }

    private Recognition judged(int axis, String label) {
        Neighbours images = new Neighbours(rows);
        var now = new KnownImages.Snapshot("net", images, Novelty.of(images));
        var familiarity = now.familiarity(Vectors.unit(around(axis)));
        return Recognition.of(head, List.of(label), now, familiarity, 95);
    }

    @Test
    void cannotBeJudgedByFewImages() {
        add("car", 0, 19);
        add("gear", 1, 20);
        Recognition found = judged(0, "car");
        assertNull(found.known());
        assertEquals(
                "too few images are labelled to judge whether this one is like them: expected at least 40",
                found.reason());
        add("gear", 1, 1);
        assertEquals(new Recognition(true, null, null), judged(0, "car"));
    }

    @Test
    void cannotBeJudgedByFewImagesOfTheClass() {
        add("gear", 1, 60);
        add("car", 0, 4);
        Recognition found = judged(0, "car");
        assertNull(found.known());
        assertTrue(found.reason().startsWith("only 4 images are labelled car"), found.reason());
        add("car", 0, 1);
        assertEquals(true, judged(0, "car").known());
    }

    /** The count of a class follows each label that changes. */
    @Test
    void imagesAreCountedByTheirLabelsOfNow() {
        add("gear", 1, 3);
        add("car", 0, 1);
        add(null, 2, 1);
        Neighbours images = new Neighbours(rows);
        assertEquals(Map.of("gear", 3, "car", 1), images.counts());
        images.relabel("images/0", Optional.of("car"));
        images.relabel("images/4", Optional.of("gear,sunflower"));
        assertEquals(Map.of("gear", 2, "car", 2, "gear,sunflower", 1), images.counts());
        images.relabel("images/0", Optional.empty());
        images.relabel("images/3", Optional.of("car"));
        images.relabel("images/3", Optional.empty());
        images.relabel("images/9", Optional.of("car"));
        assertEquals(Map.of("gear", 2, "gear,sunflower", 1), images.counts());
    }

    @Test
    void unlikeEverythingIsUnknown() {
        add("car", 0, 30);
        add("gear", 1, 30);
        assertEquals(false, judged(5, "car").known());
    }

    /** The head calls a sunflower a gear while it has not learned sunflowers. */
    @Test
    void aClassThatIsBeingTaughtIsToldInsteadOfAnother() {
        add("car", 0, 30);
        add("gear", 1, 30);
        add("sunflower", 2, 4);
        Recognition found = judged(2, "gear");
        assertEquals(false, found.known());
        assertEquals("sunflower", found.notLearned());
        assertTrue(
                found.reason().startsWith("looks like your images labelled sunflower"),
                found.reason());
        assertEquals(true, judged(0, "car").known());
    }
}
