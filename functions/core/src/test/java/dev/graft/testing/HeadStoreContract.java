package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreException;
import dev.graft.head.HeadStore;
import dev.graft.head.HeadStore.Pointer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What every {@link HeadStore} does. */
public abstract class HeadStoreContract {
    private static final byte[] JSON = "{}".getBytes();

    /** The store under test, empty when a test begins and the same one each time within it. */
    protected abstract HeadStore store();

    @Test
    void isEmptyAtFirst() {
        assertEquals(Optional.empty(), store().latest());
        assertEquals(List.of(), store().versions());
        assertEquals(Optional.empty(), store().read("20261123-1", "head.json"));
    }

    @Test
    void readsEveryFileOfAVersion() {
        byte[] weights = new byte[70_000];
        new java.util.Random(5).nextBytes(weights);
        store().save(
                        "20261123-1",
                        Map.of(
                                "head.json",
                                JSON,
                                "head.safetensors",
                                weights,
                                "report.html",
                                JSON));
        assertArrayEquals(JSON, store().read("20261123-1", "head.json").orElseThrow());
        assertArrayEquals(weights, store().read("20261123-1", "head.safetensors").orElseThrow());
        assertEquals(Optional.empty(), store().read("20261123-1", "other.json"));
        assertEquals(Optional.empty(), store().read("20261123-2", "head.json"));
        assertEquals(Optional.empty(), store().read("../heads/20261123-1", "head.json"));
    }

    @Test
    void listsVersionsNewestFirst() {
        for (String version : List.of("20261123-1", "20261123-2", "20261123-3")) {
            store().save(version, Map.of("head.json", JSON));
        }
        assertEquals(List.of("20261123-3", "20261123-2", "20261123-1"), store().versions());
        assertEquals(Optional.empty(), store().latest(), "saving promotes nothing");
    }

    @Test
    void versionsNeverChange() {
        store().save("20261123-1", Map.of("head.json", JSON));
        assertThrows(
                IllegalStateException.class,
                () -> store().save("20261123-1", Map.of("head.json", "[]".getBytes())));
        assertArrayEquals(JSON, store().read("20261123-1", "head.json").orElseThrow());
    }

    @Test
    void theHeadsOfALabelSetAreApartFromThoseOfAnother() {
        HeadStore damage = store().in(new LabelSet("damage"));
        store().save("20261123-1", Map.of("head.json", JSON));
        damage.save("20261123-2", Map.of("head.json", JSON));
        damage.save("20261123-3", Map.of("head.json", JSON));
        assertTrue(damage.promote("20261123-2", Optional.empty()));
        assertTrue(damage.replaceSettings("1".getBytes(), Optional.empty()));
        assertEquals(Optional.empty(), store().latest());
        assertEquals(Optional.empty(), store().settings());
        assertEquals(List.of("20261123-1"), store().versions());
        assertEquals(List.of("20261123-1"), store().neverUsed());
        assertEquals(Set.of("20261123-1"), store().files().keySet());
        assertEquals(List.of("20261123-3", "20261123-2"), damage.versions());
        assertEquals(List.of("20261123-3"), damage.neverUsed());
        assertEquals(Set.of("20261123-2", "20261123-3"), damage.files().keySet());
        assertEquals(List.of(), store().in(new LabelSet("season")).versions());
        assertEquals(Set.of(new LabelSet("damage")), store().sets());
        assertEquals(store().sets(), damage.sets());
        assertEquals("20261123-2", damage.latest().orElseThrow().version());
        assertThrows(
                IllegalArgumentException.class,
                () -> store().promote("20261123-2", Optional.empty()));
        assertTrue(damage.deleteOutOfUse("20261123-3"));
        assertEquals(List.of("20261123-1"), store().in(LabelSet.DEFAULT).versions());
    }

    @Test
    void refusesAVersionWithoutHeadJson() {
        assertThrows(
                IllegalArgumentException.class,
                () -> store().save("20261123-1", Map.of("head.safetensors", JSON)));
        assertEquals(List.of(), store().versions());
    }

