package dev.graft.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {
    private static final double COSINE = 0.95;
    private static final int IMAGES = 6_000;
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
        int[] groups = groups(features);
        int pairs = 0;
        int found = 0;
        for (int i = 0; i < IMAGES / 2; i++) {
            if (cosine(features[i], features[i + IMAGES / 2]) >= COSINE) {
                pairs++;
                found += groups[i] == groups[i + IMAGES / 2] ? 1 : 0;
            }
        }
        assertTrue(pairs > 500, "pairs: " + pairs);
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

    private static int[] groups(float[][] features) {
        List<String> keys = IntStream.range(0, features.length).mapToObj(i -> "" + i).toList();
        return groups(features, keys, Collections.nCopies(features.length, new byte[0]));
    }

    private static int[] groups(float[][] features, List<String> keys, List<byte[]> thumbnails) {
        return NearDuplicates.groups(
                new NearDuplicates.Images(keys, i -> features[i], thumbnails, COSINE), () -> false);
    }

    @Test
    void pairsOfPartsAreThoseOfTheWhole() {
        Random random = new Random(4);
        float[][] features = new float[300][];
        Arrays.setAll(features, i -> random(random));
        var pairs = new SignPairs(features.length, i -> features[i]);
        long[] parts =
                Stream.of(pairs.pairs(0, 7), pairs.pairs(7, 150), pairs.pairs(150, 300))
                        .flatMapToLong(Arrays::stream)
                        .toArray();
        assertTrue(parts.length > 200, "pairs: " + parts.length);
        assertArrayEquals(pairs.pairs(0, 300), parts);
    }

    @Test
    void whoHasNoTimeGetsGroupsByNameAlone() {
        float[] same = random(new Random(1));
        float[][] features = {same, same, same};
        var images =
                new NearDuplicates.Images(
                        List.of("images/a.jpg", "images/b.jpg", "images/a copy.jpg"),
                        i -> features[i],
                        Collections.nCopies(3, new byte[0]),
                        COSINE);
        assertArrayEquals(new int[] {0, 1, 0}, NearDuplicates.groups(images, () -> true));
        assertArrayEquals(new int[] {0, 0, 0}, NearDuplicates.groups(images, () -> false));
    }

    /** 1 is near 0 and 2 near 1, but 2 is not near 0: what led from 0 to 2 before was a chain. */
    @Test
    void aGroupIsWhatIsNearItsFirstImage() {
        float[][] features = {{1, 0, 0}, {1, .3f, 0}, {1, .6f, 0}, {0, 1, 0}, {0, 1, .1f}};
        assertArrayEquals(new int[] {0, 0, 2, 3, 3}, groups(features));
    }

    @Test
    void copiesWithoutEndAreOneGroup() {
        float[] same = random(new Random(1));
        float[][] features = Collections.nCopies(500, same).toArray(float[][]::new);
        for (int group : groups(features)) {
            assertEquals(0, group);
        }
    }

    @Test
    void namesOfCopiesCountWhateverTheyShow() {
        List<String> keys =
                List.of(
                        "images/train/cat/a_jpg.rf.0123456789abcdef0123456789abcdef.jpg",
                        "images/valid/cat/a_jpg.rf.ffff456789abcdef0123456789abcdef.jpg",
                        "images/dog/a.jpg",
                        "images/dog/a-150x150.jpg",
                        "images/dog/b (1).jpg",
                        "images/dog/b (2).jpg",
                        "images/dog/c.png",
                        "images/dog/c_aug_7.jpg",
                        "images/dog/C copy 2.JPG",
                        "images/dog/c - Copy (3).jpg",
                        "images/dog/_aug.jpg",
                        "images/key/a-150x150.jpg");
        Random random = new Random(2);
        float[][] features = new float[keys.size()][];
        Arrays.setAll(features, i -> random(random));
        assertArrayEquals(
                new int[] {0, 0, 2, 2, 4, 5, 6, 6, 6, 6, 10, 11},
                groups(features, keys, Collections.nCopies(keys.size(), new byte[0])));
    }

    /** What looks alike to a network, such as daisies, is not one picture. */
    @Test
    void thumbnailsDecideWhereThereAreSome() {
        AlteredPictures pictures = AlteredPictures.drawn(40);
        List<String> keys = pictures.names();
        float[][] features = new float[keys.size()][];
        Random random = new Random(1);
        for (int i = 0; i < features.length; i++) {
            features[i] = random(new Random(pictures.original(i) / 4)); // four pictures look alike
            features[i] = near(features[i], 0.05, random);
        }
        int[] groups = groups(features, keys, pictures.thumbnails());
        int found = 0;
        for (int i = 0; i < groups.length; i++) {
            int of = pictures.original(i);
            assertTrue(groups[i] == i || pictures.original(groups[i]) == of, keys.get(i));
            found += of != i && groups[i] == groups[of] ? 1 : 0;
        }
        int copies = groups.length - 40;
        assertTrue(found >= 0.95 * copies, found + " of " + copies);
        assertArrayEquals(groups, groups(features, keys, pictures.thumbnails()), "again");
    }
}
