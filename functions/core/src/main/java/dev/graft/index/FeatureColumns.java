package dev.graft.index;

import java.util.stream.IntStream;

/**
 * Kept features by columns, so that to compare one with all of them reads memory from its beginning
 * to its end, and looks up no object for each. Immutable; safe for use by many threads.
 */
sealed interface FeatureColumns {
    /** So many features of 2,048 values are 64 kB. */
    int AT_ONCE = 16;

    /** Of features that are kept in the same way. */
    static FeatureColumns of(KeptFeature[] features) {
        return features.length > 0 && features[0] instanceof KeptFeature.Halves
                ? Halves.of(features)
                : Codes.of(features);
    }

    /** See {@link Asked#cosine}. */
    double cosine(Asked asked, int i);

    /** The same of some features, each of which may lie elsewhere; (places). */
    double[] cosines(Asked asked, int[] places);

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

        /**
         * Some are copied side by side first: what is in no cache is waited for together then, and
         * not by one product after the other.
         */
        @Override
        public double[] cosines(Asked asked, int[] places) {
            int width = asked.width();
            short[] some = new short[Math.min(places.length, AT_ONCE) * width];
            float[] lengthOf = new float[AT_ONCE];
            double[] cosines = new double[places.length];
            for (int start = 0; start < places.length; start += AT_ONCE) {
                int count = Math.min(places.length - start, AT_ONCE);
                for (int k = 0; k < count; k++) {
                    int i = places[start + k];
                    System.arraycopy(halves[i], from[i], some, k * width, width);
                    lengthOf[k] = lengths[i];
                }
                for (int k = 0; k < count; k++) {
                    cosines[start + k] = asked.cosine(some, k * width, lengthOf[k]);
                }
            }
            return cosines;
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

        @Override
        public double[] cosines(Asked asked, int[] places) {
            return IntStream.of(places).mapToDouble(i -> cosine(asked, i)).toArray();
        }
    }
}
