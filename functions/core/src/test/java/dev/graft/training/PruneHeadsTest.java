package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.testing.InMemoryHeadStore;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PruneHeadsTest {
    private final InMemoryHeadStore heads = new InMemoryHeadStore();

    private static String version(int number) {
        return "v%03d".formatted(number);
    }

    @Test
    void keepsTheNewestAndAllThatWereEverInUse() {
        int saved = PruneHeads.KEPT + 30;
        for (int i = 0; i < saved; i++) {
            heads.save(version(i), Map.of("head.json", new byte[0]));
            if (i % 10 == 0) {
                heads.promote(version(i), heads.latest());
            }
        }
        heads.promote(version(5), heads.latest()); // by hand, and out of use again
        heads.promote(version(70), heads.latest());
        PruneHeads.run(heads);
        List<String> kept =
                IntStream.range(0, saved)
                        .filter(i -> i >= saved - PruneHeads.KEPT || i % 10 == 0 || i == 5)
                        .mapToObj(PruneHeadsTest::version)
                        .toList();
        assertEquals(kept.reversed(), heads.versions());
        PruneHeads.run(heads);
        assertEquals(kept.reversed(), heads.versions(), "again");
    }

    @Test
    void deletesNothingWhereThereAreFew() {
        for (int i = 0; i < PruneHeads.KEPT; i++) {
            heads.save(version(i), Map.of("head.json", new byte[0]));
        }
        PruneHeads.run(heads);
        assertEquals(PruneHeads.KEPT, heads.versions().size());
    }
}
