package dev.graft.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageIndex.Change;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.library.ImageSearch.Found;
import dev.graft.library.ImageSearch.Order;
import dev.graft.library.ImageSearch.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ImageSearchTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private final List<Change> pictures = new ArrayList<>();

    private void add(String key, String label, int minutes) {
        var picture =
                new ImageRecord.Picture(
                        "hash", 4, 3, NOON.plusSeconds(60L * minutes), new TreeSet<>(), "");
        pictures.add(
                new Change(
                        key,
                        Optional.ofNullable(label).map(l -> new Label(l, LabelSource.FOLDER)),
                        picture,
                        NOON));
    }

    private void addAll() {
        add("images/cat/IMG_1.JPG", "cat", 3);
        add("images/cat/img_10.jpg", "cat", 1);
        add("images/Ka\u0308fer/1.jpg", "K\u00e4fer", 2);
        add("images/new/img_2.jpg", null, 2);
        add("images/sea+sky/9.jpg", "sea+sky", 0);
        pictures.add(
                new Change("images/gone", Optional.empty(), new ImageRecord.Gone(), Instant.EPOCH));
    }

    private static Query query(ImageIndex.Which which, String name) {
        return new Query(which, name, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private List<String> keys(Query query, Order order) {
        return keys(ImageSearch.find(pictures, query, order, 100, Optional.empty()));
    }

    private static List<String> keys(Found found) {
        return found.images().stream().map(ImageIndex.Entry::key).toList();
    }

    private static final ImageIndex.Which ANY = new ImageIndex.All();

    @Test
    void partOfTheNameInAnyCaseAndUnicodeForm() {
        addAll();
        assertEquals(
                List.of("images/cat/IMG_1.JPG", "images/cat/img_10.jpg"),
                keys(query(ANY, "iMg_1"), Order.NAME));
        List<String> beetle = List.of("images/Ka\u0308fer/1.jpg");
        assertEquals(beetle, keys(query(ANY, "k\u00c4FER"), Order.NEWEST));
        assertEquals(beetle, keys(query(ANY, "ka\u0308f"), Order.NEWEST));
        assertEquals(List.of(), keys(query(ANY, "dog"), Order.NEWEST));
    }

    @Test
    void ordersAreTotalSoThatEveryPageGoesOnWhereTheLastOneEnded() {
        addAll();
        for (Order order : Order.values()) {
            List<String> whole = keys(query(ANY, ""), order);
            assertEquals(5, whole.size());
            List<String> paged = new ArrayList<>();
            Optional<String> cursor = Optional.empty();
            do {
                Found page = ImageSearch.find(pictures, query(ANY, ""), order, 2, cursor);
                assertEquals(5, page.count());
                paged.addAll(keys(page));
                cursor = page.cursor();
            } while (cursor.isPresent());
            assertEquals(whole, paged, order.name());
        }
        assertEquals("images/cat/IMG_1.JPG", keys(query(ANY, ""), Order.NEWEST).getFirst());
        assertEquals("images/sea+sky/9.jpg", keys(query(ANY, ""), Order.OLDEST).getFirst());
    }

    @Test
    void labelTimeAndKeysAllHaveToHold() {
        addAll();
        assertEquals(
                List.of("images/new/img_2.jpg"),
                keys(query(new ImageIndex.Unlabelled(), ""), Order.NAME));
        assertEquals(
                List.of("images/sea+sky/9.jpg"),
                keys(query(new ImageIndex.OneOfSeveral("sky"), ""), Order.NAME));
        assertEquals(List.of(), keys(query(new ImageIndex.OfLabel("sky"), ""), Order.NAME));
        Query between =
                new Query(
                        ANY,
                        "",
                        Optional.of(NOON.plusSeconds(60)),
                        Optional.of(NOON.plusSeconds(180)),
                        Optional.of(Set.of("images/cat/img_10.jpg", "images/cat/IMG_1.JPG")));
        assertEquals(List.of("images/cat/img_10.jpg"), keys(between, Order.NAME));
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
        addAll();
        for (String cursor : List.of("no", "", "bm9vbiBrZXk", "\u00e4")) {
            Optional<String> given = Optional.of(cursor);
            assertThrows(
                    BadRequestException.class,
                    () -> ImageSearch.find(pictures, query(ANY, ""), Order.NAME, 2, given));
        }
    }
}
