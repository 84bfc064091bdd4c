package dev.graft.index;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The places with the highest scores so far; of equal ones those that came first. For few of many:
 * where one more belongs is found by halving, and those behind it move on. For one thread.
 */
final class Best {
    /** Descending; as many as were found. */
    private final double[] scores;

    private final int[] places;
    private int found;

    private double lowest;

    /** At most so many. */
    Best(int count) {
        this.scores = new double[count];
        this.places = new int[count];
        this.lowest = count == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    /** The lowest score among them once there are so many; until then below all. */
    double lowest() {
        return lowest;
    }

    /** Whether a place of this score would be among them. */
    boolean wouldTake(double score) {
        return score > lowest;
    }

    void offer(int place, double score) {
        if (!wouldTake(score)) {
            return;
        }
        int at = firstBelow(score);
        int last = Math.min(found, scores.length - 1);
        System.arraycopy(scores, at, scores, at + 1, last - at);
        System.arraycopy(places, at, places, at + 1, last - at);
        scores[at] = score;
        places[at] = place;
        found = last + 1;
        if (found == scores.length) {
            lowest = scores[last];
        }
    }

    /** Only of few is it worth to know whether they are wanted, as it means to look elsewhere. */
    void offer(int place, double score, IntPredicate wanted) {
        if (wouldTake(score) && wanted.test(place)) {
            offer(place, score);
        }
    }

    private int firstBelow(double score) {
        int from = 0;
        int to = found;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (scores[middle] < score) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }

    /** Best first. */
    int[] places() {
        return Arrays.copyOf(places, found);
    }
}
