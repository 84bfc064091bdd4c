package dev.graft.index;

import java.util.function.IntPredicate;

/** Compares with every feature. */
final class ExactSearch implements Search {
    private final KeptFeature[] features;

    /** Among these, which are not to be changed. */
    ExactSearch(KeptFeature[] features) {
        this.features = features;
    }

    @Override
    public String name() {
        return "exact";
    }

    @Override
    public int[] nearest(float[] unit, int count, IntPredicate wanted) {
        Asked asked = new Asked(unit);
        Best best = new Best(count);
        for (int i = 0; i < features.length; i++) {
            double cosine = asked.cosine(features[i]);
            // only of few is it worth to know, as it means to look at what else belongs to an image
            if (best.wouldTake(cosine) && wanted.test(i)) {
                best.offer(i, cosine);
            }
        }
        return best.places();
    }
}
