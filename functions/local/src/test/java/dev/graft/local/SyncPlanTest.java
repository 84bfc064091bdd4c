package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.local.FolderListing.Stamp;
import dev.graft.local.Origins.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a start does about each way in which a folder, its record and what is kept can differ. */
class SyncPlanTest {
    private static final String HERE = "/pictures";
    private static final String ELSEWHERE = "/others";

    /** Bytes by path; a hash is the bytes themselves, and a new time of change each new bytes. */
    private final Map<String, String> folder = new HashMap<>();

    private final SortedMap<String, Origin> origins = new TreeMap<>();
    private final Map<String, String> stored = new TreeMap<>();
    private final List<String> read = new ArrayList<>();
    private String unread = "images/nothing/";
    private boolean adopts;

    private static Stamp stamp(String bytes) {
        return new Stamp(bytes.length(), 1 + Integer.toUnsignedLong(bytes.hashCode()));
    }

    private static String key(String path) {
        return "images/" + path;
    }

    private static Set<String> keys(String... paths) {
        return Set.copyOf(Arrays.stream(paths).map(SyncPlanTest::key).toList());
    }

    private void file(String path, String bytes) {
        folder.put(key(path), bytes);
    }

    private void stored(String path, String bytes) {
        stored.put(key(path), bytes);
    }

    private void origin(String path, String bytes) {
        origins.put(key(path), Origin.stored(HERE, bytes, stamp(bytes)));
    }

    /** As it is after a sync. */
    private void synced(String path, String bytes) {
        file(path, bytes);
        stored(path, bytes);
        origin(path, bytes);
    }

    private void rename(String from, String to) {
        file(to, String.valueOf(folder.remove(key(from))));
    }

    private SyncPlan plan() {
        read.clear();
        SortedMap<String, Stamp> files = new TreeMap<>();
        folder.forEach((key, bytes) -> files.put(key, stamp(bytes)));
        var listing =
                new FolderListing(
                        HERE,
                        files,
                        key -> key.startsWith(unread),
                        key -> {
                            read.add(key);
                            return folder.getOrDefault(key, "");
                        });
        return new SyncPlan(listing, origins, stored, adopts);
    }

    /** What is moved, as from>to. */
    private static List<String> moves(SyncPlan plan) {
        return plan.moved().values().stream()
                .map(move -> (move.from() + ">" + move.to()).replace("images/", ""))
                .toList();
    }

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
        assertEquals(List.of("cat/1>bird/1", "cat/3>bird/z", "cat/2>bird/y"), sorted(plan));
        assertEquals(keys("cat/4"), plan.removed());
    }

    private static List<String> sorted(SyncPlan plan) {
        return moves(plan).stream().sorted((a, b) -> target(a).compareTo(target(b))).toList();
    }

    private static String target(String move) {
        return switch (move.substring(move.indexOf('>') + 1)) {
            case "bird/1" -> "1";
            case "bird/z" -> "2";
            default -> "3";
        };
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
