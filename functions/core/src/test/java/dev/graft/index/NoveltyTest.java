package dev.graft.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NoveltyTest {
    private static final int WIDTH = 32;
    private final Random random = new Random(5);

    /** Two classes, each around a direction of its own. */
    private List<Neighbours.Row> rows(int each) {
        List<Neighbours.Row> rows = new ArrayList<>();
        for (int i = 0; i < 2 * each; i++) {
            rows.add(
                    new Neighbours.Row(
                            "images/" + i,
                            "c" + i % 2,
                            i / 2 % 5,
                            Neighbours.Unit.of(around(i % 2)),
                            new byte[0]));
        }
        return rows;
    }

    private float[] around(int axis) {
        return AxisFeatures.around(axis, WIDTH, random);
    }

    @Test
    void acceptsAboutTheChosenShareOfKnownImagesAndRefusesStrangers() {
        Neighbours images = new Neighbours(rows(300));
        Novelty novelty = Novelty.of(images);
        for (int share : new int[] {95, 80}) {
            double threshold = novelty.threshold(share).orElseThrow();
            int accepted = 0;
            for (int i = 0; i < 1000; i++) {
                accepted += familiarity(images, i % 2) >= threshold ? 1 : 0;
                assertTrue(familiarity(images, 2 + i % 30) < threshold);
            }
            // the threshold is of four folds, the answer of all five, so some more are near
            assertTrue(10 * share - 40 < accepted && accepted < 10 * share + 100, "" + accepted);
        }
    }

    private double familiarity(Neighbours images, int axis) {
        return Novelty.familiarity(Novelty.nearest(images, Vectors.unit(around(axis))));
    }

    @Test
    void copiesInTheSameFoldDoNotVouchForEachOther() {
        List<Neighbours.Row> once = rows(100);
        List<Neighbours.Row> twice = new ArrayList<>();
        for (Neighbours.Row row : once) {
            for (int i = 0; i < 6; i++) {
                twice.add(
                        new Neighbours.Row(
                                row.key() + i,
                                row.label(),
                                row.fold(),
                                row.feature(),
                                row.signature()));
            }
        }
        double single = Novelty.of(new Neighbours(once)).threshold(95).orElseThrow();
        double copied = Novelty.of(new Neighbours(twice)).threshold(95).orElseThrow();
        assertTrue(copied < 0.9999, "no copy at cosine 1 counts: " + copied);
        assertEquals(single, copied, 0.02);
    }

    @Test
    void saysNothingWhileTooFewAreLabelled() {
        Novelty novelty = Novelty.of(new Neighbours(rows(19)));
        assertTrue(novelty.threshold(95).isEmpty());
    }

    @Test
    void nearestAreThoseOfAFullSort() {
        Neighbours images = new Neighbours(rows(100));
        float[] asked = Vectors.unit(around(0));
        List<Neighbours.Neighbour> nearest = images.nearest(asked, 7, i -> i % 3 != 0);
        List<Double> expected = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            if (i % 3 != 0) {
                expected.add(Vectors.cosineOfUnits(asked, images.unit(i)));
            }
        }
        expected.sort((a, b) -> Double.compare(b, a));
        assertEquals(
                expected.subList(0, 7),
                nearest.stream().map(Neighbours.Neighbour::similarity).toList());
    }
}
