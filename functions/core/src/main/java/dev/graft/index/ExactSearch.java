package dev.graft.index;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * Finds the very most similar features: compares with every one, or with each that {@link
 * CosineBounds} do not rule out. Both find the same. To make bounds costs as much as some searches
 * without, so that they are made in the background after so many.
 */
final class ExactSearch implements Search {
    /** Of fewer features all are compared about as quickly. */
    private static final int LEAST_FOR_BOUNDS = 2_000;

    /** If more than one of so many is not ruled out, more directions are worth to look at. */
    private static final int MANY_LEFT = 32;

    /** So many are compared to know which cosine is needed. */
    private static final int LIKELY = 32;

    private static final int WORTH_BOUNDS = 2 * CosineBounds.DIRECTIONS;

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
        if (features.length >= LEAST_FOR_BOUNDS && searches.incrementAndGet() == WORTH_BOUNDS) {
            Thread.ofPlatform().daemon().name("cosine-bounds").start(this::makeBounds);
        }
        Asked asked = new Asked(unit);
        return bounds.map(made -> bounded(asked, count, wanted, made.of(asked)))
                .orElseGet(() -> ofAll(asked, count, wanted));
    }

    /** From now on searches use them. */
    void makeBounds() {
        bounds = Optional.of(new CosineBounds(features, columns));
    }

    private int[] ofAll(Asked asked, int count, IntPredicate wanted) {
        Best best = new Best(count);
        for (int i = 0; i < features.length; i++) {
            offer(best, i, columns.cosine(asked, i), wanted);
        }
        return best.places();
    }

    private int[] bounded(Asked asked, int count, IntPredicate wanted, CosineBounds.Bounds bounds) {
        float[] most = bounds.most();
        double needed = needed(asked, count, wanted, most, count);
        int[] left = left(most, needed);
        if (left.length > most.length / MANY_LEFT) {
            bounds.narrow();
            int likely = Math.max(count, LIKELY);
            needed = Math.max(needed, needed(asked, count, wanted, most, likely));
            left = left(most, needed);
        }
        Best best = new Best(count);
        for (int i : left) {
            if (best.wouldTake(most[i])) {
                offer(best, i, columns.cosine(asked, i), wanted);
            }
        }
        return best.places();
    }

    /** A cosine that the best reach: that of the best so many of those with the highest bounds. */
    private double needed(Asked asked, int count, IntPredicate wanted, float[] most, int compared) {
        Best likely = new Best(compared);
        for (int i = 0; i < most.length; i++) {
            offer(likely, i, most[i], wanted);
        }
        Best best = new Best(count);
        for (int place : likely.places()) {
            best.offer(place, columns.cosine(asked, place));
        }
        return best.lowest();
    }

    /** The places whose bounds reach a cosine; without a branch for each. */
    private static int[] left(float[] most, double needed) {
        float least = (float) needed;
        int[] left = new int[most.length];
        int found = 0;
        for (int i = 0; i < most.length; i++) {
            left[found] = i;
            found += most[i] >= least ? 1 : 0;
        }
        return Arrays.copyOf(left, found);
    }

    /** Only of few is it worth to know whether they are wanted, as it means to look elsewhere. */
    private static void offer(Best best, int place, double score, IntPredicate wanted) {
        if (best.wouldTake(score) && wanted.test(place)) {
            best.offer(place, score);
        }
    }
}