    @Test
    void promotesAndRollsBack() {
        store().save("20261123-1", Map.of("head.json", JSON));
        store().save("20261123-2", Map.of("head.json", JSON));
        assertTrue(store().promote("20261123-1", Optional.empty()));
        Pointer first = store().latest().orElseThrow();
        assertEquals("20261123-1", first.version());
        assertTrue(store().promote("20261123-2", Optional.of(first)));
        Pointer second = store().latest().orElseThrow();
        assertEquals("20261123-2", second.version());
        assertNotEquals(first.etag(), second.etag());
        assertTrue(store().promote("20261123-1", Optional.of(second)));
        assertEquals("20261123-1", store().latest().orElseThrow().version());
        assertEquals(List.of("20261123-2", "20261123-1"), store().versions());
    }

    @Test
    void promotesOnlyFromWhatWasSeen() {
        store().save("20261123-1", Map.of("head.json", JSON));
        store().save("20261123-2", Map.of("head.json", JSON));
        assertFalse(
                store().promote(
                                "20261123-1",
                                Optional.of(new Pointer("20261123-0", "\"0\"", Instant.EPOCH))),
                "no pointer yet");
        assertTrue(store().promote("20261123-1", Optional.empty()));
        assertFalse(store().promote("20261123-2", Optional.empty()), "there is one by now");
        assertFalse(
                store().promote(
                                "20261123-2",
                                Optional.of(new Pointer("20261123-1", "\"0\"", Instant.EPOCH))));
        assertEquals("20261123-1", store().latest().orElseThrow().version());
    }

    @Test
    void replacesSettingsOnlyInPlaceOfWhatWasSeen() {
        assertEquals(Optional.empty(), store().settings());
        assertTrue(store().replaceSettings("1".getBytes(), Optional.empty()));
        assertFalse(store().replaceSettings("2".getBytes(), Optional.empty()), "there are some");
        Optional<HeadStore.Settings> first = store().settings();
        assertArrayEquals("1".getBytes(), first.orElseThrow().json());
        assertTrue(store().replaceSettings("3".getBytes(), first));
        assertFalse(store().replaceSettings("4".getBytes(), first), "replaced by now");
        assertArrayEquals("3".getBytes(), store().settings().orElseThrow().json());
        assertEquals(List.of(), store().versions());
    }

    @Test
    void replacesClassesOnlyInPlaceOfWhatWasSeen() {
        assertEquals(Optional.empty(), store().classes());
        assertTrue(store().replaceClasses("1".getBytes(), Optional.empty()));
        assertFalse(store().replaceClasses("2".getBytes(), Optional.empty()), "there are some");
        Optional<HeadStore.Settings> first = store().classes();
        assertTrue(store().replaceClasses("3".getBytes(), first));
        assertFalse(store().replaceClasses("4".getBytes(), first), "replaced by now");
        assertArrayEquals("3".getBytes(), store().classes().orElseThrow().json());
        assertEquals(List.of(), store().versions());
    }

