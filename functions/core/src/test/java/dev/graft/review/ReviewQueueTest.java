package dev.graft.review;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.index.KnownImages;
import dev.graft.index.Neighbours;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryIndexStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReviewQueueTest {
    /** Scores are the first two values of the feature; the third tells images apart. */
    private static final Head HEAD =
            new Head(
                    "1",
                    List.of("cat", "dog"),
                    "b",
                    new Head.Parameters(
                            new float[] {1, 0, 0, 0, 1, 0},
                            new float[2],
                            new float[3],
                            new float[] {1, 1, 1},
                            1,
                            Activation.SOFTMAX));

    private final InMemoryFeatureStore store = new InMemoryFeatureStore();

    @Test
    void asksAboutWhatIsBetweenClassesFirstAndOffersLookAlikesTogether() {
        put("sure", null, 9, 0, 0);
        put("torn", null, 2.1f, 2, 0);
        put("torn-too", null, 2.2f, 2, 0.01f);
        put("torn-otherwise", null, 1, 1.3f, 9);
        put("labelled", "cat", 2, 2, 0);
        List<ReviewQueue.Item> queue = ReviewQueue.of(images(), HEAD, 3);
        assertEquals(
                List.of("images/torn", "images/torn-otherwise", "images/sure"),
                queue.stream().map(ReviewQueue.Item::key).toList());
        assertEquals(
                List.of("images/torn-too"),
                queue.getFirst().alike().stream().map(Neighbours.Neighbour::key).toList());
        assertEquals(
                List.of("cat", "dog", "cat"),
                queue.stream().map(ReviewQueue.Item::suggestion).toList());
    }

    @Test
    void isEmptyWhenAllIsLabelled() {
        put("labelled", "cat", 2, 2, 0);
        assertEquals(List.of(), ReviewQueue.of(images(), HEAD, 3));
    }

    private Neighbours images() {
        return new KnownImages(
                        store,
                        new InMemoryImageIndex(store),
                        new InMemoryIndexStore(),
                        e -> {},
                        () -> Instant.EPOCH)
                .await("b")
                .images();
    }

    private void put(String name, String label, float... feature) {
        store.put(
                new ImageFeature(
                        "images/" + name,
                        Optional.ofNullable(label).map(l -> new Label(l, LabelSource.FOLDER)),
                        "b",
                        Float16.encode(feature),
                        "%064x".formatted(name.hashCode() & 0xff),
                        1,
                        1,
                        "1",
                        Instant.EPOCH,
                        "",
                        new byte[0]));
    }
}
