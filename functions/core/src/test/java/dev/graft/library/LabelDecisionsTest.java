package dev.graft.library;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoredObject;
import dev.graft.library.LabelDecisions.By;
import dev.graft.library.LabelDecisions.Undone;
import dev.graft.library.LabelDecisions.Whose;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageIndex;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A flood of labels is seen, and taken back without touching what others decided. */
class LabelDecisionsTest {
    private static final int MANY = 2_500;
    private static final Instant START = Instant.parse("2026-11-28T10:00:00Z");

    private Instant now = START.minusSeconds(3600);
    private final InMemoryFeatureStore store = new InMemoryFeatureStore(() -> now);
    private final InMemoryImageIndex index = new InMemoryImageIndex(store);
    private final LabelDecisions decisions =
            new LabelDecisions(store, index, new Library(store, index, () -> now));

    LabelDecisionsTest() {
        for (int i = 0; i < MANY; i++) {
            store.put(
                    new ImageFeature(
                            key(i),
                            SetLabels.of(Optional.of(new Label("cat", LabelSource.FOLDER))),
                            "b",
                            Float16.encode(new float[] {1}),
                            "%064x".formatted(i),
                            1,
                            1,
                            "1",
                            now,
                            "",
                            new byte[0]));
        }
    }

    private static String key(int i) {
        return "images/cat/" + i + ".jpg";
    }

    private void decide(int i, String label, String by) {
        now = now.plusMillis(10);
        store.decide(Decision.of(key(i), Optional.of(label), by));
    }

    private String label(int i) {
        return store.known(key(i)).label().map(Label::name).orElse("");
    }

    private int undo(Whose whose) {
        int changed = 0;
        Optional<Instant> from = Optional.of(whose.since());
        while (from.isPresent()) {
            now = now.plusMillis(10);
            Undone undone = decisions.undo(whose, from.get(), "carol");
            changed += undone.changed();
            from = undone.next();
        }
        return changed;
    }

    @Test
    void whatOneCallerDecidedIsTakenBackAndWhatOthersDecidedStays() {
        decide(0, "lynx", "ann");
        now = START;
        for (int i = 0; i < MANY; i++) {
            decide(i, "spam", "mallory");
            decide(i, "spam again", "mallory");
        }
        decide(7, "puma", "ann");
        Instant end = now;
        decide(8, "late", "mallory");
        assertEquals(MANY - 2, undo(new Whose("mallory", START, end)));
        assertEquals("lynx", label(0));
        assertEquals("cat", label(1));
        assertEquals("puma", label(7));
        assertEquals("late", label(8));
        assertEquals("cat", label(MANY - 1));
        assertEquals(0, undo(new Whose("mallory", START, end)));
    }

    @Test
    void saysWhoDecidedHowMuchAndWhen() {
        now = START;
        for (int i = 0; i < 30; i++) {
            decide(i, "spam", "mallory");
        }
        decide(3, "puma", "ann");
        var file = new StoredObject("labels/a.csv", "etag", now);
        store.decide(Decision.byFile(key(40), "ocelot", file));
        var since = decisions.since(START);
        assertEquals(
                List.of(
                        new By(
                                "mallory",
                                LabelSource.CORRECTION,
                                29,
                                START.plusMillis(10),
                                START.plusMillis(300)),
                        new By("ann", LabelSource.CORRECTION, 1, now, now),
                        new By("labels/a.csv", LabelSource.FILE, 1, now, now)),
                since.each());
        assertEquals(Optional.empty(), since.next());
        assertEquals(1, undo(new Whose("labels/a.csv", START, Instant.MAX)));
        assertEquals("cat", label(40));
    }
}
