package dev.graft.index;

import java.util.function.IntPredicate;

/** Compares with every feature. */
final class ExactSearch implements Search {
    private final int size;
    private final FeatureColumns features;

    /** Among these, which are kept in the same way. */
    ExactSearch(KeptFeature[] features) {
        this.size = features.length;
        this.features = FeatureColumns.of(features);
    }

    @Override
    public String name() {
        return "exact";
    }

    @Override
    public int[] nearest(float[] unit, int count, IntPredicate wanted) {
        Asked asked = new Asked(unit);
        Best best = new Best(count);
        for (int i = 0; i < size; i++) {
            double cosine = features.cosine(asked, i);
            // only of few is it worth to know, as it means to look at what else belongs to an image
            if (best.wouldTake(cosine) && wanted.test(i)) {
                best.offer(i, cosine);
            }
        }
        return best.places();
    }
}
