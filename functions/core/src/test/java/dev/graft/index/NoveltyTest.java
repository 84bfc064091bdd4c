package dev.graft.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Label;
import dev.graft.feature.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
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
                            KeptFeature.of(around(i % 2)),
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
                accepted += score(novelty, images, i % 2) >= threshold ? 1 : 0;
                assertTrue(score(novelty, images, 2 + i % 30) < threshold);
            }
            // the threshold is of four folds, the answer of all five, so some more are near
            assertTrue(10 * share - 40 < accepted && accepted < 10 * share + 100, "" + accepted);
        }
    }

    private double score(Novelty novelty, Neighbours images, int axis) {
        return novelty.familiarity(images, Vectors.unit(around(axis))).score();
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
        Neighbours images = new Neighbours(twice);
        assertEquals(0.95, accepted(Novelty.of(images), images), 0.04);
    }

    /** One picture, often: without its fold nothing is left to compare with. */
    @Test
    void aClassOfCopiesIsJudgedByTheNearestAlone() {
        List<Neighbours.Row> copies = new ArrayList<>(rows(30));
        for (int i = 0; i < 40; i++) {
            Neighbours.Row row = copies.get(i % 2);
            copies.add(new Neighbours.Row("copy" + i, "copies", 3, row.feature(), new byte[0]));
        }
        Neighbours images = new Neighbours(copies);
        Novelty novelty = Novelty.of(images);
        assertTrue(Double.isFinite(novelty.threshold(95).orElseThrow()));
        assertTrue(Double.isFinite(score(novelty, images, 0)));
        Neighbours only = new Neighbours(copies.subList(60, 100));
        assertTrue(Double.isFinite(Novelty.of(only).threshold(95).orElseThrow()));
    }

    /** Share of new images of the two classes that count as known. */
    private double accepted(Novelty novelty, Neighbours images) {
        double threshold = novelty.threshold(95).orElseThrow();
        return IntStream.range(0, 1000)
                        .filter(i -> score(novelty, images, i % 2) >= threshold)
                        .count()
                / 1000.0;
    }

    /** Half of what is beside a class is known until some like it are marked. */
    @Test
    void whatIsLikeTheMarkedImagesIsUnknown() {
        List<Neighbours.Row> rows = rows(200);
        Neighbours before = new Neighbours(rows);
        Novelty unmarked = Novelty.of(before);
        double threshold = unmarked.threshold(95).orElseThrow();
        double refused = share(i -> beside(unmarked, before).score() < threshold);
        for (int i = 0; i < 40; i++) {
            var unit = KeptFeature.of(beside());
            rows.add(
                    new Neighbours.Row(
                            "images/none" + i, Label.NONE_OF_THESE, i % 5, unit, new byte[0]));
        }
        Neighbours images = new Neighbours(rows);
        Novelty novelty = Novelty.of(images);
        double marked = novelty.threshold(95).orElseThrow();
        assertTrue(
                share(i -> beside(novelty, images).score() < marked) > 0.85,
                "" + share(i -> beside(novelty, images).score() < marked));
        assertTrue(
                share(i -> beside(novelty, images).likeMarked()) > 0.85,
                "" + share(i -> beside(novelty, images).likeMarked()));
        assertEquals(0.95, accepted(novelty, images), 0.04);
        assertTrue(
                beside(novelty, images).nearest().stream()
                        .allMatch(n -> n.label().orElseThrow().startsWith("c")));
    }

    private static double share(IntPredicate holds) {
        return IntStream.range(0, 300).filter(holds).count() / 300.0;
    }

    /** Four standard deviations from the first class, along one of 32 axes. */
    private float[] beside() {
        float[] feature = around(0);
        feature[5] += 0.4f;
        return feature;
    }

    private Novelty.Familiarity beside(Novelty novelty, Neighbours images) {
        return novelty.familiarity(images, Vectors.unit(beside()));
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
