package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.evaluation.OutOfFold;
import dev.graft.evaluation.Validation;
import dev.graft.feature.Float16;
import dev.graft.fit.FeatureMatrix;
import dev.graft.fit.Scaling;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChoiceTest {
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
        var settings = new TrainingSettings(Activation.SOFTMAX, 5, 5, List.of(strength), 0.25);
        return CrossValidation.choose(set, settings, Deadline.none());
    }

    /** Far apart, but a strong L2 leaves the rare ones little room. */
    @Test
    void priorsAreAdjustedWhereThatFindsMoreOfRareClassesAtNoCostOfAccuracy() {
        CrossValidation.Result result = choose(30, 4, 0.1);
        Validation plain = result.tried().getFirst().validation();
        Validation chosen = result.best().validation();
        assertEquals(0.25, result.best().priorAdjustment());
        assertTrue(chosen.macroF1() > plain.macroF1() + 0.005, chosen + " against " + plain);
        assertTrue(chosen.accuracy() >= plain.accuracy(), chosen + " against " + plain);
        assertEquals(3, result.tried().size(), "the scaling was tried, too");
    }

    @Test
    void priorsAreNotAdjustedWhereThatGainsNothing() {
        CrossValidation.Result result = choose(333, 4, 0.01);
        assertEquals(0, result.best().priorAdjustment());
        assertEquals(3, result.tried().size());
    }

    /** Of 1,000 images two more are wrong, four, or so many that chance does not explain it. */
    @Test
    void aQuarterOfAPointOfAccuracyAndItsStandardErrorIsWhatRareClassesMayCost() {
        Choice plain = answered(900, 0.5);
        assertTrue(answered(898, 0.506).fairerThan(plain));
        assertTrue(answered(896, 0.506).fairerThan(plain));
        assertFalse(answered(895, 0.504).fairerThan(plain), "macro-F1 gains too little");
        assertFalse(answered(894, 0.6).fairerThan(plain));
    }

    /** A choice that has so many of 1,000 images right. */
    private static Choice answered(int right, double macroF1) {
        double[][] probabilities = new double[1000][];
        int[][] labels = new int[1000][];
        for (int i = 0; i < labels.length; i++) {
            probabilities[i] = i < right ? new double[] {0.9, 0.1} : new double[] {0.1, 0.9};
            labels[i] = new int[] {0};
        }
        var validation = new Validation(1000, right / 1000.0, macroF1, 0.6, null, null, null);
        var predictions = new OutOfFold(Activation.SOFTMAX, labels, probabilities);
        return new Choice(0.1, Scaling.COMMON, 0, validation, predictions, null);
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
        return new Choice(strength, Scaling.COMMON, 0, validation, null, null);
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
        var settings = new TrainingSettings(Activation.SOFTMAX, 5, 5, List.of(0.1, 0.03), 0);
        return CrossValidation.choose(set, settings, Deadline.none());
    }
}
