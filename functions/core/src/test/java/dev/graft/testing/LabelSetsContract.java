package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSets;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.LabelStore.Outcome;
import dev.graft.feature.LabelsPerImage;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store does with the labels of several sets. */
public abstract class LabelSetsContract {
    private static final LabelSet DAMAGE = new LabelSet("damage");
    private static final LabelSet SEASON = new LabelSet("season");
    private static final Instant START = Instant.parse("2026-11-23T10:15:30Z");

    /** The features under test, empty when a test begins. */
    protected abstract FeatureStore features();

    /** Their labels. */
    protected abstract LabelStore labels();

    /** The lists of the same images. */
    protected abstract ImageIndex index();

    /** The sets of the same labels. */
    protected abstract LabelSets sets();

    @Test
    void eachSetHasItsLabelWithoutTouchingAnother() {
        put(1, Map.of(LabelSet.DEFAULT, folder("car")));
        assertEquals(Outcome.LABELLED, decide(DAMAGE, 1, "dent").outcome());
        assertEquals(Outcome.LABELLED, decide(SEASON, 1, "winter").outcome());
        assertEquals(Outcome.LABELLED, decide(DAMAGE, 1, "scratch").outcome());
        ImageFeature found = features().find(key(1), "net").orElseThrow();
        assertEquals(
                Map.of(
                        LabelSet.DEFAULT,
                        folder("car"),
                        DAMAGE,
                        byPerson("scratch"),
                        SEASON,
                        byPerson("winter")),
                found.labels().all());
        assertEquals(Optional.of(folder("car")), found.label());
        assertEquals(Optional.of(byPerson("winter")), found.in(SEASON).label());
        assertEquals(
                Optional.of(byPerson("scratch")),
                features().in(DAMAGE).find(key(1), "net").orElseThrow().label());
        assertEquals(List.of("scratch", "dent"), history(DAMAGE, 1));
        assertEquals(List.of("winter"), history(SEASON, 1));
        assertEquals(List.of("car"), history(LabelSet.DEFAULT, 1));
        assertEquals(history(DAMAGE, 1), names(features().in(DAMAGE).known(key(1)).labels()));
        var expected =
                Decision.of(key(1), Optional.of("none"), "ann")
                        .inPlaceOf(Optional.of(Optional.of("car")));
        assertEquals(
                Outcome.CHANGED_MEANWHILE,
                labels().in(DAMAGE).decide(expected).outcome(),
                "what is expected is the label of the set");
    }

    @Test
    void aScanGivesTheLabelsOfAllSetsAndEachImageOnce() {
        IntStream.range(0, 60)
                .forEach(
                        i ->
                                put(
                                        i,
                                        i % 2 == 0
                                                ? Map.of(LabelSet.DEFAULT, folder("car"))
                                                : Map.of()));
        IntStream.range(0, 60).filter(i -> i % 3 == 0).forEach(i -> decide(DAMAGE, i, "dent"));
        IntStream.range(0, 60).filter(i -> i % 5 == 0).forEach(i -> decide(SEASON, i, "winter"));
        Map<String, ImageFeature> found = new ConcurrentHashMap<>();
        List<String> twice = new ArrayList<>();
        features()
                .scan(
                        "net",
                        image -> {
                            if (found.put(image.key(), image) != null) {
                                twice.add(image.key());
                            }
                        });
        assertEquals(List.of(), twice);
        assertEquals(60, found.size());
        for (int i = 0; i < 60; i++) {
            ImageFeature image = found.get(key(i));
            assertEquals(i % 2 == 0, image.label().isPresent(), key(i));
            assertEquals(i % 3 == 0, image.in(DAMAGE).label().isPresent(), key(i));
            assertEquals(i % 5 == 0, image.in(SEASON).label().isPresent(), key(i));
        }
    }

