package dev.graft.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.evaluation.AlteredPictures;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.index.KnownImages;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryIndexStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
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
    void asksAboutWhatIsBetweenClassesFirstAndOffersNearDuplicatesTogether() {
        put("sure", null, 9, 0, 0);
        put("torn", null, 2.1f, 2, 0);
        put("torn-too", null, 2.2f, 2, 0.01f);
        put("torn-otherwise", null, 1, 1.3f, 9);
        put("labelled", "cat", 2, 2, 0);
        List<ReviewQueue.Item> queue = queue(Optional.of(HEAD), 3);
        assertEquals(
                List.of("images/torn", "images/torn-otherwise", "images/sure"),
                queue.stream().map(ReviewQueue.Item::key).toList());
        assertEquals(List.of("images/torn", "images/torn-too"), queue.getFirst().keys().toList());
        assertEquals(
                List.of("cat", "dog", "cat"),
                queue.stream().map(item -> item.suggestion().orElseThrow().label()).toList());
    }

    @Test
    void isEmptyWhenAllIsLabelled() {
        put("labelled", "cat", 2, 2, 0);
        assertEquals(List.of(), queue(Optional.of(HEAD), 3));
        assertEquals(List.of(), queue(Optional.empty(), 3));
    }

    @Test
    void whatWasAnsweredWronglyComesFirst() {
        put("torn", null, 2.1f, 2, 0);
        put("feedback-sure.jpg", null, 9, 0, 0);
        put("labelled", "cat", 2, 2, 0);
        for (Optional<Head> head : List.of(Optional.of(HEAD), Optional.<Head>empty())) {
            assertEquals(
                    List.of("images/feedback-sure.jpg", "images/torn"),
                    queue(head, 3).stream().map(ReviewQueue.Item::key).toList());
            assertEquals("images/feedback-sure.jpg", queue(head, 1).getFirst().key());
        }
    }

    /** To the network all of these are one thing, and the head suggests two labels for them. */
    @Test
    void thumbnailsTellWhatIsOnePictureAndWhatOnlyLooksAlike() {
        AlteredPictures pictures = AlteredPictures.drawn(3);
        List<byte[]> thumbnails = pictures.thumbnails();
        for (int i = 0; i < thumbnails.size(); i++) {
            put("%02d".formatted(i), thumbnails.get(i), null, 2 + 0.01f * (i % 2), 2.005f, 0);
        }
        for (Optional<Head> head : List.of(Optional.of(HEAD), Optional.<Head>empty())) {
            List<ReviewQueue.Item> queue = queue(head, 20);
            for (ReviewQueue.Item item : queue) {
                assertEquals(1, item.keys().map(k -> original(pictures, k)).distinct().count());
            }
            List<String> all = queue.stream().flatMap(ReviewQueue.Item::keys).sorted().toList();
            assertEquals(IntStream.range(0, 18).mapToObj("images/%02d"::formatted).toList(), all);
            assertTrue(queue.size() <= 5, () -> "of 3 pictures and 15 copies: " + queue);
        }
    }

    private static int original(AlteredPictures pictures, String key) {
        return pictures.original(Integer.parseInt(key.replace("images/", "")));
    }

    @Test
    void aCopyIsToldByItsNameToo() {
        put("a.jpg", new byte[0], null, 2, 2, 0);
        put("a-150x150.jpg", new byte[0], null, 1.5f, 2, 0);
        put("b.jpg", new byte[0], null, 1, 2, 0);
        List<ReviewQueue.Item> queue = queue(Optional.of(HEAD), 3);
        assertEquals(
                List.of("images/a.jpg", "images/a-150x150.jpg"), queue.getFirst().keys().toList());
        assertEquals(2, queue.size());
    }

    /** Three kinds, of which one is labelled. */
    @Test
    void withoutAHeadEachIsAsFarAsCanBeFromThoseBefore() {
        for (int i = 0; i < 4; i++) {
            put("x" + i, null, 9, 0.6f * i, 0);
            put("y" + i, null, 0, 9, 0.6f * i);
            put("z" + i, null, 0.6f * i, 0, 9);
        }
        assertEquals(3, Set.copyOf(kinds(3)).size(), "one of each kind");
        put("label", "cat", 9, 0.3f, 0);
        assertEquals(Set.of("y", "z"), Set.copyOf(kinds(2)), "the labelled kind comes later");
        assertEquals(kinds(9), kinds(9));
        assertEquals(12, queue(Optional.empty(), 50).stream().flatMap(i -> i.keys()).count());
    }

    private List<String> kinds(int limit) {
        return queue(Optional.empty(), limit).stream()
                .map(item -> item.key().replace("images/", "").substring(0, 1))
                .toList();
    }

    private List<ReviewQueue.Item> queue(Optional<Head> head, int limit) {
        return new ReviewQueue(store).of(images(), head, limit);
    }

    private KnownImages.Snapshot images() {
        return new KnownImages(
                        store,
                        new InMemoryImageIndex(store),
                        new InMemoryIndexStore(),
                        e -> {},
                        () -> Instant.EPOCH)
                .await("b");
    }

    private void put(String name, String label, float... feature) {
        put(name, new byte[0], label, feature);
    }

    private void put(String name, byte[] thumbnail, String label, float... feature) {
        store.put(
                new ImageFeature(
                        "images/" + name,
                        SetLabels.of(
                                Optional.ofNullable(label)
                                        .map(l -> new Label(l, LabelSource.FOLDER))),
                        "b",
                        Float16.encode(feature),
                        "%064x".formatted(name.hashCode() & 0xffffff),
                        1,
                        1,
                        "1",
                        Instant.EPOCH,
                        "",
                        thumbnail));
    }
}
