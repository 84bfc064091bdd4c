package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageIndex.Entry;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.Sequencer;
import dev.graft.feature.UnreadableImage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link ImageIndex} does; it may lag behind its features for a moment. */
public abstract class ImageIndexContract {
    private static final Instant START = Instant.parse("2026-11-23T10:15:30Z");

    private final String backbone = UUID.randomUUID().toString();
    private final String folder = "images/" + backbone + "/";

    /** The features that are listed. */
    protected abstract FeatureStore features();

    /** The index under test. */
    protected abstract ImageIndex index(String backbone);

    @Test
    void listsNewestFirstWithEverythingButTheFeature() {
        put(1, "cat");
        put(2, null);
        Entry newest =
                index(backbone).list(new ImageIndex.All(), 1, Optional.empty()).images().getFirst();
        assertEquals(new Entry(key(2), Optional.empty(), 640, 480, START.plusNanos(2)), newest);
        assertEquals(List.of(2, 1), numbers(new ImageIndex.All(), 10));
    }

    @Test
    void pagesWithoutLossOrRepeat() {
        IntStream.range(0, 37).forEach(i -> put(i, i % 3 == 0 ? null : i % 3 == 1 ? "cat" : "dog"));
        for (int limit : new int[] {1, 5, 37, 100}) {
            assertEquals(down(37, 0, 1), numbers(new ImageIndex.All(), limit));
            assertEquals(down(37, 0, 3), numbers(new ImageIndex.Unlabelled(), limit));
            assertEquals(down(37, 2, 3), numbers(new ImageIndex.OfLabel("dog"), limit));
        }
        assertEquals(List.of(), numbers(new ImageIndex.OfLabel("bird"), 5));
        List<Integer> each = new ArrayList<>();
        index(backbone).forEach(image -> each.add(number(image.key())));
        assertEquals(down(37, 0, 1), each);
    }

    @Test
    void findsALabelAmongSeveral() {
        List<String> labels = List.of("sea+sky", "sea", "seal", "seal+sky", "sky");
        IntStream.range(0, 20).forEach(i -> put(i, labels.get(i % 5)));
        for (int limit : new int[] {1, 3, 100}) {
            List<Integer> found = numbers(new ImageIndex.OneOfSeveral("sea"), limit);
            assertEquals(List.of(16, 15, 11, 10, 6, 5, 1, 0), found);
        }
    }

    @Test
    void pagesThroughImagesOfTheSameInstant() {
        IntStream.range(0, 9).forEach(i -> features().put(feature(i, "cat", START)));
        for (var which : List.of(new ImageIndex.All(), new ImageIndex.OfLabel("cat"))) {
            assertEquals(
                    down(9, 0, 1), numbers(which, 2).stream().sorted((a, b) -> b - a).toList());
        }
    }

    @Test
    void followsLabelsAndRemovalsAndLeavesOthersOut() {
        put(1, "cat");
        put(2, "cat");
        put(3, "cat");
        features().relabel(key(1), Optional.of(new Label("dog", LabelSource.CORRECTION)));
        features().remove(key(2), sequencer(9));
        features().putUnreadable(new UnreadableImage(key(4), "no", sequencer(1), START));
        assertEquals(List.of(3), numbers(new ImageIndex.OfLabel("cat"), 5));
        assertEquals(List.of(1), numbers(new ImageIndex.OfLabel("dog"), 5));
        assertEquals(List.of(3, 1), numbers(new ImageIndex.All(), 5));
        var other = index("another").list(new ImageIndex.OfLabel("cat"), 5, Optional.empty());
        assertEquals(List.of(), other.images());
    }

    @Test
    void refusesACursorThatIsNone() {
        String time = "2026-01-01T00:00:00Z ";
        for (String cursor :
                List.of(
                        "%%%",
                        base64(time), base64(time + "k".repeat(1025)), base64("x images/a"))) {
            assertThrows(
                    BadRequestException.class,
                    () -> index(backbone).list(new ImageIndex.All(), 5, Optional.of(cursor)),
                    cursor);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<Integer> numbers(ImageIndex.Which which, int limit) {
        List<Integer> found = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            ImageIndex.Page page = index(backbone).list(which, limit, cursor);
            page.images().forEach(image -> found.add(number(image.key())));
            cursor = page.cursor();
        } while (cursor.isPresent());
        return found;
    }

    /** From the end to 0, those with this rest. */
    private static List<Integer> down(int end, int rest, int divisor) {
        return IntStream.range(0, end)
                .map(i -> end - 1 - i)
                .filter(i -> i % divisor == rest % divisor)
                .boxed()
                .toList();
    }

    private void put(int number, String label) {
        features().put(feature(number, label, START.plusNanos(number)));
    }

    private ImageFeature feature(int number, String label, Instant time) {
        return new ImageFeature(
                key(number),
                Optional.ofNullable(label).map(name -> new Label(name, LabelSource.FOLDER)),
                backbone,
                new byte[8],
                "%064x".formatted(number),
                640,
                480,
                sequencer(1),
                time);
    }

    private String key(int number) {
        return folder + number;
    }

    private int number(String key) {
        return Integer.parseInt(key.substring(folder.length()));
    }

    private static String sequencer(int event) {
        return Sequencer.padded("%016X".formatted(event));
    }
}
