package dev.graft.image;

import java.util.Arrays;

/** Which bits of which coefficients the scans of a JPEG file have told so far. */
final class JpegScript {
    private static final int UNKNOWN = -1;
    private static final int LOWEST = 13;

    /** Of each component and coefficient the lowest bit that is known. */
    private final int[][] known;

    JpegScript(int components) {
        known = new int[components][JpegComponent.BLOCK];
        for (int[] coefficients : known) {
            Arrays.fill(coefficients, UNKNOWN);
        }
    }

    /**
     * Takes a scan in.
     *
     * @param component that it tells of
     * @param components of how many it does
     * @throws IrregularJpegException if it may not follow on those before
     */
    void add(int component, ProgressiveScan.Range range, int components, boolean progressive) {
        boolean fits =
                progressive
                        ? fits(range, components)
                        : range.from() == 0
                                && range.to() == JpegComponent.BLOCK - 1
                                && range.before() == 0
                                && range.low() == 0;
        int[] bits = known[component];
        if (!fits || range.from() > 0 && bits[0] == UNKNOWN) {
            throw new IrregularJpegException();
        }
        int before = range.before() == 0 ? UNKNOWN : range.before();
        for (int k = range.from(); k <= range.to(); k++) {
            if (bits[k] != before) {
                throw new IrregularJpegException();
            }
            bits[k] = range.low();
        }
    }

    private static boolean fits(ProgressiveScan.Range range, int components) {
        boolean coefficients =
                range.from() == 0
                        ? range.to() == 0
                        : components == 1
                                && range.from() > 0
                                && range.from() <= range.to()
                                && range.to() < JpegComponent.BLOCK;
        boolean bits =
                range.before() == 0
                        ? range.low() >= 0 && range.low() <= LOWEST
                        : range.low() == range.before() - 1;
        return coefficients && bits;
    }

    /** Whether every bit is known. */
    boolean isWhole() {
        for (int[] component : known) {
            for (int low : component) {
                if (low != 0) {
                    return false;
                }
            }
        }
        return known.length > 0;
    }
}
