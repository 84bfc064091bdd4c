package dev.graft.index;

import java.util.function.IntPredicate;

/** Compares with every feature. */
final class ExactSearch implements Search {
    private final KeptFeature[] features;
    private final Scaling scaling;

    /** Among these, which are not to be changed. */
    ExactSearch(KeptFeature[] features) {
        this.features = features;
        this.scaling = Scaling.of(features);
    }

    /**
     * Such that no product of a unit with a feature exceeds {@link KeptFeature#MOST}.
     *
     * @param factor of the units
     */
    record Scaling(float factor) {
        static Scaling of(KeptFeature[] features) {
            float longest = 1;
            for (KeptFeature feature : features) {
                longest = Math.max(longest, feature.length());
            }
            return new Scaling(KeptFeature.MOST / longest);
        }

        float[] of(float[] unit) {
            float[] scaled = unit.clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= factor;
            }
            return scaled;
        }
    }

    @Override
    public String name() {
        return "exact";
    }

    @Override
    public int[] nearest(float[] unit, int count, IntPredicate wanted) {
        float[] scaled = scaling.of(unit);
        Best best = new Best(count);
        for (int i = 0; i < features.length; i++) {
            if (wanted.test(i)) {
                best.offer(i, features[i].product(scaled) / (double) features[i].length());
            }
        }
        return best.places();
    }
}
