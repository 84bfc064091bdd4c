package dev.graft.fit;

import dev.graft.feature.Float16;
import dev.graft.head.Activation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Seeded training sets: three classes that overlap. */
public final class Sets {
    /** Their names. */
    public static final List<String> CLASSES = List.of("a", "b", "c");

    private Sets() {}

    /** The same images whatever the {@code order} in which they come into the matrix. */
    public static TrainingSet random(int images, int width, Random order) {
        Random random = new Random(7);
        float[][] features = new float[images][width];
        int[] labels = new int[images];
        for (int i = 0; i < images; i++) {
            labels[i] = random.nextInt(3);
            for (int j = 0; j < width; j++) {
                features[i][j] = (float) random.nextGaussian() + (labels[i] == j ? 1 : 0);
            }
        }
        FeatureMatrix matrix = new FeatureMatrix();
        int[] rows = arrive(features, matrix, order);
        return TrainingSet.softmax(matrix, rows, labels, folds(images), CLASSES);
    }

    /** Likewise with one to three labels an image. */
    public static TrainingSet several(int images, int width, Random order) {
        Random random = new Random(7);
        float[][] features = new float[images][width];
        int[][] labels = new int[images][];
        for (int i = 0; i < images; i++) {
            int has = 1 + random.nextInt(7);
            labels[i] = IntStream.range(0, 3).filter(c -> (has >> c & 1) == 1).toArray();
            for (int j = 0; j < width; j++) {
                features[i][j] = (float) random.nextGaussian() + (has >> j & 1);
            }
        }
        FeatureMatrix matrix = new FeatureMatrix();
        int[] rows = arrive(features, matrix, order);
        return new TrainingSet(matrix, rows, labels, folds(images), CLASSES, Activation.SIGMOID);
    }

    private static int[] folds(int images) {
        return IntStream.range(0, images).map(i -> i % 5).toArray();
    }

    private static int[] arrive(float[][] features, FeatureMatrix matrix, Random order) {
        List<Integer> arrival =
                new ArrayList<>(IntStream.range(0, features.length).boxed().toList());
        Collections.shuffle(arrival, order);
        int[] rows = new int[features.length];
        for (int i : arrival) {
            rows[i] = matrix.add(Float16.encode(features[i]), "image " + i);
        }
        return rows;
    }
}
