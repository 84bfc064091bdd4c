package dev.graft.index;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The port of neighbours: finds those of many features that are most like one, by the cosine of the
 * angle between them. Safe for use by many threads.
 */
interface Search {
    /** Which one it is, for people. */
    String name();

    /**
     * The places of the most similar features, in no order.
     *
     * @param unit (width), of length 1
     * @param count at most so many
     * @param wanted which places to look at
     */
    int[] nearest(float[] unit, int count, IntPredicate wanted);

    /**
     * The same of each of some, which may cost less than one after the other.
     *
     * @param units (width) each, of length 1
     * @param wanted which places to look at for each of them
     */
    default List<int[]> nearestOfEach(
            List<float[]> units, int count, IntFunction<IntPredicate> wanted) {
        return IntStream.range(0, units.size())
                .parallel()
                .mapToObj(k -> nearest(units.get(k), count, wanted.apply(k)))
                .toList();
    }
}
