package dev.graft.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoreException;
import dev.graft.feature.UnreadableImage;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryIndexStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KnownImagesTest {
    private static final String NET = "net";
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private Instant now = NOON;
    private final InMemoryFeatureStore store = new InMemoryFeatureStore(() -> now);
    private final InMemoryIndexStore files = new InMemoryIndexStore();
    private final AtomicInteger scans = new AtomicInteger();
    private final AtomicInteger vectors = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);

    /** Of each call, in the order: what the next ones do instead. */
    private final List<Runnable> faults = new ArrayList<>();

    private final FeatureStore features = watched(FeatureStore.class, store);
    private final ImageIndex index = watched(ImageIndex.class, new InMemoryImageIndex(store));
    private final IndexStore watchedFiles = watched(IndexStore.class, files);
    private final AtomicInteger failures = new AtomicInteger();
    private final KnownImages known =
            new KnownImages(
                    features, index, watchedFiles, e -> failures.incrementAndGet(), () -> now);

    private <T> T watched(Class<T> type, T real) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("scan")) {
                                scans.incrementAndGet();
                            }
                            if (method.getName().equals("vectors")) {
                                vectors.addAndGet(((List<?>) arguments[0]).size());
                            }
                            Optional<Runnable> fault = nextFault();
                            fault.ifPresent(Runnable::run);
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }

    private synchronized Optional<Runnable> nextFault() {
        return faults.isEmpty() ? Optional.empty() : Optional.of(faults.removeFirst());
    }

    @AfterEach
    void release() {
        released.countDown();
    }

    private void build() {
        var listing = new ImageListing(new InMemoryImageIndex(store), files, () -> now);
        new BuildIndex(store, listing, files, () -> now).run(Set.of(NET));
    }

    private void put(int number, String label, int event) {
        store.put(
                new ImageFeature(
                        key(number),
                        SetLabels.of(
                                Optional.ofNullable(label)
                                        .map(l -> new Label(l, LabelSource.FOLDER))),
                        NET,
                        Float16.encode(new float[] {number, event, 1}),
                        "%064x".formatted(7919L * number + event),
                        8,
                        8,
                        Sequencer.padded("" + event),
                        now,
                        "",
                        new byte[0]));
    }

    private static String key(int number) {
        return "images/%03d.jpg".formatted(number);
    }

    /** Key, label and feature of each image. */
    private static TreeMap<String, String> images(KnownImages.Snapshot snapshot) {
        TreeMap<String, String> all = new TreeMap<>();
        Neighbours images = snapshot.images();
        for (int i = 0; i < images.size(); i++) {
            float[] feature = images.feature(i);
            String values = Math.round(feature[0]) + " " + Math.round(feature[1]);
            all.put(images.key(i), images.label(i) + " " + values);
        }
        return all;
    }

    /** What the store has, in the same words. */
    private TreeMap<String, String> stored() {
        TreeMap<String, String> all = new TreeMap<>();
        store.scan(
                NET,
                image -> {
                    float[] feature = Float16.decode(image.feature());
                    String label = image.label().map(Label::name).orElse(null);
                    synchronized (all) {
                        all.put(
                                image.key(),
                                label + " " + (int) feature[0] + " " + (int) feature[1]);
                    }
                });
        return all;
    }

    /** Looks until all is as it is in the store. */
    private void assertFollows() {
        for (int tries = 0; tries < 500; tries++) {
            now = now.plusSeconds(4);
            if (known.get(NET).filter(all -> images(all).equals(stored())).isPresent()) {
                return;
            }
            LockSupport.parkNanos(2_000_000);
        }
        assertEquals(stored(), images(known.await(NET)));
    }

    @Test
    void knowsWhatIsStoredWithAndWithoutAFile() {
        IntStream.range(0, 60).forEach(i -> put(i, i % 3 == 0 ? null : "c" + i % 2, 1));
        assertEquals(stored(), images(known.await(NET)), "without a file");
        now = now.plus(Duration.ofHours(1));
        build();
        var later = new KnownImages(features, index, files, e -> {}, () -> now);
        vectors.set(0);
        assertEquals(stored(), images(later.await(NET)), "from the file");
        assertEquals(0, vectors.get(), "none came later");
        assertEquals(0, scans.get(), "nobody reads the table");
        assertTrue(later.await(NET).novelty().threshold(95).isPresent());
    }

    @Test
    void followsEverythingThatChanges() {
        IntStream.range(0, 30).forEach(i -> put(i, "cat", 1));
        build();
        assertFollows();
        put(99, "new", 1);
        put(1, "cat", 2);
        store.decide(Decision.of(key(2), Optional.of("dog"), "ann"));
        store.decide(Decision.of(key(3), Optional.empty(), "ann"));
        store.remove(key(4), Sequencer.padded("2"));
        store.putUnreadable(new UnreadableImage(key(5), "broken", Sequencer.padded("2"), now));
        assertFollows();
        assertEquals(29, known.await(NET).images().size());
        now = now.plus(Duration.ofMinutes(10));
        build();
        put(100, "newer", 1);
        assertFollows();
        assertEquals(0, scans.get());
    }

    @Test
    void aLabelGivenHereShowsAtOnceAndIsNotUndoneByAnOlderTelling() {
        IntStream.range(0, 3).forEach(i -> put(i, "cat", 1));
        known.await(NET);
        now = now.plusSeconds(1);
        known.relabelled(List.of(key(1)), Optional.of("dog"));
        assertEquals("dog", known.await(NET).images().labelOf(key(1)).orElseThrow());
        now = now.plusSeconds(4);
        put(9, "cat", 1);
        for (int i = 0; i < 500 && known.await(NET).images().size() < 4; i++) {
            LockSupport.parkNanos(2_000_000);
            now = now.plusSeconds(4);
        }
        assertEquals("dog", known.await(NET).images().labelOf(key(1)).orElseThrow());
    }

    @Test
    void aStoreThatHangsHoldsNobodyUp() {
        IntStream.range(0, 3).forEach(i -> put(i, "cat", 1));
        known.await(NET);
        hang();
        now = now.plusSeconds(4);
        for (int i = 0; i < 20; i++) {
            assertEquals(3, known.get(NET).orElseThrow().images().size());
        }
    }

    @Test
    void withNothingInMemoryAStoreThatHangsIsWaitedForBriefly() {
        put(1, "cat", 1);
        hang();
        long start = System.nanoTime();
        assertTrue(known.get(NET).isEmpty());
        now = now.plusSeconds(2);
        for (int i = 0; i < 20; i++) {
            assertTrue(known.get(NET).isEmpty());
        }
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(waited.compareTo(Duration.ofSeconds(4)) < 0, waited.toString());
        now = now.plusSeconds(9);
        assertThrows(StoreException.class, () -> known.await(NET));
        released.countDown();
        assertFollows();
    }

    private synchronized void hang() {
        faults.add(
                () -> {
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    @Test
    void goesOnAfterEachFailure() {
        IntStream.range(0, 2500).forEach(i -> put(i % 250, "cat", i / 250 + 1));
        build();
        IntStream.range(250, 300).forEach(i -> put(i, "dog", 1));
        synchronized (this) {
            for (int i = 0; i < 12; i++) {
                boolean fails = i % 3 != 0;
                faults.add(
                        () -> {
                            if (fails) {
                                throw new StoreException("away", null);
                            }
                        });
            }
        }
        for (int i = 0; i < 12; i++) {
            now = now.plusSeconds(4);
            known.get(NET);
        }
        assertFollows();
        assertTrue(failures.get() > 0, "nothing failed");
    }

    @Test
    void aDamagedFileCountsAsNoneAndIsWrittenAnew() {
        IntStream.range(0, 50).forEach(i -> put(i, "cat", 1));
        build();
        byte[] whole = files.read(FeatureFile.name(NET), 0, 1 << 20).orElseThrow().bytes();
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        for (byte[] damaged :
                List.of(Arrays.copyOf(whole, whole.length / 2), flipped, new byte[] {1}, longer)) {
            files.write(FeatureFile.name(NET), damaged);
            assertEquals(
                    stored(),
                    images(new KnownImages(store, index, files, e -> {}, () -> now).await(NET)));
        }
        put(50, "cat", 1);
        build();
        FeatureFile file =
                FeatureFile.read(
                        Download.whole(files, FeatureFile.name(NET)).orElseThrow(),
                        FeatureRows.Limits.ofThisMachine());
        assertEquals(51, file.rows().size());
    }

    @Test
    void aLabelSetHasLabelsOfItsOwnAndNoFeatureOnceMore() {
        IntStream.range(0, 30).forEach(i -> put(i, "cat", 1));
        LabelSet damage = new LabelSet("damage");
        store.in(damage).decide(Decision.of(key(3), Optional.of("dent"), "ann"));
        Neighbours all = known.await(NET).images();
        Neighbours ofSet = known.in(damage).await(NET).images();
        assertEquals(30, ofSet.size());
        for (int i = 0; i < 30; i++) {
            assertEquals(all.key(i), ofSet.key(i));
            assertSame(all.kept(i), ofSet.kept(i));
            assertEquals(Optional.of("cat"), all.labelOf(key(i)));
            Optional<String> label = i == 3 ? Optional.of("dent") : Optional.empty();
            assertEquals(label, ofSet.labelOf(key(i)));
        }
    }

    @Test
    void whoSleptForHoursLooksFirst() {
        IntStream.range(0, 30).forEach(i -> put(i, "cat", 1));
        known.await(NET);
        store.remove(key(4), Sequencer.padded("2"));
        now = now.plus(Duration.ofHours(2));
        assertEquals(stored(), images(known.get(NET).orElseThrow()));
        hang();
        now = now.plus(Duration.ofHours(2));
        assertTrue(known.get(NET).isEmpty(), "too old to be told");
    }

    @Test
    void whoSleptForAWeekReadsAgain() {
        IntStream.range(0, 30).forEach(i -> put(i, "cat", 1));
        build();
        assertFollows();
        store.remove(key(4), Sequencer.padded("2"));
        store.forget(key(4));
        now = now.plus(Duration.ofDays(8));
        assertFollows();
        build();
        assertFollows();
    }

    @Test
    void tellsBackbonesApart() {
        put(1, "cat", 1);
        build();
        assertEquals(1, known.await(NET).images().size());
        assertEquals(0, known.await("other").images().size());
        assertEquals(1, known.await(NET).images().size());
    }
}
