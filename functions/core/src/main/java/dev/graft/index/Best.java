package dev.graft.index;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The places with the highest scores so far; of equal ones those that came first. */
final class Best {
    private record Scored(int place, double score) {}

    private final PriorityQueue<Scored> lowestFirst =
            new PriorityQueue<>(
                    Comparator.comparingDouble(Scored::score)
                            .thenComparing(Scored::place, Comparator.reverseOrder()));
    private final int count;

    /** The lowest score that is among them, once there are so many. */
    private double lowest;

    /** At most so many. */
    Best(int count) {
        this.count = count;
        this.lowest = count == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    /** Whether a place of this score would be among them. */
    boolean wouldTake(double score) {
        return score > lowest;
    }

    void offer(int place, double score) {
        if (wouldTake(score)) {
            lowestFirst.add(new Scored(place, score));
            if (lowestFirst.size() > count) {
                lowestFirst.remove();
            }
            if (lowestFirst.size() == count) {
                lowest = lowestFirst.element().score();
            }
        }
    }

    /** In no order. */
    int[] places() {
        return lowestFirst.stream().mapToInt(Scored::place).toArray();
    }
}
