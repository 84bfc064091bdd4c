package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What every {@link FeatureStore} does; stores may hold what other tests left there. */
public abstract class FeatureStoreContract extends FeatureScanContract {
    @Test
    void findsWhatWasPut() {
        ImageFeature feature = feature("a.jpg", 1, 64);
        assertTrue(store().put(feature));
        assertEqual(feature, find(feature.key()).orElseThrow());
    }

    @Test
    void keepsEveryByteAndEveryLabelSource() {
        for (LabelSource source : LabelSource.values()) {
            byte[] bytes = new byte[4096];
            new Random(source.ordinal()).nextBytes(bytes);
            Label label = new Label("Käfer 猫 " + source, source);
            ImageFeature feature =
                    new ImageFeature(
                            folder + source,
                            SetLabels.of(Optional.of(label)),
                            backbone,
                            bytes,
                            "ab".repeat(32),
                            6000,
                            1,
                            sequencer(1),
                            Instant.parse("2026-11-23T10:15:30Z"),
                            "",
                            new byte[] {0, 1, -1});
            store().put(feature);
            assertEqual(feature, find(feature.key()).orElseThrow());
        }
    }

    @Test
    void keepsFeaturesWithoutLabel() {
        ImageFeature feature = feature("a.jpg", 1, 8).withLabel(Optional.empty());
        store().put(feature);
        assertEqual(feature, find(feature.key()).orElseThrow());
    }

    @Test
    void findsNothingForAnUnknownKey() {
        assertEquals(Optional.empty(), find(folder + "nobody.jpg"));
    }

    @Test
    void tellsApartKeysWithSpacesPlusAndOtherScripts() {
        List<String> names =
                List.of("red cat.jpg", "red+cat.jpg", "red%20cat.jpg", "Kätzchen/猫 😀.jpg", "a//b");
        for (int i = 0; i < names.size(); i++) {
            assertTrue(store().put(feature(names.get(i), i + 1, 8)));
        }
        for (int i = 0; i < names.size(); i++) {
            ImageFeature found = find(folder + names.get(i)).orElseThrow();
            assertEquals(sequencer(i + 1), found.sequencer(), names.get(i));
            assertEquals(folder + names.get(i), found.key());
        }
    }

    @Test
    void ignoresADuplicateEvent() {
        ImageFeature first = feature("a.jpg", 2, 8);
        store().put(first);
        assertFalse(store().put(feature("a.jpg", 2, 16)));
        assertEqual(first, find(first.key()).orElseThrow());
    }

    @Test
    void ignoresAnEarlierEventThatArrivesLate() {
        ImageFeature second = feature("a.jpg", 2, 8);
        store().put(second);
        assertFalse(store().put(feature("a.jpg", 1, 16)));
        assertFalse(store().putUnreadable(unreadable("a.jpg", 1)));
        assertFalse(store().remove(second.key(), sequencer(1)));
        assertFalse(store().remove(second.key(), sequencer(2)));
        assertEqual(second, find(second.key()).orElseThrow());
    }

    @Test
    void aLaterEventReplacesEverything() {
        store().put(feature("a.jpg", 1, 16));
        ImageFeature second = feature("a.jpg", 2, 8).withLabel(Optional.empty());
        assertTrue(store().put(second));
        assertEqual(second, find(second.key()).orElseThrow());
    }

    @Test
    void anUnreadableFileTakesThePlaceOfItsPicture() {
        ImageFeature feature = feature("a.jpg", 1, 8);
        store().put(feature);
        assertTrue(store().putUnreadable(unreadable("a.jpg", 2)));
        assertFalse(store().putUnreadable(unreadable("a.jpg", 2)), "a second time");
        assertEquals(Optional.empty(), find(feature.key()));
        assertEquals(Map.of(), scan());
        assertFalse(store().put(feature), "late");
        assertTrue(store().put(feature("a.jpg", 3, 8)), "mended");
    }

