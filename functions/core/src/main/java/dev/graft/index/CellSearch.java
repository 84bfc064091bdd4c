package dev.graft.index;

import java.util.function.IntPredicate;

/**
 * Compares with the features of the nearest cells alone, so that the time grows with the root of
 * their number: until {@value #COMPARED} of those that are wanted were compared. What lies just
 * beyond the border of a cell is missed now and then; infra/SCALE.md says how often.
 */
final class CellSearch implements Search {
    static final int COMPARED = 40_000;

    private final KeptFeature[] features;
    private final Cells cells;
    private final int compared;
    private final int[][] members;

    /**
     * Among these, which are not to be changed.
     *
     * @param cellOf of each feature, its cell
     * @param compared so many are compared at least, where there are as many
     */
    CellSearch(KeptFeature[] features, Cells cells, int[] cellOf, int compared) {
        this.compared = compared;
        this.features = features;
        this.cells = cells;
        this.members = members(cells.count(), cellOf);
    }

    private static int[][] members(int cells, int[] cellOf) {
        int[] counts = new int[cells];
        for (int cell : cellOf) {
            counts[cell]++;
        }
        int[][] members = new int[cells][];
        for (int c = 0; c < cells; c++) {
            members[c] = new int[counts[c]];
        }
        for (int place = cellOf.length - 1; place >= 0; place--) {
            members[cellOf[place]][--counts[cellOf[place]]] = place;
        }
        return members;
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
            for (int place : members[order[c]]) {
                if (wanted.test(place)) {
                    best.offer(place, asked.cosine(features[place]));
                    left--;
                }
            }
        }
        return best.places();
    }
}
