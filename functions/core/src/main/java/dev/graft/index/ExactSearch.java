package dev.graft.index;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Finds the very most similar of many features: compares with every one, or with each that {@link
 * CosineBounds} do not rule out. Both find the same. To make bounds costs as much as some searches
 * without, so that they are made in the background after so many. Those of each of some features
 * are found by {@link ColumnSearch} among some at a time.
 */
final class ExactSearch implements Search {
    /** If more than one of so many is not ruled out, more directions are worth to look at. */
    private static final int MANY_LEFT = 32;

    private static final int WORTH_BOUNDS = 2 * CosineBounds.DIRECTIONS;

    /** So many features of 512 values are half a MB in columns, which the second cache holds. */
    private static final int AT_A_TIME = 512;

    /** So many bounds are a cache line. */
    private static final int LINE = 16;

    /** So many are compared before the next are ruled out by the best of them. */
    private static final int TOGETHER = 128;

    private final KeptFeature[] features;
    private final FeatureColumns columns;
    private final AtomicInteger searches = new AtomicInteger();
    private volatile Optional<CosineBounds> bounds = Optional.empty();

    /** Among these, which are kept in the same way. */
    ExactSearch(KeptFeature[] features) {
        this.features = features;
        this.columns = FeatureColumns.of(features);
    }

    @Override
    public String name() {
        return "exact";
    }

    @Override
    public int[] nearest(float[] unit, int count, IntPredicate wanted) {
        if (searches.incrementAndGet() == WORTH_BOUNDS) {
            Thread.ofPlatform().daemon().name("cosine-bounds").start(this::makeFastBounds);
        }
        Asked asked = new Asked(unit);
        return bounds.map(made -> bounded(asked, count, wanted, made.of(asked)))
                .orElseGet(() -> ofAll(asked, count, wanted));
    }

    @Override
    public List<int[]> nearestOfEach(
            List<float[]> units, int count, IntFunction<IntPredicate> wanted) {
        List<List<int[]>> some =
                IntStream.range(0, (features.length + AT_A_TIME - 1) / AT_A_TIME)
                        .parallel()
                        .mapToObj(part -> nearestInPart(part * AT_A_TIME, units, count, wanted))
                        .toList();
        return IntStream.range(0, units.size())
                .mapToObj(
                        k ->
                                best(
                                        new Asked(units.get(k)),
                                        count,
                                        some.stream().flatMapToInt(of -> IntStream.of(of.get(k)))))
                .toList();
    }

    private List<int[]> nearestInPart(
            int from, List<float[]> units, int count, IntFunction<IntPredicate> wanted) {
        int to = Math.min(features.length, from + AT_A_TIME);
        return new ColumnSearch(Arrays.copyOfRange(features, from, to))
                .nearestOfEach(units, count, k -> moved(wanted.apply(k), from)).stream()
                        .map(places -> IntStream.of(places).map(i -> from + i).toArray())
                        .toList();
    }

    private static IntPredicate moved(IntPredicate wanted, int from) {
        return i -> wanted.test(from + i);
    }

    private int[] best(Asked asked, int count, IntStream places) {
        Best best = new Best(count);
        places.forEach(i -> best.offer(i, columns.cosine(asked, i)));
        return best.places();
    }

    private void makeFastBounds() {
        if (CosineBounds.areFast()) {
            makeBounds();
        }
    }

    /** From now on searches use them. */
    void makeBounds() {
        bounds = Optional.of(new CosineBounds(features, columns));
    }

    private int[] ofAll(Asked asked, int count, IntPredicate wanted) {
        Best best = new Best(count);
        for (int i = 0; i < features.length; i++) {
            best.offer(i, columns.cosine(asked, i), wanted);
        }
        return best.places();
    }

    private int[] bounded(Asked asked, int count, IntPredicate wanted, CosineBounds.Bounds bounds) {
        float[] most = bounds.most();
        float needed = needed(asked, count, wanted, most);
        if (areManyLeft(most, needed)) {
            bounds.narrow();
            needed = Math.max(needed, needed(asked, count, wanted, most));
        }
        Best best = new Best(count);
        int[] places = new int[TOGETHER];
        int found = 0;
        for (int i = 0; i < most.length; i++) {
            if (most[i] >= needed && best.wouldTake(most[i])) {
                places[found++] = i;
                if (found == TOGETHER) {
                    offer(best, asked, places, wanted);
                    found = 0;
                }
            }
        }
        offer(best, asked, Arrays.copyOf(places, found), wanted);
        return best.places();
    }

    /** A cosine that so many reach: the least of those with the highest bounds. */
    private float needed(Asked asked, int count, IntPredicate wanted, float[] most) {
        Best likely = new Best(count);
        for (int i = 0; i < most.length; i++) {
            likely.offer(i, most[i], wanted);
        }
        Best best = new Best(count);
        offer(best, asked, likely.places(), wanted);
        return (float) best.lowest();
    }

    private void offer(Best best, Asked asked, int[] places, IntPredicate wanted) {
        double[] cosines = columns.cosines(asked, places);
        for (int k = 0; k < places.length; k++) {
            best.offer(places[k], cosines[k], wanted);
        }
    }

    /**
     * Whether many bounds reach a cosine, by some of them: to count all without branches, Java's
     * compiler takes 7 us or 43 for 23,000, by what it saw before.
     */
    private static boolean areManyLeft(float[] most, float least) {
        int left = 0;
        for (int i = 0; i < most.length; i += LINE) {
            left += most[i] >= least ? 1 : 0;
        }
        return left > most.length / LINE / MANY_LEFT;
    }
}
