package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.local.Origins.Origin;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a start does about files that are new, changed, moved or gone, and after a kill. */
class SyncPlanTest extends SyncPlanFixture {
    @Test
    void whatDidNotChangeIsNotReadAndNeedsNothing() {
        synced("cat/1", "A");
        synced("dog/2", "B");
        SyncPlan plan = plan();
        assertTrue(plan.isEmpty());
        assertEquals(List.of(), read);
        assertEquals(2, plan.came());
        assertEquals(origins, plan.settled());
    }

    @Test
    void newFilesComeAndOthersAreReplaced() {
        synced("cat/1", "A");
        file("cat/1", "A2");
        file("cat/2", "B");
        SyncPlan plan = plan();
        assertEquals(keys("cat/2"), plan.added());
        assertEquals(keys("cat/1"), plan.changed());
        assertTrue(plan.announced(key("cat/2")).announced());
        assertEquals("A2", plan.announced(key("cat/1")).sha256());
    }

    @Test
    void aFileThatIsTheSameAfterItWasTouchedIsReadOnceAndNeedsNothing() {
        synced("cat/1", "A");
        origins.put(key("cat/1"), new Origin(HERE, "A", 1, 77, false));
        SyncPlan plan = plan();
        assertTrue(plan.isEmpty());
        assertEquals(List.of(key("cat/1")), read);
        assertEquals(stamp("A").modified(), plan.settled().get(key("cat/1")).modified());
    }

    @Test
    void whatAPersonDeletedStaysDeletedUntilItsBytesChange() {
        synced("cat/1", "A");
        synced("cat/2", "B");
        stored.remove(key("cat/1"));
        SyncPlan plan = plan();
        assertTrue(plan.isEmpty());
        assertEquals(keys("cat/1"), plan.deleted());
        assertTrue(plan.settled().containsKey(key("cat/1")), "it is remembered");
        file("cat/1", "A2");
        assertEquals(keys("cat/1"), plan().added());
        assertEquals(Set.of(), plan().deleted());
    }

    @Test
    void whatAPersonDeletedStaysDeletedWhereItsFileMoves() {
        synced("cat/1", "A");
        synced("cat/2", "B");
        stored.remove(key("cat/1"));
        rename("cat/1", "dog/9");
        SyncPlan plan = plan();
        assertTrue(plan.added().isEmpty() && plan.removed().isEmpty());
        assertEquals(keys("dog/9"), plan.deleted());
        assertEquals(keys("cat/1"), plan.forgotten());
        assertFalse(plan.settled().get(key("dog/9")).announced());
        assertEquals(List.of("cat/1>dog/9"), moves(plan), "its labels go along");
    }

    @Test
    void aCopyOfAFileThatAPersonDeletedIsNew() {
        synced("cat/1", "A");
        stored.remove(key("cat/1"));
        file("cat/3", "A");
        SyncPlan plan = plan();
        assertEquals(keys("cat/3"), plan.added());
        assertEquals(keys("cat/1"), plan.deleted());
    }

    @Test
    void ofADeletedPictureWhoseFileIsGoneNothingIsLeft() {
        synced("cat/1", "A");
        synced("cat/2", "B");
        stored.remove(key("cat/1"));
        folder.remove(key("cat/1"));
        SyncPlan plan = plan();
        assertTrue(plan.isEmpty());
        assertEquals(keys("cat/1"), plan.forgotten());
    }

    @Test
    void aFileMovesOnceWithItsPicture() {
        synced("cat/1", "A");
        synced("cat/2", "B");
        rename("cat/1", "dog/7");
        SyncPlan plan = plan();
        assertEquals(List.of("cat/1>dog/7"), moves(plan));
        assertTrue(plan.added().isEmpty() && plan.removed().isEmpty());
        assertEquals(List.of(key("dog/7")), read);
    }

