package dev.graft.index;

import java.util.function.IntPredicate;

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
}
