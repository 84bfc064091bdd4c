package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.index.VectorIndex;
import dev.graft.index.VectorIndex.Found;
import dev.graft.index.VectorIndex.Vector;
import dev.graft.index.VectorIndex.Which;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link VectorIndex} does. */
public abstract class VectorIndexContract {
    private static final String NET = "0123456789abcdef".repeat(4) + "-p2-v5-r0123456789ab";
    private static final float[] EAST = {1, 0, 0};

    /** An empty one. */
    protected abstract VectorIndex index();

    private static Vector vector(String key, float... feature) {
        return new Vector(key, feature, false);
    }

    private List<String> keys(int count, Which which) {
        return index().nearest(NET, EAST, count, which).stream().map(Found::key).toList();
    }

    @Test
    void knowsNothingOfABackboneWithoutImages() {
        assertEquals(List.of(), keys(5, Which.ALL));
        index().delete(NET, List.of("images/a.jpg"));
        index().drop(NET);
        assertEquals(List.of(), keys(5, Which.LABELLED));
    }

    @Test
    void findsTheMostSimilarByTheCosineBestFirst() {
        index().put(
                        NET,
                        List.of(
                                vector("south", 0, -2, 0),
                                vector("east", 5, 0, 0),
                                vector("west", -1, 0, 0),
                                vector("between", 3, 4, 0)));
        List<Found> found = index().nearest(NET, EAST, 3, Which.ALL);
        assertEquals(List.of("east", "between", "south"), keys(3, Which.ALL));
        assertEquals(1, found.get(0).similarity(), 1e-5);
        assertEquals(0.6, found.get(1).similarity(), 1e-5);
        assertEquals(0, found.get(2).similarity(), 1e-5);
        assertEquals(-1, index().nearest(NET, EAST, 4, Which.ALL).getLast().similarity(), 1e-5);
    }

    @Test
    void takesTheLastThatWasPutAndDeletes() {
        String odd = "images/\"my\" cat & 😀\n.jpg";
        index().put(NET, List.of(vector(odd, 0, 1, 0), vector("images/b.jpg", 0, 0, 1)));
        index().put(NET, List.of(new Vector(odd, EAST, true)));
        assertEquals(List.of(odd), keys(1, Which.ALL));
        assertEquals(List.of(odd), keys(5, Which.LABELLED));
        assertEquals(1, index().nearest(NET, EAST, 1, Which.ALL).getFirst().similarity(), 1e-5);
        index().put(NET, List.of(vector(odd, 1, 0, 0)));
        assertEquals(List.of(), keys(5, Which.LABELLED), "it has lost its label");
        index().delete(NET, List.of(odd, "images/never.jpg"));
        assertEquals(List.of("images/b.jpg"), keys(5, Which.ALL));
    }

    @Test
    void keepsBackbonesApart() {
        index().put(NET, List.of(vector("a", 1, 0, 0)));
        index().put("Other", List.of(vector("b", 1, 0)));
        assertEquals(List.of("a"), keys(5, Which.ALL));
        index().drop(NET);
        assertEquals(List.of(), keys(5, Which.ALL));
        float[] two = {1, 0};
        assertEquals("b", index().nearest("Other", two, 5, Which.ALL).getFirst().key());
        index().put(NET, List.of(vector("c", 1, 0, 0)));
        assertEquals(List.of("c"), keys(5, Which.ALL), "what was dropped does not come back");
    }

    /** More than a service takes or gives at once. */
    @Test
    void takesAsManyAsThereAre() {
        List<Vector> many =
                IntStream.range(0, 1_201).mapToObj(i -> vector("k" + i, 1, i, 0)).toList();
        index().put(NET, many);
        assertEquals(VectorIndex.MOST, keys(VectorIndex.MOST, Which.ALL).size());
        assertEquals("k0", keys(1, Which.ALL).getFirst());
        index().delete(NET, many.subList(0, 1_200).stream().map(Vector::key).toList());
        assertEquals(List.of("k1200"), keys(VectorIndex.MOST, Which.ALL));
    }
}
