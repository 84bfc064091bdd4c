package dev.graft.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {
    private static final double COSINE = 0.95;
    private static final int IMAGES = 20_000;
    private static final int WIDTH = 64;

    /** Non-negative as pooled features are: unrelated images have a cosine of about 0.64. */
    private static float[] random(Random random) {
        float[] values = new float[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            values[j] = (float) Math.abs(random.nextGaussian());
        }
        return values;
    }

    private static float[] near(float[] values, double noise, Random random) {
        float[] near = values.clone();
        for (int j = 0; j < WIDTH; j++) {
            near[j] += (float) (noise * random.nextGaussian());
        }
        return near;
    }

    /** Every image in the upper half is a disturbed copy of one in the lower half. */
    private static double recall(double noise) {
        Random random = new Random(3);
        float[][] features = new float[IMAGES][];
        for (int i = 0; i < IMAGES / 2; i++) {
            features[i] = random(random);
            features[i + IMAGES / 2] = near(features[i], noise, random);
        }
        int[] groups = NearDuplicates.groups(IMAGES, i -> features[i], COSINE);
        int pairs = 0;
        int found = 0;
        for (int i = 0; i < IMAGES / 2; i++) {
            if (cosine(features[i], features[i + IMAGES / 2]) >= COSINE) {
                pairs++;
                found += groups[i] == groups[i + IMAGES / 2] ? 1 : 0;
            }
        }
        assertTrue(pairs > 1000, "pairs: " + pairs);
        System.out.printf("noise %.2f: %d of %d pairs found%n", noise, found, pairs);
        return (double) found / pairs;
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int j = 0; j < a.length; j++) {
            product += a[j] * b[j];
            first += a[j] * a[j];
            second += b[j] * b[j];
        }
        return product / Math.sqrt(first * second);
    }

    @Test
    void findsNearlyAllPairs() {
        assertTrue(recall(0.1) > 0.99, "cosine about 0.995");
        assertTrue(recall(0.3) > 0.9, "cosine about 0.96, close to the threshold");
    }

    @Test
    void lookAlikesOfLookAlikesAreOneGroup() {
        float[][] features = {{1, 0, 0}, {0, 1, 0}, {1, .3f, 0}, {1, .6f, 0}, {0, 1, .1f}};
        assertArrayEquals(
                new int[] {0, 1, 0, 0, 1}, NearDuplicates.groups(5, i -> features[i], COSINE));
    }

    @Test
    void copiesWithoutEndAreOneGroup() {
        float[] same = random(new Random(1));
        int[] groups = NearDuplicates.groups(5000, i -> same, COSINE);
        for (int group : groups) {
            assertEquals(0, group);
        }
    }
}