    @Test
    void whatAnObjectSaysLabelsEachSetAsInTheDefaultOne() {
        put(1, Map.of(LabelSet.DEFAULT, folder("car"), DAMAGE, tag("dent")));
        assertEquals(Optional.of(tag("dent")), label(DAMAGE, 1));
        decide(DAMAGE, 1, "scratch");
        put(2, 1, "another picture", Map.of(DAMAGE, tag("dent")));
        assertEquals(Optional.of(tag("dent")), label(DAMAGE, 1), "a person saw another picture");
        assertEquals(Optional.empty(), label(LabelSet.DEFAULT, 1));
        var line = Decision.byFile(key(1), "rust", new StoredObject("labels/a.csv", "", START));
        labels().in(DAMAGE).decide(line);
        put(3, 1, "a third picture", Map.of());
        assertEquals(Optional.of(new Label("rust", LabelSource.FILE)), label(DAMAGE, 1));
    }

    @Test
    void labelsOfASetOutliveADeletionIfSomebodyGaveThem() {
        put(1, Map.of(SEASON, tag("winter")));
        decide(DAMAGE, 1, "dent");
        features().remove(key(1), sequencer(2));
        assertEquals(List.of(), list(DAMAGE, new ImageIndex.OfLabel("dent")));
        assertEquals(Map.of(), index().in(DAMAGE).counts().labels());
        put(3, 1, "picture 1", Map.of());
        assertEquals(Optional.of(byPerson("dent")), label(DAMAGE, 1));
        assertEquals(Optional.empty(), label(SEASON, 1));
        assertEquals(List.of(1), list(DAMAGE, new ImageIndex.OfLabel("dent")));
        var known = features().known(key(1));
        assertTrue(features().replace(known, known.forgotten(Instant.now()), Optional.empty()));
        assertEquals(new TreeMap<>(), features().known(key(1)).decisions());
        assertEquals(List.of(), history(DAMAGE, 1));
        assertEquals(new TreeMap<>(), sets().all());
        assertTrue(features().purge(features().known(key(1))));
    }

    @Test
    void listsFindsAndCountsByTheLabelsOfASet() {
        IntStream.range(0, 12)
                .forEach(
                        i ->
                                put(
                                        i,
                                        i % 2 == 0
                                                ? Map.of(LabelSet.DEFAULT, folder("car"))
                                                : Map.of()));
        IntStream.range(0, 12)
                .filter(i -> i % 3 == 0)
                .forEach(i -> decide(DAMAGE, i, i % 2 == 0 ? "dent+rust" : "rust"));
        assertEquals(
                List.of(10, 8, 6, 4, 2, 0), list(LabelSet.DEFAULT, new ImageIndex.OfLabel("car")));
        assertEquals(List.of(), list(LabelSet.DEFAULT, new ImageIndex.OfLabel("rust")));
        assertEquals(List.of(), list(DAMAGE, new ImageIndex.OfLabel("car")));
        assertEquals(List.of(9, 3), list(DAMAGE, new ImageIndex.OfLabel("rust")));
        assertEquals(List.of(9, 6, 3, 0), list(DAMAGE, new ImageIndex.OneOfSeveral("rust")));
        assertEquals(List.of(11, 10, 8, 7, 5, 4, 2, 1), list(DAMAGE, new ImageIndex.Unlabelled()));
        assertEquals(12, list(SEASON, new ImageIndex.Unlabelled()).size());
        assertEquals(12, list(DAMAGE, new ImageIndex.All()).size());
        var entry = index().in(DAMAGE).find(List.of(key(3), key(4)));
        assertEquals(Optional.of(byPerson("rust")), entry.get(0).label());
        assertEquals(Optional.empty(), entry.get(1).label());
        ImageIndex.Counts counts = index().in(DAMAGE).counts();
        assertEquals(Map.of("dent+rust", 2, "rust", 2), counts.labels());
        assertEquals(8, counts.unlabelled());
        assertEquals(12, counts.images());
        assertEquals(Map.of("net", 12), counts.features());
        assertEquals(Map.of("car", 6), index().counts().labels());
        index().in(DAMAGE).recount(Duration.ZERO);
        assertEquals(counts, index().in(DAMAGE).counts());
    }

