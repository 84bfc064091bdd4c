package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.library.History;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link History} does. */
public abstract class HistoryContract {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    /** The history under test, empty at first. */
    protected abstract History history();

    @Test
    void givesTheNewestFirstWhateverTheOrderTheyCameIn() {
        assertEquals(List.of(), history().latest(3));
        var promoted = new History.Act(NOON.plusNanos(1), "ann@example.org", "promoted", "v2");
        var deleted =
                new History.Act(
                        NOON, "", "deleted", "images/é\n.jpg", Optional.of("20261128T120000-1a"));
        var later = new History.Act(NOON.plusSeconds(1), "ben@example.org", "promoted", "v1");
        history().add(later);
        history().add(deleted);
        history().add(promoted);
        history().add(promoted); // once more, after a failure
        assertEquals(List.of(later, promoted, deleted), history().latest(9));
        assertEquals(List.of(later, promoted), history().latest(2));
    }

    @Test
    void forgetsTheKeyOfAnImageWhereverItStands() {
        history().add(new History.Act(NOON, "ann", "deleted", "images/1.jpg"));
        history().add(new History.Act(NOON, "ann", "deleted", "2 images, images/1.jpg first"));
        var other = new History.Act(NOON, "ann", "promoted", "v2");
        history().add(other);
        history().forget("images/1.jpg", "abc");
        history().forget("images/1.jpg", "abc");
        assertEquals(
                Set.of(
                        new History.Act(NOON, "ann", "deleted", "abc"),
                        new History.Act(NOON, "ann", "deleted", "2 images, abc first"),
                        other),
                Set.copyOf(history().latest(9)));
    }

    @Test
    void keepsTwoOfTheSameMoment() {
        var one = new History.Act(NOON, "ann@example.org", "deleted", "images/1.jpg");
        var other = new History.Act(NOON, "ann@example.org", "deleted", "images/2.jpg");
        history().add(one);
        history().add(other);
        assertEquals(Set.of(one, other), Set.copyOf(history().latest(9)));
    }
}
