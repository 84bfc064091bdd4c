package dev.graft.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.graft.feature.Vectors;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is ruled out by bounds must not have been among the best. */
class CosineBoundsTest {
    private static final int ROWS = 2_000;
    private static final int WIDTH = 256;
    private static final int FACTORS = 20;

    private static KeptFeature[] of(IntFunction<float[]> row) {
        return IntStream.range(0, ROWS)
                .mapToObj(i -> KeptFeature.of(row.apply(i)))
                .toArray(KeptFeature[]::new);
    }

    /** Mostly along some directions, as the features of a network are. */
    private static float[] correlated(int seed) {
        Random mixing = new Random(1);
        Random own = new Random(seed);
        float[] values = new float[WIDTH];
        for (int factor = 0; factor < FACTORS; factor++) {
            float along = (float) own.nextGaussian();
            for (int i = 0; i < WIDTH; i++) {
                values[i] += along * (float) mixing.nextGaussian();
            }
        }
        for (int i = 0; i < WIDTH; i++) {
            values[i] = Math.max(0, values[i] + (float) own.nextGaussian());
        }
        return values;
    }

    private static float[] alike(int seed) {
        Random random = new Random(seed);
        float[] values = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void assertAbove(KeptFeature[] features, float[]... asked) {
        FeatureColumns columns = FeatureColumns.of(features);
        CosineBounds bounds = new CosineBounds(features, columns);
        for (float[] feature : asked) {
            float[] unit = Vectors.unit(feature);
            Asked one = new Asked(unit);
            CosineBounds.Bounds found = bounds.of(one);
            float[] byFirst = found.most().clone();
            found.narrow();
            for (int i = 0; i < features.length; i++) {
                double cosine = columns.cosine(one, i);
                double exact = Vectors.cosine(unit, features[i].values());
                float most = Math.min(byFirst[i], found.most()[i]);
                assertTrue(most >= Math.max(cosine, exact), i + ": " + most);
            }
        }
    }

    @Test
    void noCosineIsAboveItsBound() {
        KeptFeature[] features = of(CosineBoundsTest::correlated);
        KeptFeature[] codes =
                Arrays.stream(features).map(KeptFeature::coded).toArray(KeptFeature[]::new);
        float[][] asked = {correlated(ROWS), correlated(7), alike(1), new float[WIDTH]};
        assertAbove(features, asked);
        assertAbove(codes, asked);
        assertAbove(of(CosineBoundsTest::alike), asked);
    }

    /** With fewer directions than there is room for, and features without any. */
    @Test
    void featuresAlongFewDirectionsHaveBounds() {
        float[] single = new float[WIDTH];
        single[3] = 65_504;
        float[] small = new float[WIDTH];
        small[3] = 1e-3f;
        small[4] = 1e-3f;
        float[][] asked = {single, small, alike(1)};
        assertAbove(of(i -> asked[i % 2]), asked);
        assertAbove(of(i -> i % 2 == 0 ? single : new float[WIDTH]), asked);
        assertAbove(of(i -> new float[WIDTH]), asked);
    }

    @Test
    void areFastWhereOneInstructionMultipliesAndAdds() {
        var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        String told = machine.getVMOption("UseFMA").getValue();
        assertEquals(Boolean.parseBoolean(told), CosineBounds.areFast());
    }

    @Test
    void mostAreRuledOut() {
        KeptFeature[] features = of(CosineBoundsTest::correlated);
        FeatureColumns columns = FeatureColumns.of(features);
        Asked asked = new Asked(Vectors.unit(correlated(ROWS)));
        CosineBounds.Bounds bounds = new CosineBounds(features, columns).of(asked);
        bounds.narrow();
        double tenth =
                IntStream.range(0, ROWS)
                        .mapToDouble(i -> -columns.cosine(asked, i))
                        .sorted()
                        .skip(9)
                        .findFirst()
                        .orElseThrow();
        long left = IntStream.range(0, ROWS).filter(i -> bounds.most()[i] >= -tenth).count();
        assertTrue(left >= 10 && left < ROWS / 5, () -> left + " are left");
    }
}
