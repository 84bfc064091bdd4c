package dev.graft.ingest;

import dev.graft.testing.EventsUnderStress;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageStore;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Events under stress on the stores in memory: 3 seeds in every build, 50 under stress. */
class EventsUnderStressTest extends EventsUnderStress {
    static LongStream seeds() {
        return seeds(STRESS ? 50 : 3);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void endsWithATableThatIsEqualToTheBucket(long seed) throws Exception {
        theTableEndsEqualToTheBucket(seed);
    }

    EventsUnderStressTest() {
        super(stores(new InMemoryImageStore(), new InMemoryFeatureStore()), 1_500);
    }

    private static Stores stores(InMemoryImageStore images, InMemoryFeatureStore features) {
        return new Stores(images, features, features, images::put, images::delete);
    }
}
