package dev.graft.index;

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

    /** Features whose values go into each column at once: a cache line. */
    private static final int WRITTEN = 16;

    /** Units that are asked for at once, while columns are in the first cache of a processor. */
    private static final int ASKED = 8;

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
            if (best.wouldTake(cosines[i]) && wanted.test(i)) {
                best.offer(i, cosines[i]);
            }
        }
        return best.places();
    }

    /**
     * Of each unit with each feature, but for what rounding adds (less than 3e-5); (units,
     * features).
     */
    private float[][] cosines(float[]... units) {
        float[][] columns = columns(units[0].length);
        float[][] sums = new float[units.length][features.length];
        int k = 0;
        for (; k + 3 < columns.length; k += 4) {
            for (int u = 0; u < units.length; u++) {
                addFour(sums[u], columns, units[u], k);
            }
        }
        for (; k < columns.length; k++) {
            for (int u = 0; u < units.length; u++) {
                addOne(sums[u], columns[k], units[u][k]);
            }
        }
        return sums;
    }

    private float[][] columns(int width) {
        float[][] made = columns;
        if (made == null) {
            made = new float[width][features.length];
            for (int from = 0; from < features.length; from += WRITTEN) {
                write(made, from, Math.min(features.length, from + WRITTEN));
            }
            columns = made;
        }
        return made;
    }

    private void write(float[][] columns, int from, int to) {
        float[][] units = new float[to - from][];
        Arrays.setAll(units, i -> features[from + i].unit());
        for (int k = 0; k < columns.length; k++) {
            for (int i = from; i < to; i++) {
                columns[k][i] = units[i - from][k];
            }
        }
    }

    /** Four columns at once, so that the sums are read and written a quarter as often. */
    private static void addFour(float[] sums, float[][] columns, float[] factors, int k) {
        float[] a = columns[k];
        float[] b = columns[k + 1];
        float[] c = columns[k + 2];
        float[] d = columns[k + 3];
        float fa = factors[k];
        float fb = factors[k + 1];
        float fc = factors[k + 2];
        float fd = factors[k + 3];
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (fa * a[i] + fb * b[i]) + (fc * c[i] + fd * d[i]);
        }
    }

    private static void addOne(float[] sums, float[] column, float factor) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += factor * column[i];
        }
    }
}