    @Test
    void promotesOnlyWhatWasSaved() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> store().promote("20261123-9", Optional.empty()));
        assertTrue(refused.getMessage().contains("20261123-9"), refused.getMessage());
        assertEquals(Optional.empty(), store().latest());
    }

    @Test
    void deletesWhatWasNeverPromotedAndNothingElse() {
        for (String version : List.of("20261123-1", "20261123-2", "20261123-3")) {
            store().save(version, Map.of("head.json", JSON, "report.html", JSON));
        }
        store().promote("20261123-1", Optional.empty());
        store().promote("20261123-3", store().latest());
        assertEquals(List.of("20261123-2"), store().neverUsed());
        assertFalse(store().delete("20261123-1"), "was in use");
        assertFalse(store().delete("20261123-3"), "is in use");
        assertFalse(store().delete("20261123-9"), "never was");
        assertTrue(store().delete("20261123-2"));
        assertEquals(List.of("20261123-3", "20261123-1"), store().versions());
        assertEquals(Optional.empty(), store().read("20261123-2", "report.html"));
        assertEquals(List.of(), store().neverUsed());
        assertFalse(store().delete("20261123-2"), "again");
        assertThrows(
                IllegalArgumentException.class,
                () -> store().promote("20261123-2", store().latest()));
        assertArrayEquals(JSON, store().read("20261123-1", "report.html").orElseThrow());
    }

    @Test
    void deletesWhatWasPromotedButNotWhatIsInUse() {
        for (String version : List.of("20261123-1", "20261123-2", "20261123-3")) {
            store().save(version, Map.of("head.json", JSON, "report.html", JSON));
        }
        store().promote("20261123-1", Optional.empty());
        store().promote("20261123-3", store().latest());
        Pointer inUse = store().latest().orElseThrow();
        assertFalse(store().deleteOutOfUse("20261123-3"), "is in use");
        assertFalse(store().deleteOutOfUse("20261123-9"), "never was");
        assertEquals(List.of("head.json", "report.html"), store().files().get("20261123-1"));
        assertTrue(store().deleteOutOfUse("20261123-1"), "was in use");
        assertTrue(store().deleteOutOfUse("20261123-2"), "never was in use");
        assertFalse(store().deleteOutOfUse("20261123-2"), "again");
        assertEquals(Set.of("20261123-3"), store().files().keySet());
        assertEquals(List.of("20261123-3"), store().versions());
        assertEquals(List.of(), store().neverUsed());
        Pointer still = store().latest().orElseThrow();
        assertEquals("20261123-3", still.version());
        assertEquals(inUse.moved(), still.moved(), "it was not promoted again");
    }

    @Test
    void leavesNoHeadInUseUntilAnotherIsPromoted() {
        store().save("20261123-1", Map.of("head.json", JSON));
        store().save("20261123-2", Map.of("head.json", JSON));
        store().promote("20261123-1", Optional.empty());
        Pointer first = store().latest().orElseThrow();
        assertTrue(store().retire(first));
        assertEquals(Optional.empty(), store().latest());
        assertFalse(store().retire(first), "again");
        assertTrue(store().deleteOutOfUse("20261123-1"), "it is in use no more");
        assertEquals(Optional.empty(), store().latest());
        assertTrue(store().promote("20261123-2", Optional.empty()));
        assertFalse(store().retire(first), "it is another by now");
        assertEquals("20261123-2", store().latest().orElseThrow().version());
    }

    /** Whoever is first, the head in use is there, and a head that is not was not promoted. */
    @RepeatedTest(5)
    void aDeletionThatRacesAPromotionLeavesNoPointerToNothing() throws Exception {
        race(version -> store().delete(version));
    }

    @RepeatedTest(5)
    void soDoesOneOfAVersionThatWasPromoted() throws Exception {
        race(version -> store().deleteOutOfUse(version));
    }

    private void race(Predicate<String> deletion) throws Exception {
        store().save("20261123-0", Map.of("head.json", JSON));
        store().promote("20261123-0", Optional.empty());
        for (int i = 1; i <= 4; i++) {
            String version = "20261123-" + i;
            store().save(version, Map.of("head.json", JSON));
            Optional<Pointer> seen = store().latest();
            try (var threads = Executors.newFixedThreadPool(2)) {
                Future<Boolean> deleted = threads.submit(() -> deletion.test(version));
                Future<Boolean> promoted =
                        threads.submit(
                                () -> {
                                    try {
                                        return promoted(version, seen);
                                    } catch (IllegalArgumentException none) {
                                        return false;
                                    }
                                });
                assertFalse(deleted.get() && promoted.get(), version);
            }
            String inUse = store().latest().orElseThrow().version();
            assertTrue(store().versions().contains(inUse), inUse);
        }
    }

    /** A store too busy to answer may be asked again; whoever asks again then finds it moved. */
    private boolean promoted(String version, Optional<Pointer> seen) {
        for (int i = 0; ; i++) {
            try {
                return store().promote(version, seen);
            } catch (StoreException busy) {
                if (i == 20) {
                    throw busy;
                }
            }
        }
    }

    @RepeatedTest(5)
    void oneOfManyRacingPromotionsWins() throws Exception {
        List<Callable<Boolean>> promotions = new ArrayList<>();
        store().save("20261123-0", Map.of("head.json", JSON));
        store().promote("20261123-0", Optional.empty());
        Optional<Pointer> seen = store().latest();
        for (int i = 1; i <= 6; i++) {
            String version = "20261123-" + i;
            store().save(version, Map.of("head.json", JSON));
            promotions.add(() -> promoted(version, seen));
        }
        int won = 0;
        try (var threads = Executors.newFixedThreadPool(6)) {
            for (Future<Boolean> promotion : threads.invokeAll(promotions)) {
                won += promotion.get() ? 1 : 0;
            }
        }
        assertEquals(1, won);
        assertNotEquals(seen, store().latest());
    }
}
