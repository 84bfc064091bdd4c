package dev.graft.feature;

/**
 * The values of a feature at each position of the picture that the network saw; their mean over all
 * positions is the feature, before it is rounded; a network in int8 rounds it too.
 *
 * @param rows positions from the top to the bottom
 * @param columns positions from the left to the right
 * @param values (width, rows, columns)
 */
public record FeatureMap(int rows, int columns, float[] values) {
    /** Number of positions. */
    public int positions() {
        return rows * columns;
    }
}
