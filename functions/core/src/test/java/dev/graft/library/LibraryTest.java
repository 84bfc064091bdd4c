package dev.graft.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.ConflictException;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoreException;
import dev.graft.head.Activation;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryLinks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Counts, changes and exports of labels, of which some join several names. */
class LibraryTest {
    private final InMemoryFeatureStore store = new InMemoryFeatureStore();
    private final InMemoryImageIndex index = new InMemoryImageIndex(store);
    private final Library library = new Library(store, index, InstantSource.fixed(Instant.EPOCH));

    LibraryTest() {
        put("images/1.jpg", "sea");
        put("images/2.jpg", "sea+sky");
        put("images/a, \"b\"/3.jpg", "sky");
        put("images/4.jpg", null);
    }

    private void put(String key, String label) {
        store.put(image(key, label));
    }

    private static ImageFeature image(String key, String label) {
        return new ImageFeature(
                key,
                SetLabels.of(Optional.ofNullable(label).map(l -> new Label(l, LabelSource.FOLDER))),
                "b",
                Float16.encode(new float[] {1}),
                "00",
                1,
                1,
                "1",
                Instant.EPOCH,
                "",
                new byte[0]);
    }

    private String label(String key) {
        return store.find(key, "b").orElseThrow().label().map(Label::name).orElse("");
    }

    @Test
    void countsWholeLabelsOrEachOfTheirNames() {
        assertEquals(
                new Library.Counts(Map.of("sea", 1, "sea+sky", 1, "sky", 1), 3, 1),
                library.counts(Activation.SOFTMAX));
        assertEquals(
                new Library.Counts(Map.of("sea", 2, "sky", 2), 3, 1),
                library.counts(Activation.SIGMOID));
    }

    @Test
    void renamesWholeLabelsOrOneOfTheirNames() {
        assertEquals(
                new Library.Renamed(1, List.of(), List.of(), true),
                library.rename("sea", "ocean", Activation.SOFTMAX, "ann", made -> {}));
        assertEquals("sea+sky", label("images/2.jpg"));
        assertEquals(
                new Library.Renamed(2, List.of(), List.of(), true),
                library.rename("sky", "air", Activation.SIGMOID, "ann", made -> {}));
        assertEquals("air+sea", label("images/2.jpg"));
        assertEquals("ocean", label("images/1.jpg"));
        assertThrows(
                BadRequestException.class,
                () -> library.rename("air", "air", Activation.SOFTMAX, "ann", made -> {}));
    }

    @Test
    void aLargeClassIsRenamedByAsManyCallsAsItTakes() {
        int images = 450;
        for (int i = 0; i < images; i++) {
            put("images/lake/%03d.jpg".formatted(i), "lake");
        }
        var time = new AtomicLong();
        var slow =
                new Library(
                        store, index, () -> Instant.EPOCH.plusSeconds(4 * time.incrementAndGet()));
        List<Library.Renamed> calls = new ArrayList<>();
        do {
            calls.add(slow.rename("lake", "pond", Activation.SOFTMAX, "ann", made -> {}));
            int done = calls.stream().mapToInt(Library.Renamed::changed).sum();
            assertEquals(done, index.counts().labels().get("pond"), "nothing is done twice");
        } while (!calls.getLast().complete());
        assertTrue(calls.size() > 1, calls::toString);
        assertEquals(images, index.counts().labels().get("pond"));
        assertNull(index.counts().labels().get("lake"));
    }

    /** As by a function that is killed, or by somebody who closes the page. */
    @Test
    void aRenameThatWasBrokenOffGoesOnWhenItIsAskedForAgain() {
        int images = 30;
        for (int i = 0; i < images; i++) {
            put("images/lake/%03d.jpg".formatted(i), "lake");
        }
        var left = new AtomicInteger(images / 2);
        var broken =
                new Library(
                        new LabelStore() {
                            @Override
                            public LabelStore in(LabelSet set) {
                                return this;
                            }

                            @Override
                            public Answer decide(Decision decision) {
                                if (left.decrementAndGet() < 0) {
                                    throw new StoreException("no response", null);
                                }
                                return store.decide(decision);
                            }

                            @Override
                            public List<LabelChange> history(String key) {
                                return store.history(key);
                            }
                        },
                        index,
                        InstantSource.fixed(Instant.EPOCH));
        assertThrows(
                StoreException.class,
                () -> broken.rename("lake", "pond", Activation.SOFTMAX, "ann", made -> {}));
        assertEquals(images / 2, index.counts().labels().get("pond"));
        assertEquals(
                new Library.Renamed(images / 2, List.of(), List.of(), true),
                library.rename("lake", "pond", Activation.SOFTMAX, "ann", made -> {}));
    }

