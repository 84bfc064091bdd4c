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
 * processor for these, and each sum is added in the same order on every machine. The columns lie
 * one behind the other and are read from the first to the last: what is in no cache comes in time
 * then, as after a network has run.
 */
final class ColumnSearch implements Search {
    /** Among more features {@link ExactSearch} is faster, and takes half the memory. */
    static final int MOST = 2_000;

    /** Units that are asked for at once, and columns that are in the first cache meanwhile. */
    private static final int ASKED = 8;

    private static final int AT_ONCE = 4;

    /** So many values of float16 are a cache line. */
    private static final int LINE = 32;

    private final KeptFeature[] features;
    private final float[] lengths;

    /** (width, features): as {@link KeptFeature#float16} has them; made when first asked for. */
    private volatile short @Nullable [] columns;

    /** Among these. */
    ColumnSearch(KeptFeature[] features) {
        this.features = features;
        this.lengths = new float[features.length];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = features[i].length();
        }
    }

    @Override
    public String name() {
        return "exact";
    }

    /** Without columns as float32, which pay for several units at once. */
    @Override
    public int[] nearest(float[] unit, int count, IntPredicate wanted) {
        short[] columns = columns();
        float[] products = new float[lengths.length];
        for (int k = 0; k < unit.length; k++) {
            add(products, unit[k], columns, k * products.length);
        }
        return best(products, count, wanted);
    }

    @Override
    public List<int[]> nearestOfEach(
            List<float[]> units, int count, IntFunction<IntPredicate> wanted) {
        List<int[]> found = new ArrayList<>();
        while (found.size() < units.size()) {
            var next = units.stream().skip(found.size()).limit(ASKED);
            for (float[] products : products(next.toArray(float[][]::new))) {
                found.add(best(products, count, wanted.apply(found.size())));
            }
        }
        return found;
    }

    /** By the cosines, which are as exact as sums of float32 (3e-5 of 2,048 values). */
    private int[] best(float[] products, int count, IntPredicate wanted) {
        for (int i = 0; i < products.length; i++) {
            products[i] /= lengths[i];
        }
        Best best = new Best(count);
        for (int i = 0; i < products.length; i++) {
            best.offer(i, products[i], wanted);
        }
        return best.places();
    }

    /** Of each unit with each feature as it is kept; (units, features). */
    private float[][] products(float[][] units) {
        short[] columns = columns();
        float[][] sums = new float[units.length][lengths.length];
        float[][] some = new float[AT_ONCE][lengths.length];
        for (int from = 0; from < units[0].length; from += AT_ONCE) {
            int count = Math.min(AT_ONCE, units[0].length - from);
            for (int k = 0; k < count; k++) {
                values(columns, (from + k) * lengths.length, some[k]);
            }
            for (int u = 0; u < units.length; u++) {
                Vectors.addColumns(sums[u], some, Arrays.copyOfRange(units[u], from, from + count));
            }
        }
        return sums;
    }

    private static void add(float[] sums, float factor, short[] columns, int from) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += factor * Float.float16ToFloat(columns[from + i]);
        }
    }

    private static void values(short[] columns, int from, float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(columns[from + i]);
        }
    }

    /** Of as many features as go into a cache line at once. */
    private short[] columns() {
        short[] made = columns;
        if (made == null) {
            int count = features.length;
            made = new short[count == 0 ? 0 : count * features[0].width()];
            for (int from = 0; from < count; from += LINE) {
                int to = Math.min(count, from + LINE);
                short[][] rows =
                        Arrays.stream(features, from, to)
                                .map(KeptFeature::float16)
                                .toArray(short[][]::new);
                for (int k = 0; k < rows[0].length; k++) {
                    for (int i = from; i < to; i++) {
                        made[k * count + i] = rows[i - from][k];
                    }
                }
            }
            columns = made;
        }
        return made;
    }
}
