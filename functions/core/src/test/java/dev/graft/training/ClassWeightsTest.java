package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.evaluation.Activation;
import dev.graft.feature.Float16;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassWeightsTest {
    @Test
    void countRareClassesMore() {
        int[] counts = {90, 10};
        assertArrayEquals(new double[] {1, 1}, ClassWeights.NONE.of(counts));
        assertArrayEquals(new double[] {100 / 180.0, 5}, ClassWeights.BALANCED.of(counts), 1e-15);
        double[] between = ClassWeights.SQUARE_ROOT.of(counts);
        assertEquals(3, between[1] / between[0], 1e-12);
        assertEquals(100, 90 * between[0] + 10 * between[1], 1e-12);
    }

    /** Three classes that overlap; the last two have {@code rare} of 1,000 images each. */
    private static CrossValidation.Result choose(int rare) {
        Random random = new Random(5);
        FeatureMatrix matrix = new FeatureMatrix();
        int[] labels = new int[1000];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i < rare ? 1 : i < 2 * rare ? 2 : 0;
            float[] values = new float[4];
            for (int j = 0; j < values.length; j++) {
                int shift = labels[i] == 0 ? 0 : j / 2 == labels[i] - 1 ? 2 : 1;
                values[j] = (float) random.nextGaussian() + shift;
            }
            matrix.add(Float16.encode(values), "image");
        }
        int[] rows = IntStream.range(0, labels.length).toArray();
        int[] folds = IntStream.of(rows).map(i -> i % 5).toArray();
        List<String> names = List.of("many", "few", "rare");
        TrainingSet set = TrainingSet.softmax(matrix, rows, labels, folds, names);
        List<ClassWeights> all = List.of(ClassWeights.values());
        var settings =
                new TrainingSettings(Activation.SOFTMAX, 5, 5, List.of(0.1, 0.01, 0.001), all);
        return CrossValidation.choose(set, settings, Deadline.none());
    }

    @Test
    void areTakenWhereTheyFindMoreOfRareClassesAtNoCostOfAccuracy() {
        CrossValidation.Result result = choose(25);
        assertEquals(ClassWeights.SQUARE_ROOT, result.best().weights());
        Validation plain = result.tried().get(1).validation();
        Validation chosen = result.best().validation();
        assertTrue(chosen.macroF1() > plain.macroF1() + 0.005, chosen + " against " + plain);
        assertTrue(chosen.accuracy() >= plain.accuracy(), chosen + " against " + plain);
        assertEquals(5, result.tried().size());
    }

    @Test
    void areNotTakenWhereTheyCostAccuracy() {
        CrossValidation.Result result = choose(100);
        assertEquals(ClassWeights.NONE, result.best().weights());
    }
}