    @Test
    void tellsWhatChangedWithTheLabelsOfASet() {
        IntStream.range(0, 6).forEach(i -> put(i, Map.of(LabelSet.DEFAULT, folder("car"))));
        decide(DAMAGE, 1, "dent");
        decide(DAMAGE, 2, "dent");
        Instant since = features().known(key(2)).changed();
        decide(DAMAGE, 2, "rust");
        decide(LabelSet.DEFAULT, 1, "bus");
        Map<String, Optional<Label>> all = changes(DAMAGE, Instant.EPOCH);
        assertEquals(6, all.size());
        assertEquals(Optional.of(byPerson("dent")), all.get(key(1)));
        assertEquals(Optional.of(byPerson("rust")), all.get(key(2)));
        assertEquals(Optional.empty(), all.get(key(3)));
        Map<String, Optional<Label>> later = changes(DAMAGE, since);
        assertEquals(Optional.of(byPerson("rust")), later.get(key(2)));
        assertEquals(Optional.of(byPerson("dent")), later.get(key(1)), "its other label changed");
        assertEquals(
                later.get(key(2)),
                index().in(DAMAGE).changes(since, 100).images().stream()
                        .filter(image -> image.key().equals(key(2)))
                        .findFirst()
                        .orElseThrow()
                        .label());
    }

    @Test
    void aSetIsThereOnceItIsMadeOrHasALabel() {
        assertEquals(new TreeMap<>(), sets().all());
        put(1, Map.of(LabelSet.DEFAULT, folder("car")));
        assertEquals(new TreeMap<>(), sets().all(), "but for the default one");
        sets().put(SEASON, LabelsPerImage.SEVERAL);
        decide(DAMAGE, 1, "dent");
        assertEquals(
                Map.of(DAMAGE, LabelsPerImage.ONE, SEASON, LabelsPerImage.SEVERAL), sets().all());
        sets().put(DAMAGE, LabelsPerImage.SEVERAL);
        sets().put(SEASON, LabelsPerImage.ONE);
        assertEquals(
                Map.of(DAMAGE, LabelsPerImage.SEVERAL, SEASON, LabelsPerImage.ONE), sets().all());
        assertEquals(Map.of("dent", 1), index().in(DAMAGE).counts().labels());
        assertThrows(
                IllegalArgumentException.class,
                () -> sets().put(LabelSet.DEFAULT, LabelsPerImage.SEVERAL));
    }

    private Map<String, Optional<Label>> changes(LabelSet set, Instant since) {
        Map<String, Optional<Label>> told = new HashMap<>();
        index().in(set).changes(since, image -> told.put(image.key(), image.label()));
        return told;
    }

    private List<Integer> list(LabelSet set, ImageIndex.Which which) {
        List<Integer> found = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            var page = index().in(set).list(which, 3, cursor);
            page.images().forEach(image -> found.add(number(image.key())));
            cursor = page.cursor();
        } while (cursor.isPresent());
        return found;
    }

    private Optional<Label> label(LabelSet set, int number) {
        return features().find(key(number), "net").orElseThrow().in(set).label();
    }

    private List<String> history(LabelSet set, int number) {
        return names(labels().in(set).history(key(number)));
    }

    private static List<String> names(List<LabelChange> changes) {
        return changes.stream().map(change -> change.name().orElse("")).toList();
    }

    private LabelStore.Answer decide(LabelSet set, int number, String name) {
        return labels().in(set).decide(Decision.of(key(number), Optional.of(name), "ann"));
    }

    private static Label folder(String name) {
        return new Label(name, LabelSource.FOLDER);
    }

    private static Label tag(String name) {
        return new Label(name, LabelSource.TAG);
    }

    private static Label byPerson(String name) {
        return new Label(name, LabelSource.CORRECTION);
    }

    private void put(int number, Map<LabelSet, Label> labels) {
        put(1, number, "picture " + number, labels);
    }

    private void put(int event, int number, String hash, Map<LabelSet, Label> labels) {
        features()
                .put(
                        new ImageFeature(
                                key(number),
                                SetLabels.of(labels),
                                "net",
                                new byte[8],
                                hash,
                                640,
                                480,
                                sequencer(event),
                                START.plusNanos(number),
                                "",
                                new byte[0]));
    }

    private static String key(int number) {
        return "images/%d.jpg".formatted(number);
    }

    private static int number(String key) {
        return Integer.parseInt(key.substring("images/".length(), key.length() - ".jpg".length()));
    }

    private static String sequencer(int event) {
        return Sequencer.padded("%016X".formatted(event));
    }
}
