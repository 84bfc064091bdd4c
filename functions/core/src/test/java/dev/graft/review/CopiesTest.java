package dev.graft.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.ImageIndex.Change;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.head.Duplicates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The same files and the copies of the training are joined, contradictions first. */
class CopiesTest {
    private final List<Change> pictures = new ArrayList<>();

    private void put(String key, String label, String hash, int side) {
        pictures.add(
                new Change(
                        key,
                        Optional.ofNullable(label).map(l -> new Label(l, LabelSource.FOLDER)),
                        new ImageRecord.Picture(
                                hash, side, side, Instant.EPOCH, new TreeSet<>(), ""),
                        Instant.EPOCH));
    }

    private static List<Duplicates.Image> trained(String... keys) {
        return List.of(keys).stream().map(key -> new Duplicates.Image(key, "as then")).toList();
    }

    private static List<String> keys(Copies.Group group) {
        return group.images().stream().map(Change::key).toList();
    }

    @Test
    void identicalFilesAreAGroupWithoutATrainingTheOneToKeepFirst() {
        put("a", null, "1", 9);
        put("b", "cat", "1", 9);
        put("c", "cat", "2", 9);
        List<Copies.Group> groups = Copies.among(pictures, Optional.empty());
        assertEquals(List.of("b", "a"), keys(groups.getFirst()));
        assertEquals(1, groups.size());
        assertTrue(groups.getFirst().identical());
        assertFalse(groups.getFirst().contradicts(), "one of them has no label yet");
    }

    @Test
    void copiesOfTheTrainingHaveTheLabelsOfNowAndJoinIdenticalFiles() {
        put("a", "cat", "1", 9);
        put("b", "cat", "2", 12);
        put("c", "dog", "2", 8);
        put("d", "cat", "3", 9);
        put("e", "cat", "4", 9);
        put("f", "cat", "4", 9);
        put("g", "cat", "4", 9);
        put("h", "cat", "4", 9);
        var found =
                new Duplicates(
                        2, 0, List.of(trained("a", "b", "gone"), trained("d", "gone", "gone too")));
        List<Copies.Group> groups = Copies.among(pictures, Optional.of(found));
        assertEquals(2, groups.size(), groups::toString);
        assertEquals(List.of("b", "a", "c"), keys(groups.getFirst()), "the largest first");
        assertTrue(groups.getFirst().contradicts());
        assertFalse(groups.getFirst().identical());
        assertEquals(List.of("e", "f", "g", "h"), keys(groups.getLast()));
    }

    /** No chain leads from one picture to another: the near-duplicates of a near-duplicate stay. */
    @Test
    void ofOneImageTheNearDuplicatesAreThoseOfItselfAlone() {
        put("a", "cat", "1", 9);
        put("b", "cat", "1", 9);
        put("c", "cat", "2", 9);
        put("d", "cat", "2", 9);
        put("e", "cat", "3", 9);
        put("f", "cat", "4", 9);
        var found = new Duplicates(2, 0, List.of(trained("b", "e"), trained("c", "f")));
        Copies.Group group =
                Copies.of("a", pictures, Optional.of(found), List.of("c", "gone")).orElseThrow();
        assertEquals(List.of("a", "b", "c", "d", "e"), keys(group));
        Copies.Group same = Copies.of("a", pictures, Optional.empty(), List.of()).orElseThrow();
        assertEquals(List.of("a", "b"), keys(same));
        assertTrue(same.identical());
        assertTrue(Copies.of("f", pictures, Optional.empty(), List.of()).isEmpty());
        assertTrue(Copies.of("gone", pictures, Optional.of(found), List.of("a")).isEmpty());
    }
}
