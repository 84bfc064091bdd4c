package dev.graft.index;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The places with the highest scores so far; of equal ones those that came first. */
final class Best {
    private record Scored(int place, double score) {}

    private final PriorityQueue<Scored> lowestFirst =
            new PriorityQueue<>(Comparator.comparingDouble(Scored::score));
    private final int count;

    /** At most so many. */
    Best(int count) {
        this.count = count;
    }

    /** Whether a place of this score would be among them. */
    boolean wouldTake(double score) {
        return lowestFirst.size() < count
                || !lowestFirst.isEmpty() && score > lowestFirst.element().score();
    }

    void offer(int place, double score) {
        if (wouldTake(score)) {
            lowestFirst.add(new Scored(place, score));
            if (lowestFirst.size() > count) {
                lowestFirst.remove();
            }
        }
    }

    /** In no order. */
    int[] places() {
        return lowestFirst.stream().mapToInt(Scored::place).toArray();
    }
}
