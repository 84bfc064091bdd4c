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
            if (wanted.test(i)) {
                best.offer(i, asked.cosine(features[i]));
            }
        }
        return best.places();
    }
}