    @Test
    void copiesMoveOneToOneByNameAndElseInTheOrderOfTheirKeys() {
        for (String path : List.of("cat/1", "cat/2", "cat/3", "cat/4")) {
            synced(path, "A");
        }
        synced("dog/9", "B");
        rename("cat/1", "bird/z");
        rename("cat/2", "bird/y");
        rename("cat/3", "bird/1");
        folder.remove(key("cat/4"));
        SyncPlan plan = plan();
        assertEquals(List.of("cat/1>bird/1", "cat/2>bird/y", "cat/3>bird/z"), moves(plan));
        assertEquals(keys("cat/4"), plan.removed());
    }

    @Test
    void ofCopiesWhatIsKeptMovesBeforeWhatAPersonDeleted() {
        synced("cat/1", "A");
        synced("cat/2", "A");
        synced("dog/9", "B");
        stored.remove(key("cat/1"));
        rename("cat/1", "bird/x");
        folder.remove(key("cat/2"));
        SyncPlan plan = plan();
        assertEquals(List.of("cat/2>bird/x"), moves(plan));
        assertEquals(Set.of(), plan.deleted());
        assertEquals(Set.of(), plan.removed());
    }

    @Test
    void filesThatWereNumberedAnewOrChangedPlacesTakeTheirLabelsAlong() {
        synced("cat/1", "A");
        synced("cat/2", "B");
        synced("cat/3", "C");
        file("cat/2", "A");
        file("cat/3", "B");
        file("cat/4", "C");
        folder.remove(key("cat/1"));
        SyncPlan plan = plan();
        assertEquals(List.of("cat/1>cat/2", "cat/2>cat/3", "cat/3>cat/4"), moves(plan));
        assertTrue(plan.changed().isEmpty() && plan.removed().isEmpty());
        folder.clear();
        synced("cat/1", "A");
        synced("cat/2", "B");
        file("cat/1", "B");
        file("cat/2", "A");
        folder.put(key("cat/3"), "C");
        assertEquals(List.of("cat/2>cat/1", "cat/1>cat/2"), moves(plan()));
    }

    @Test
    void aRecordWithoutTimesIsReadOnce() {
        synced("cat/1", "A");
        origins.put(key("cat/1"), new Origin(HERE, "A", 0, 0, false));
        assertTrue(plan().isEmpty());
        assertEquals(List.of(key("cat/1")), read);
        origins.putAll(plan().settled());
        assertTrue(plan().isEmpty());
        assertEquals(List.of(), read);
    }

    @Test
    void whatAKillLeftAnnouncedIsStoredOrSettled() {
        file("cat/1", "A");
        file("cat/2", "B");
        file("cat/3", "C");
        for (String path : List.of("cat/1", "cat/2", "cat/3", "cat/4")) {
            origin(path, String.valueOf(folder.getOrDefault(key(path), "D")));
            origins.put(key(path), announced(path));
        }
        stored("cat/2", "B");
        stored("cat/3", "half of C");
        SyncPlan plan = plan();
        assertEquals(keys("cat/1"), plan.added(), "not taken for deleted");
        assertEquals(keys("cat/3"), plan.changed());
        assertFalse(plan.settled().get(key("cat/2")).announced());
        assertEquals(keys("cat/4"), plan.forgotten());
        assertEquals(List.of(), read);
    }

    private Origin announced(String path) {
        Origin it = origins.get(key(path));
        return new Origin(HERE, it.sha256(), it.bytes(), it.modified(), true);
    }

    @Test
    void aMoveThatWasKilledBetweenCopyAndDeletionGoesOn() {
        synced("cat/1", "A");
        rename("cat/1", "dog/1");
        origin("dog/1", "A");
        origins.put(key("dog/1"), announced("dog/1"));
        assertEquals(List.of("cat/1>dog/1"), moves(plan()), "before the copy");
        assertFalse(plan().isStored(key("dog/1")));
        stored("dog/1", "A");
        SyncPlan plan = plan();
        assertEquals(List.of("cat/1>dog/1"), moves(plan));
        assertTrue(plan.isStored(key("dog/1")), "it is not copied again");
        assertFalse(plan.settled().containsKey(key("dog/1")));
        assertTrue(plan.removed().isEmpty());
    }
}