    @Test
    void featuresOfTwoBackbonesLiveSideBySide() {
        ImageFeature first = feature("a.jpg", 1, 8);
        ImageFeature second = by("other-" + backbone, first, new byte[] {1, 2, 3, 4});
        store().put(first);
        Optional<Label> outdated = Optional.of(new Label("dog", LabelSource.FILE));
        assertTrue(store().put(second.withLabel(outdated)), "the same event, by another backbone");
        assertFalse(store().put(second), "a second time");
        assertEqual(first, find(first.key()).orElseThrow());
        assertEqual(second, store().find(first.key(), second.backbone()).orElseThrow());
        assertEquals(Set.of(first.key()), scan().keySet());
        assertEqual(first, scan().get(first.key()));
        List<ImageFeature> others = Collections.synchronizedList(new ArrayList<>());
        store().scan(second.backbone(), others::add);
        assertEquals(1, others.size());
        assertEqual(second, others.getFirst());
    }

    @Test
    void aNewPictureLeavesNoFeatureOfTheOldOneBehind() {
        ImageFeature first = feature("a.jpg", 1, 8);
        ImageFeature second = by("other-" + backbone, first, new byte[] {1, 2, 3, 4});
        store().put(first);
        store().put(second);
        store().put(feature("a.jpg", 2, 8));
        assertEquals(Optional.empty(), store().find(first.key(), second.backbone()));
        assertFalse(store().put(second), "it is of an earlier event");
        store().remove(first.key(), sequencer(3));
        assertFalse(store().put(by(second.backbone(), feature("a.jpg", 2, 8), new byte[2])));
        assertEquals(Map.of(), scan());
    }

    @Test
    void deletesTheFeaturesOfABackboneAndNothingElse() {
        String old = "old-" + backbone;
        for (int i = 1; i <= 5; i++) {
            ImageFeature image = feature(i + ".jpg", i, 8);
            store().put(image);
            store().put(by(old, image, new byte[] {1, 2}));
        }
        ImageFeature alone = by(old, feature("alone.jpg", 6, 8), new byte[] {1, 2});
        store().put(alone);
        ImageRecord before = store().known(folder + "1.jpg");
        assertFalse(store().deleteFeatures(old, Instant.EPOCH), "the time was over");
        assertTrue(store().find(alone.key(), old).isPresent());
        for (int i = 0; i < 2; i++) {
            assertTrue(store().deleteFeatures(old, Instant.MAX));
            store().scan(old, feature -> fail(feature.key()));
            assertEquals(Optional.empty(), store().find(folder + "1.jpg", old));
            assertEquals(5, scan().size());
        }
        ImageRecord after = store().known(folder + "1.jpg");
        assertEquals(Set.of(backbone), after.picture().orElseThrow().backbones());
        assertEquals(before.changed(), after.changed());
        assertEquals(before.labels(), after.labels());
        ImageRecord left = store().known(alone.key());
        assertEquals(Set.of(), left.picture().orElseThrow().backbones());
        assertEquals(CAT, left.label());
        assertTrue(store().put(alone), "made again");
        assertEqual(alone, store().find(alone.key(), old).orElseThrow());
    }

    private static ImageFeature by(String backbone, ImageFeature image, byte[] feature) {
        return new ImageFeature(
                image.key(),
                image.labels(),
                backbone,
                feature,
                image.imageHash(),
                image.width(),
                image.height(),
                image.sequencer(),
                image.time(),
                "",
                new byte[0]);
    }

    @Test
    void knowsWhatAKeyStandsFor() {
        ImageFeature feature = feature("a.jpg", 1, 8);
        assertEquals(ImageRecord.unknown(feature.key()), store().known(feature.key()));
        store().put(feature);
        ImageRecord picture = store().known(feature.key());
        assertEquals(feature.sequencer(), picture.sequencer());
        assertEquals(CAT, picture.label());
        assertEquals(
                Optional.of(
                        new ImageRecord.Picture(
                                feature.imageHash(),
                                640,
                                480,
                                TIME,
                                new TreeSet<>(Set.of(backbone)),
                                "")),
                picture.picture());
        store().putUnreadable(unreadable("a.jpg", 2));
        assertEquals(
                new ImageRecord.Unreadable("half a JPEG", TIME),
                store().known(feature.key()).content());
        store().remove(feature.key(), sequencer(3));
        ImageRecord gone = store().known(feature.key());
        assertEquals(new ImageRecord.Gone(), gone.content());
        assertEquals(sequencer(3), gone.sequencer());
    }

