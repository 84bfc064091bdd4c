package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.local.Origins.Origin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nothing is replaced or removed that did not come from the folder, or that only seems gone. */
class SyncPlanOwnershipTest extends SyncPlanFixture {
    @Test
    void onlyWhatCameFromThisFolderIsRemoved() {
        synced("cat/1", "A");
        synced("cat/2", "B");
        synced("cat/3", "C");
        folder.remove(key("cat/1"));
        stored("cat/by page", "P");
        stored("cat/from elsewhere", "E");
        origins.put(key("cat/from elsewhere"), Origin.stored(ELSEWHERE, "E", stamp("E")));
        SyncPlan plan = plan();
        assertEquals(keys("cat/1"), plan.removed());
        assertEquals(3, plan.came());
        assertFalse(plan.isMoreThanHalfGone());
    }

    @Test
    void whatWasReplacedThroughThePageIsNeitherRemovedNorReplaced() {
        synced("cat/1", "A");
        synced("cat/2", "B");
        stored("cat/1", "P");
        assertEquals(keys("cat/1"), plan().taken());
        assertTrue(plan().isEmpty());
        file("cat/1", "A2");
        assertTrue(plan().isEmpty());
        folder.remove(key("cat/1"));
        assertTrue(plan().isEmpty());
        assertEquals(keys("cat/1"), plan().forgotten());
    }

    @Test
    void aPictureOfThePageOrOfAnotherFolderIsNotTakenOver() {
        stored("cat/1", "A");
        file("cat/1", "A");
        stored("cat/2", "P");
        file("cat/2", "B");
        stored("cat/3", "E");
        file("cat/3", "C");
        origins.put(key("cat/3"), Origin.stored(ELSEWHERE, "E", stamp("E")));
        stored("cat/4", "D");
        file("cat/4", "D");
        origins.put(key("cat/4"), Origin.stored(ELSEWHERE, "D", stamp("D")));
        SyncPlan plan = plan();
        assertTrue(plan.isEmpty());
        assertEquals(keys("cat/2", "cat/3"), plan.taken());
        assertEquals(Map.of(), plan.settled());
        folder.clear();
        file("dog/1", "Z");
        assertEquals(Set.of(), plan().removed());
    }

    @Test
    void aMovedFileWhoseNewKeyIsTakenKeepsItsPictureUnderTheOldOne() {
        synced("cat/1", "A");
        synced("cat/2", "B");
        stored("dog/1", "P");
        rename("cat/1", "dog/1");
        SyncPlan plan = plan();
        assertTrue(plan.isEmpty());
        assertEquals(keys("dog/1"), plan.taken());
        assertFalse(plan.forgotten().contains(key("cat/1")));
    }

    @Test
    void dataOfAVersionWithoutTheRecordIsAdoptedAndNothingOfItRemoved() {
        adopts = true;
        stored("cat/1", "A");
        file("cat/1", "A");
        stored("cat/gone", "G");
        stored("cat/2", "OLD");
        file("cat/2", "NEW");
        file("cat/3", "C");
        SyncPlan plan = plan();
        assertEquals(Set.of(key("cat/1")), plan.settled().keySet());
        assertEquals(keys("cat/3"), plan.added());
        assertEquals(keys("cat/2"), plan.taken());
        assertTrue(plan.removed().isEmpty() && plan.changed().isEmpty());
        assertEquals(1, plan.came());
        assertFalse(plan.isOfAnotherFolder());
    }

    @Test
    void aFolderThatCannotBeReadNowLosesNothing() {
        synced("cat/1", "A");
        synced("nas/2", "B");
        synced("nas/3", "C");
        folder.remove(key("nas/2"));
        folder.remove(key("nas/3"));
        unread = "images/nas/";
        SyncPlan plan = plan();
        assertTrue(plan.isEmpty());
        assertEquals(Set.of(), plan.forgotten());
    }

    @Test
    void muchThatIsGoneAndAnotherFolderAreTold() {
        for (String path : List.of("cat/1", "cat/2", "cat/3", "cat/4")) {
            synced(path, path);
        }
        folder.remove(key("cat/1"));
        folder.remove(key("cat/2"));
        assertFalse(plan().isMoreThanHalfGone(), "half of it");
        folder.remove(key("cat/3"));
        assertTrue(plan().isMoreThanHalfGone());
        assertFalse(plan().isOfAnotherFolder());
        folder.remove(key("cat/4"));
        file("bird/1", "X");
        assertTrue(plan().isOfAnotherFolder());
        file("bird/2", "cat/4");
        assertFalse(plan().isOfAnotherFolder(), "the folder inside was renamed");
    }

    @Test
    void aFileThatNobodyCouldReadIsNotUploadedAgainAndGoesWithItsFile() {
        synced("cat/1", "A");
        synced("cat/broken", "X");
        stored("cat/broken", SyncPlan.UNREADABLE);
        assertTrue(plan().isEmpty());
        file("cat/broken", "mended");
        assertEquals(keys("cat/broken"), plan().changed());
        folder.remove(key("cat/broken"));
        assertEquals(keys("cat/broken"), plan().removed());
    }
}
