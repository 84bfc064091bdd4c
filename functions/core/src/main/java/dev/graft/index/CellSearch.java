package dev.graft.index;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Compares with the features of the nearest cells alone, so that the time grows with the root of
 * their number: until {@value #COMPARED} of those that are wanted were compared. What lies just
 * beyond the border of a cell is missed now and then; infra/SCALE.md says how often. It is quick
 * where the features of a cell lie side by side in memory, as {@link FeatureFile} reads them.
 */
final class CellSearch implements Search {
    static final int COMPARED = 30_000;

    private final Cells cells;
    private final int compared;
    private final Members[] members;

    /**
     * The features of one cell, by columns, so that none is looked up by itself.
     *
     * @param places of the features
     * @param codes of each, perhaps among those of others
     * @param from where its own begin
     * @param lengths of each
     */
    private record Members(int[] places, byte[][] codes, int[] from, float[] lengths) {
        Members(int count) {
            this(new int[count], new byte[count][], new int[count], new float[count]);
        }

        void set(int i, int place, KeptFeature.Codes feature) {
            places[i] = place;
            codes[i] = feature.codes();
            from[i] = feature.from();
            lengths[i] = feature.length();
        }
    }

    /**
     * Among these, which are not to be changed.
     *
     * @param cellOf of each feature, its cell
     * @param compared so many are compared at least, where there are as many
     */
    CellSearch(KeptFeature[] features, Cells cells, int[] cellOf, int compared) {
        this.compared = compared;
        this.cells = cells;
        int[] counts = new int[cells.count()];
        for (int cell : cellOf) {
            counts[cell]++;
        }
        this.members = IntStream.of(counts).mapToObj(Members::new).toArray(Members[]::new);
        for (int place = features.length - 1; place >= 0; place--) {
            int cell = cellOf[place];
            members[cell].set(--counts[cell], place, features[place].coded());
        }
    }

    @Override
    public String name() {
        return "cells";
    }

    @Override
    public int[] nearest(float[] unit, int count, IntPredicate wanted) {
        Asked asked = new Asked(unit);
        Best best = new Best(count);
        int left = compared;
        int[] order = cells.nearestFirst(unit);
        for (int c = 0; c < order.length && left > 0; c++) {
            Members cell = members[order[c]];
            for (int i = 0; i < cell.places.length; i++) {
                int place = cell.places[i];
                if (wanted.test(place)) {
                    best.offer(place, asked.cosine(cell.codes[i], cell.from[i], cell.lengths[i]));
                    left--;
                }
            }
        }
        return best.places();
    }
}
