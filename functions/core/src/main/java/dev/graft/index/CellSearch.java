package dev.graft.index;

import java.util.Arrays;
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
     * The features of one cell.
     *
     * @param places of the features
     */
    private record Members(int[] places, FeatureColumns features) {}

    /**
     * Among these, which are not to be changed.
     *
     * @param cellOf of each feature, its cell
     * @param compared so many are compared at least, where there are as many
     */
    CellSearch(KeptFeature[] features, Cells cells, int[] cellOf, int compared) {
        this.compared = compared;
        this.cells = cells;
        int[][] places = places(cells.count(), cellOf);
        this.members =
                Arrays.stream(places)
                        .map(of -> new Members(of, FeatureColumns.of(coded(features, of))))
                        .toArray(Members[]::new);
    }

    private static int[][] places(int cells, int[] cellOf) {
        int[] counts = new int[cells];
        for (int cell : cellOf) {
            counts[cell]++;
        }
        int[][] places = IntStream.of(counts).mapToObj(int[]::new).toArray(int[][]::new);
        for (int place = cellOf.length - 1; place >= 0; place--) {
            places[cellOf[place]][--counts[cellOf[place]]] = place;
        }
        return places;
    }

    private static KeptFeature[] coded(KeptFeature[] features, int[] places) {
        return IntStream.of(places)
                .mapToObj(place -> features[place].coded())
                .toArray(KeptFeature[]::new);
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
                    best.offer(place, cell.features.cosine(asked, i));
                    left--;
                }
            }
        }
        return best.places();
    }
}