    @Test
    void labelsManyAndNamesThoseWithoutAFeature() {
        assertEquals(
                new Library.Changed(1, List.of("images/none.jpg"), List.of()),
                library.label(
                        List.of(
                                Decision.of("images/4.jpg", Optional.of("sky"), "ann"),
                                Decision.of("images/none.jpg", Optional.of("sky"), "ann")),
                        made -> {}));
        assertEquals("sky", label("images/4.jpg"));
        library.label(Decision.of("images/4.jpg", Optional.empty(), "ann"));
        assertEquals("", label("images/4.jpg"));
        var none =
                assertThrows(
                        NotFoundException.class,
                        () ->
                                library.label(
                                        Decision.of("images/none.jpg", Optional.empty(), "ann")));
        assertTrue(none.getMessage().contains("images/none.jpg"), none.getMessage());
    }

    @Test
    void exportsNoFormulas() {
        library.label(Decision.of("images/1.jpg", Optional.of("=1+1"), "ann"));
        String csv = new LabelExport(index.listing(), new InMemoryLinks()).csv();
        assertTrue(csv.contains("images/1.jpg,'=1+1\r\n"), csv);
    }

    @Test
    void aLabelThatSomebodyElseGaveMeanwhileStays() {
        library.label(Decision.of("images/4.jpg", Optional.of("sky"), "ann"));
        Decision late =
                Decision.of("images/4.jpg", Optional.of("sea"), "bob")
                        .inPlaceOf(Optional.of(Optional.empty()));
        var refused = assertThrows(ConflictException.class, () -> library.label(late));
        assertTrue(refused.getMessage().contains("labelled meanwhile as sky"));
        assertEquals(
                new Library.Changed(
                        0, List.of(), List.of(new Library.Conflict("images/4.jpg", "sky"))),
                library.label(List.of(late), made -> {}));
        assertEquals("sky", label("images/4.jpg"));
        library.label(late.inPlaceOf(Optional.of(Optional.of("sky"))));
        assertEquals("sea", label("images/4.jpg"));
    }

    @Test
    void exportsTheLabelledImagesByKey() {
        LabelExport export = new LabelExport(index.listing(), new InMemoryLinks());
        assertEquals(
                "key,label\r\nimages/1.jpg,sea\r\nimages/2.jpg,sea+sky\r\n"
                        + "\"images/a, \"\"b\"\"/3.jpg\",sky\r\n",
                export.csv());
        assertEquals(
                "sea/1.jpg\timages/1.jpg\nsea+sky/2.jpg\timages/2.jpg\n"
                        + "sky/a, \"b\"__3.jpg\timages/a, \"b\"/3.jpg\n",
                export.folders());
        String first = export.manifest().lines().findFirst().orElseThrow();
        assertTrue(
                first.startsWith("{\"source-ref\":\"s3://images/images/1.jpg\",\"label\":0"),
                first);
    }

    @Test
    void noPathOfAnExportedFolderLeavesIt() {
        var odd = new InMemoryFeatureStore();
        var exported = new InMemoryImageIndex(odd);
        String[][] images = {
            {"images/a.jpg", ".."},
            {"images/b.jpg", "."},
            {"images/c.jpg", "cat/../../etc"},
            {"images/..", "cat"},
            {"images/x/../y.jpg", "cat"},
            {"images/d\te\n.jpg", "new\nline"},
            {"images/f.jpg", "back\\slash"},
            {"images/g.jpg", "\u0000"},
        };
        for (String[] image : images) {
            odd.put(image(image[0], image[1]));
        }
        List<String> lines =
                new LabelExport(exported.listing(), new InMemoryLinks()).folders().lines().toList();
        assertEquals(images.length, lines.size(), lines::toString);
        for (String line : lines) {
            String[] parts = line.split("/|\t");
            assertTrue(parts.length > 2 && line.indexOf('/') < line.indexOf('\t'), line);
            assertTrue(
                    line.substring(0, line.indexOf('\t'))
                            .matches("[^/\\\\\\p{Cntrl}]+/[^/\\\\\\p{Cntrl}]+"),
                    line);
            assertTrue(!parts[0].matches("[.]*") && !parts[1].matches("[.]*"), line);
        }
    }
}
