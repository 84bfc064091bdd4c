package dev.graft.index;

/**
 * Kept features by columns, so that to compare one with all of them reads memory from its beginning
 * to its end, and looks up no object for each. Immutable; safe for use by many threads.
 */
sealed interface FeatureColumns {
    /** Of features that are kept in the same way. */
    static FeatureColumns of(KeptFeature[] features) {
        return features.length > 0 && features[0] instanceof KeptFeature.Halves
                ? Halves.of(features)
                : Codes.of(features);
    }

    /** See {@link Asked#cosine}. */
    double cosine(Asked asked, int i);

    /**
     * Every value, see {@link KeptFeature.Halves}.
     *
     * @param halves of each feature, perhaps among those of others
     * @param from where its own begin
     * @param lengths of each
     */
    record Halves(short[][] halves, int[] from, float[] lengths) implements FeatureColumns {
        private static Halves of(KeptFeature[] features) {
            int count = features.length;
            Halves columns = new Halves(new short[count][], new int[count], new float[count]);
            for (int i = 0; i < count; i++) {
                KeptFeature.Halves feature = (KeptFeature.Halves) features[i];
                columns.halves[i] = feature.halves();
                columns.from[i] = feature.from();
                columns.lengths[i] = feature.length();
            }
            return columns;
        }

        @Override
        public double cosine(Asked asked, int i) {
            return asked.cosine(halves[i], from[i], lengths[i]);
        }
    }

    /**
     * Rounded to bytes, see {@link KeptFeature.Codes}.
     *
     * @param codes of each feature, perhaps among those of others
     * @param from where its own begin
     * @param lengths of each
     */
    record Codes(byte[][] codes, int[] from, float[] lengths) implements FeatureColumns {
        private static Codes of(KeptFeature[] features) {
            int count = features.length;
            Codes columns = new Codes(new byte[count][], new int[count], new float[count]);
            for (int i = 0; i < count; i++) {
                KeptFeature.Codes feature = features[i].coded();
                columns.codes[i] = feature.codes();
                columns.from[i] = feature.from();
                columns.lengths[i] = feature.length();
            }
            return columns;
        }

        @Override
        public double cosine(Asked asked, int i) {
            return asked.cosine(codes[i], from[i], lengths[i]);
        }
    }
}
