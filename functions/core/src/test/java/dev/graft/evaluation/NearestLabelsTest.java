package dev.graft.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.graft.feature.Float16;
import dev.graft.feature.Vectors;
import dev.graft.fit.FeatureMatrix;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two classes far apart, 100 images each; image 0 looks like class 0 and is labelled 1. */
class NearestLabelsTest {
    private static final int IMAGES = 200;
    private static final int FOLDS = 5;

    private static TrainingSet set(FeatureMatrix features, int[] labels) {
        Random random = new Random(4);
        int[] rows = new int[IMAGES];
        for (int i = 0; i < IMAGES; i++) {
            float[] feature = new float[8];
            for (int j = 0; j < feature.length; j++) {
                feature[j] = (float) (0.1 * random.nextGaussian());
            }
            feature[i % 2] += 1;
            rows[i] = features.add(Float16.encode(feature), "images/" + i);
        }
        int[] folds = IntStream.range(0, IMAGES).map(i -> i / 2 % FOLDS).toArray();
        return TrainingSet.softmax(features, rows, labels, folds, List.of("a", "b"));
    }

    /** The head says nothing at all. */
    private static OutOfFold even(TrainingSet set) {
        double[][] even =
                IntStream.range(0, IMAGES)
                        .mapToObj(i -> new double[] {0.5, 0.5})
                        .toArray(double[][]::new);
        return new OutOfFold(Activation.SOFTMAX, set.labels(), even);
    }

    @Test
    void theMeanOfHeadAndNearestLabelsDoubtsTheWrongOneMost() {
        try (FeatureMatrix features = new FeatureMatrix()) {
            int[] labels = IntStream.range(0, IMAGES).map(i -> i == 0 ? 1 : i % 2).toArray();
            TrainingSet set = set(features, labels);
            OutOfFold mixed = NearestLabels.mixed(even(set), set, () -> false);
            assertArrayEquals(new double[] {0.75, 0.25}, mixed.probabilities()[0], 1e-9);
            List<LabelDoctor.Suspect> suspects = LabelDoctor.suspects(mixed);
            assertEquals(List.of(0), suspects.stream().map(s -> s.image()).toList());
        }
    }

    /** Images of the same fold, such as near-duplicates, have no say. */
    @Test
    void imagesOfTheSameFoldAreNotAsked() {
        try (FeatureMatrix features = new FeatureMatrix()) {
            int[] labels =
                    IntStream.range(0, IMAGES)
                            .map(i -> i / 2 % FOLDS == 0 ? 1 - i % 2 : i % 2)
                            .toArray();
            TrainingSet set = set(features, labels);
            OutOfFold mixed = NearestLabels.mixed(even(set), set, () -> false);
            assertArrayEquals(new double[] {0.75, 0.25}, mixed.probabilities()[0], 1e-9);
        }
    }

    /** Of so wide features only some go into a cache, so that images are compared in parts. */
    @Test
    void imagesComparedInPartsSayWhatAllOfThemSay() {
        int width = 1_200;
        try (FeatureMatrix features = new FeatureMatrix()) {
            Random random = new Random(5);
            float[][] units = new float[IMAGES][width];
            int[] rows = new int[IMAGES];
            for (int i = 0; i < IMAGES; i++) {
                for (int j = 0; j < width; j++) {
                    units[i][j] = (float) random.nextGaussian();
                }
                byte[] stored = Float16.encode(units[i]);
                units[i] = Vectors.unit(Float16.decode(stored));
                rows[i] = features.add(stored, "images/" + i);
            }
            int[] labels = random.ints(IMAGES, 0, 2).toArray();
            int[] folds = random.ints(IMAGES, 0, FOLDS).toArray();
            TrainingSet set = TrainingSet.softmax(features, rows, labels, folds, List.of("a", "b"));
            OutOfFold mixed = NearestLabels.mixed(even(set), set, () -> false);
            for (int i = 0; i < IMAGES; i++) {
                int image = i;
                long second =
                        IntStream.range(0, IMAGES)
                                .filter(k -> folds[k] != folds[image])
                                .boxed()
                                .sorted(
                                        Comparator.comparingDouble(
                                                k -> -Vectors.dot(units[image], units[k])))
                                .limit(30)
                                .filter(k -> labels[k] == 1)
                                .count();
                assertEquals((0.5 + second / 30.0) / 2, mixed.probabilities()[i][1], 1e-9);
            }
        }
    }

    @Test
    void nothingChangesOnceTheTimeIsOver() {
        try (FeatureMatrix features = new FeatureMatrix()) {
            TrainingSet set = set(features, IntStream.range(0, IMAGES).map(i -> i % 2).toArray());
            OutOfFold head = even(set);
            OutOfFold mixed = NearestLabels.mixed(head, set, () -> true);
            assertSame(head.probabilities()[0], mixed.probabilities()[0]);
        }
    }
}
