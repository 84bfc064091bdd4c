package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.evaluation.Validation;
import dev.graft.feature.Float16;
import dev.graft.fit.ClassWeights;
import dev.graft.fit.FeatureMatrix;
import dev.graft.fit.Scaling;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
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

    /** Three classes; the last two have {@code rare} of 1,000 images each, {@code far} apart. */
    private static CrossValidation.Result choose(int rare, double far, double strength) {
        Random random = new Random(5);
        FeatureMatrix matrix = new FeatureMatrix();
        int[] labels = new int[1000];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i < rare ? 1 : i < 2 * rare ? 2 : 0;
            float[] values = new float[4];
            for (int j = 0; j < values.length; j++) {
                double shift = labels[i] == 0 ? 0 : j / 2 == labels[i] - 1 ? far : far / 2;
                values[j] = (float) (random.nextGaussian() + shift);
            }
            matrix.add(Float16.encode(values), "image");
        }
        int[] rows = IntStream.range(0, labels.length).toArray();
        int[] folds = IntStream.of(rows).map(i -> i % 5).toArray();
        List<String> names = List.of("many", "few", "rare");
        TrainingSet set = TrainingSet.softmax(matrix, rows, labels, folds, names);
        List<ClassWeights> all = List.of(ClassWeights.values());
        var settings = new TrainingSettings(Activation.SOFTMAX, 5, 5, List.of(strength), all);
        return CrossValidation.choose(set, settings, Deadline.none());
    }

    /** Far apart, but a strong L2 leaves the rare ones no room: plain weights find next to none. */
    @Test
    void areTakenWhereTheyFindMoreOfRareClassesAtNoCostOfAccuracy() {
        CrossValidation.Result result = choose(30, 4, 1);
        Validation plain = result.tried().getFirst().validation();
        Validation chosen = result.best().validation();
        assertNotEquals(ClassWeights.NONE, result.best().weights());
        assertTrue(chosen.macroF1() > plain.macroF1() + 0.1, chosen + " against " + plain);
        assertTrue(chosen.accuracy() > plain.accuracy(), chosen + " against " + plain);
        assertEquals(4, result.tried().size(), "the scaling was tried, too");
    }

    @Test
    void areNotTakenWhereTheyCostAccuracy() {
        CrossValidation.Result result = choose(100, 2, 0.01);
        assertEquals(ClassWeights.NONE, result.best().weights());
    }

    /** Two strengths are as sure as each other: the more accurate one is taken. */
    @Test
    void ofStrengthsThatAreAboutAsSureTheMostAccurateIsTaken() {
        Choice sure = choice(1, 0.600, 0.75);
        Choice accurate = choice(0.3, 0.611, 0.76);
        Choice unsure = choice(0.1, 0.613, 0.80);
        assertEquals(accurate, Choice.ofPath(List.of(sure, accurate, unsure)));
        assertEquals(sure, Choice.ofPath(List.of(sure, choice(0.3, 0.611, 0.752), unsure)));
    }

    private static Choice choice(double strength, double logLoss, double accuracy) {
        var validation = new Validation(100, accuracy, 0, logLoss, null, null, null);
        return new Choice(strength, Scaling.COMMON, ClassWeights.NONE, validation, null, null);
    }

    /** A value that varies much and says nothing hides one that varies little and says all. */
    @Test
    void featuresAreStandardizedWhereOneValueDrownsAllOthers() {
        assertEquals(Scaling.STANDARDIZED, scaled(1000).best().scaling());
        CrossValidation.Result even = scaled(1);
        assertEquals(Scaling.COMMON, even.best().scaling());
        assertEquals(even.best().strength(), even.tried().get(2).strength());
    }

    private static CrossValidation.Result scaled(double noise) {
        Random random = new Random(5);
        FeatureMatrix matrix = new FeatureMatrix();
        int[] labels = new int[200];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 2;
            float says = (float) random.nextGaussian() + 2 * labels[i];
            float nothing = (float) (noise * random.nextGaussian());
            matrix.add(Float16.encode(new float[] {says, nothing}), "image");
        }
        int[] rows = IntStream.range(0, labels.length).toArray();
        int[] folds = IntStream.of(rows).map(i -> i % 5).toArray();
        TrainingSet set = TrainingSet.softmax(matrix, rows, labels, folds, List.of("a", "b"));
        var settings =
                new TrainingSettings(
                        Activation.SOFTMAX, 5, 5, List.of(0.1, 0.03), List.of(ClassWeights.NONE));
        return CrossValidation.choose(set, settings, Deadline.none());
    }
}