    @Test
    void replacesARecordThatNobodyChanged() {
        ImageFeature feature = feature("a.jpg", 1, 8);
        ImageRecord unknown = store().known(feature.key());
        assertTrue(store().replace(unknown, unknown.found(feature, TIME), Optional.of(feature)));
        assertFalse(store().replace(unknown, unknown.foundGone(TIME), Optional.empty()));
        assertArrayEquals(feature.feature(), find(feature.key()).orElseThrow().feature());
        ImageRecord known = store().known(feature.key());
        assertEquals(unknown.sequencer(), known.sequencer());
        assertTrue(store().replace(known, known.withEtag("e"), Optional.empty()));
        assertFalse(store().replace(known, known.foundGone(TIME), Optional.empty()));
        known = store().known(feature.key());
        assertEquals("e", known.picture().orElseThrow().etag());
        assertTrue(store().replace(known, known.foundGone(TIME), Optional.empty()));
        assertEquals(Optional.empty(), find(feature.key()));
        assertTrue(store().put(feature), "an event counts after it");
    }

    @Test
    void givesEveryKeyAsItIsKept() {
        store().put(feature("a.jpg", 1, 8));
        store().put(by("other-" + backbone, feature("a.jpg", 1, 8), new byte[] {1, 2}));
        store().putUnreadable(unreadable("b.jpg", 2));
        store().remove(folder + "c.jpg", sequencer(3));
        ImageRecord known = store().known(folder + "a.jpg");
        store().replace(known, known.withEtag("e"), Optional.empty());
        Map<String, ImageRecord.Content> found = new ConcurrentHashMap<>();
        store().keys(
                        change -> {
                            if (change.key().startsWith(folder)) {
                                assertNull(found.put(change.key(), change.content()));
                            }
                        });
        for (String name : List.of("a.jpg", "b.jpg", "c.jpg")) {
            assertEquals(store().known(folder + name).content(), found.get(folder + name));
        }
        assertEquals(3, found.size());
    }

    @Test
    void removes() {
        ImageFeature feature = feature("a.jpg", 1, 8);
        store().put(feature);
        assertTrue(store().remove(feature.key(), sequencer(2)));
        assertEquals(Optional.empty(), find(feature.key()));
        assertEquals(Map.of(), scan());
        assertFalse(store().remove(feature.key(), sequencer(2)), "a second time");
    }

    @Test
    void remembersARemovalThatOvertookItsImage() {
        assertTrue(store().remove(folder + "a.jpg", sequencer(5)));
        assertFalse(store().put(feature("a.jpg", 4, 8)));
        assertEquals(Optional.empty(), find(folder + "a.jpg"));
        assertTrue(store().put(feature("a.jpg", 6, 8)), "uploaded again");
        assertTrue(find(folder + "a.jpg").isPresent());
    }

    @Test
    void leavesNothingOfAnImageThatIsForgotten() {
        ImageFeature feature = feature("a.jpg", 4, 8);
        store().put(feature);
        store().put(feature("b.jpg", 4, 8));
        ImageRecord before = store().known(feature.key());
        ImageRecord after = before.forgotten(Instant.parse("2026-11-29T12:00:00Z"));
        assertFalse(store().purge(before), "it is there");
        assertTrue(store().replace(before, after, Optional.empty()));
        assertEquals(Optional.empty(), find(feature.key()));
        assertEquals(List.of(), store().known(feature.key()).labels());
        assertFalse(store().put(feature("a.jpg", 3, 8)), "an event of before");
        assertFalse(store().purge(before), "it was changed");
        assertTrue(store().purge(store().known(feature.key())));
        assertEquals(ImageRecord.unknown(feature.key()), store().known(feature.key()));
        assertFalse(store().purge(after), "again");
        assertTrue(find(folder + "b.jpg").isPresent());
        assertTrue(store().put(feature("a.jpg", 5, 8)), "uploaded again");
    }
}
