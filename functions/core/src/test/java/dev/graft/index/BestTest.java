package dev.graft.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BestTest {
    @Test
    void keepsTheHighestAndOfEqualOnesTheFirst() {
        Random random = new Random(1);
        for (int trial = 0; trial < 300; trial++) {
            int count = random.nextInt(12);
            double[] scores =
                    IntStream.range(0, random.nextInt(40))
                            .mapToDouble(i -> random.nextInt(8) - 4)
                            .toArray();
            Best best = new Best(count);
            for (int i = 0; i < scores.length; i++) {
                best.offer(i, scores[i]);
            }
            int[] expected =
                    IntStream.range(0, scores.length)
                            .boxed()
                            .sorted(Comparator.comparingDouble(i -> -scores[i]))
                            .limit(count)
                            .mapToInt(i -> i)
                            .toArray();
            assertArrayEquals(expected, best.places());
            if (count > 0) {
                boolean full = expected.length == count;
                double lowest = full ? scores[expected[count - 1]] : Double.NEGATIVE_INFINITY;
                assertEquals(lowest, best.lowest());
            }
        }
    }
}
