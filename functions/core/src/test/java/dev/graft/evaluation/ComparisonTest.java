package dev.graft.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.head.Activation;
import dev.graft.head.HeadCard;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static Predictions.Row row(String key, String hash, int label, double... p) {
        return new Predictions.Row(key, hash, new int[] {label}, 0, p);
    }

    /** By hand: 2 (C(10,0) + C(10,1) + C(10,2)) / 2^10 and 2 / 2^6. */
    @Test
    void exactTailIsThatOfFairCoins() {
        assertEquals(112 / 1024.0, Comparison.exact(2, 8), 1e-12);
        assertEquals(2 / 64.0, Comparison.exact(6, 0), 1e-12);
        assertEquals(1, Comparison.exact(0, 0));
        assertEquals(1, Comparison.exact(5000, 5000));
    }

    @Test
    void countsOnlyImagesBothKnowAlike() {
        Predictions champion =
                new Predictions(
                        Activation.SOFTMAX,
                        List.of("a", "b", "old"),
                        List.of(
                                row("1", "h1", 0, .4, .1, .5),
                                row("2", "h2", 0, .9, .1, 0),
                                row("3", "h3", 1, .9, .1, 0),
                                row("4", "h4", 2, .9, .1, 0)));
        Predictions challenger =
                new Predictions(
                        Activation.SOFTMAX,
                        List.of("a", "b", "new"),
                        List.of(
                                row("0", "h0", 0, .9, .1, 0),
                                row("1", "h1", 0, .3, .6, .1),
                                row("2", "changed", 0, .9, .1, 0),
                                row("3", "h3", 0, .9, .1, 0),
                                row("5", "h5", 2, 0, .1, .9)));
        assertEquals(
                new HeadCard.Comparison(List.of("a", "b"), 1, 1, 0, 1, 0, 1),
                Comparison.of(champion, challenger));
    }
}
