package dev.graft.index;

import dev.graft.feature.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the very most similar of few features. Their values are kept once more in columns, so that
 * the sums of many features grow side by side: Java's compiler uses the vector instructions of a
 * processor for these, and each sum is added in the same order on every machine.
 */
final class ColumnSearch implements Search {
    /** Among more features {@link ExactSearch} is faster, and takes half the memory. */
    static final int MOST = 2_000;

    /** Units that are asked for at once, and columns that stay in the first cache meanwhile. */
    private static final int ASKED = 8;

    private static final int AT_ONCE = 4;

    private final KeptFeature[] features;

    /** (width, features), each feature scaled to length 1; made when first asked for. */
    private volatile float @Nullable [][] columns;

    /** Among these. */
    ColumnSearch(KeptFeature[] features) {
        this.features = features;
    }

    @Override
    public String name() {
        return "exact";
    }

    @Override
    public int[] nearest(float[] unit, int count, IntPredicate wanted) {
        return best(cosines(unit)[0], count, wanted);
    }

    @Override
    public List<int[]> nearestOfEach(
            List<float[]> units, int count, IntFunction<IntPredicate> wanted) {
        List<int[]> found = new ArrayList<>();
        while (found.size() < units.size()) {
            var next = units.stream().skip(found.size()).limit(ASKED);
            for (float[] cosines : cosines(next.toArray(float[][]::new))) {
                found.add(best(cosines, count, wanted.apply(found.size())));
            }
        }
        return found;
    }

    private static int[] best(float[] cosines, int count, IntPredicate wanted) {
        Best best = new Best(count);
        for (int i = 0; i < cosines.length; i++) {
            best.offer(i, cosines[i], wanted);
        }
        return best.places();
    }

    /**
     * Of each unit with each feature, but for what rounding adds (less than 3e-5); (units,
     * features).
     */
    private float[][] cosines(float[]... units) {
        float[][] columns = columns();
        float[][] sums = new float[units.length][features.length];
        for (int from = 0; from < columns.length; from += AT_ONCE) {
            int to = Math.min(columns.length, from + AT_ONCE);
            for (int u = 0; u < units.length; u++) {
                Vectors.addColumns(sums[u], columns, units[u], from, to);
            }
        }
        return sums;
    }

    private float[][] columns() {
        float[][] made = columns;
        if (made == null) {
            made =
                    Vectors.columns(
                            Arrays.stream(features).map(KeptFeature::unit).toArray(float[][]::new));
            columns = made;
        }
        return made;
    }
}
