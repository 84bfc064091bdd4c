package dev.graft.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreException;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.head.NoHeadException;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryHeadStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LatestHeadTest {
    private static final Duration CHECK_EVERY = Duration.ofSeconds(3);

    private final InMemoryHeadStore saved = new InMemoryHeadStore();
    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile Instant now = Instant.EPOCH;

    /** Done before the pointer is given. */
    private volatile Runnable onLook = () -> {};

    private final LatestHead latest =
            new LatestHead(
                    new HeadStore() {
                        @Override
                        public HeadStore in(LabelSet set) {
                            return this;
                        }

                        @Override
                        public SortedSet<LabelSet> sets() {
                            return new TreeSet<>();
                        }

                        @Override
                        public Optional<Pointer> latest() {
                            looks.incrementAndGet();
                            onLook.run();
                            return saved.latest();
                        }

                        @Override
                        public List<String> versions() {
                            return saved.versions();
                        }

                        @Override
                        public List<String> neverUsed() {
                            return saved.neverUsed();
                        }

                        @Override
                        public boolean delete(String version) {
                            return saved.delete(version);
                        }

                        @Override
                        public boolean deleteOutOfUse(String version) {
                            return saved.deleteOutOfUse(version);
                        }

                        @Override
                        public boolean retire(Pointer expected) {
                            return saved.retire(expected);
                        }

                        @Override
                        public SortedMap<String, List<String>> files() {
                            return saved.files();
                        }

                        @Override
                        public Optional<byte[]> read(String version, String file) {
                            return saved.read(version, file);
                        }

                        @Override
                        public void save(String version, Map<String, byte[]> files) {
                            saved.save(version, files);
                        }

                        @Override
                        public boolean promote(String version, Optional<Pointer> expected) {
                            return saved.promote(version, expected);
                        }

                        @Override
                        public Optional<Settings> settings() {
                            return saved.settings();
                        }

                        @Override
                        public boolean replaceSettings(byte[] json, Optional<Settings> expected) {
                            return saved.replaceSettings(json, expected);
                        }

                        @Override
                        public Optional<Settings> classes() {
                            return saved.classes();
                        }

                        @Override
                        public boolean replaceClasses(byte[] json, Optional<Settings> expected) {
                            return saved.replaceClasses(json, expected);
                        }
                    },
                    CHECK_EVERY,
                    () -> now,
                    failures::add);

    private void promote(String version) {
        Head head =
                new Head(
                        version,
                        List.of("cat", "dog"),
                        "b",
                        new Head.Parameters(
                                new float[] {1, 0},
                                new float[2],
                                new float[1],
                                new float[] {1},
                                1,
                                Activation.SOFTMAX));
        saved.save(version, HeadFiles.write(head, Heads.card(head)));
        assertTrue(saved.promote(version, saved.latest()));
    }

    @Test
    void othersGoOnWithTheHeadInMemoryWhileOneRefreshes() throws Exception {
        promote("1");
        assertEquals("1", latest.get().version());
        promote("2");
        now = now.plus(CHECK_EVERY);
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        onLook =
                () -> {
                    looking.countDown();
                    await(release);
                };
        CompletableFuture<String> refreshing = ask();
        await(looking);
        for (int i = 0; i < 5; i++) {
            var other = ask();
            assertEquals("1", other.get(30, TimeUnit.SECONDS), "it does not wait");
        }
        assertEquals(2, looks.get(), "only one looks");
        release.countDown();
        assertEquals("2", refreshing.get(30, TimeUnit.SECONDS));
        assertEquals("2", latest.get().version());
    }

    @Test
    void withoutAHeadInMemoryAllWaitForTheOneThatReadsIt() throws Exception {
        promote("1");
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        onLook =
                () -> {
                    looking.countDown();
                    await(release);
                };
        var first = ask();
        await(looking);
        var second = ask();
        release.countDown();
        assertEquals("1", first.get(30, TimeUnit.SECONDS));
        assertEquals("1", second.get(30, TimeUnit.SECONDS));
        assertEquals(1, looks.get());
    }

    @Test
    void looksOncePerInterval() {
        promote("1");
        latest.get();
        promote("2");
        now = now.plus(CHECK_EVERY.minusMillis(1));
        assertEquals("1", latest.get().version());
        assertEquals(1, looks.get());
        now = now.plusMillis(1);
        assertEquals("2", latest.get().version());
    }

    @Test
    void keepsTheHeadInMemoryWhileTheStoreFailsOrTheNewOneIsDamaged() {
        promote("1");
        latest.get();
        now = now.plus(CHECK_EVERY);
        onLook =
                () -> {
                    throw new StoreException("busy", null);
                };
        assertEquals("1", latest.get().version());
        onLook = () -> {};
        saved.save("damaged", Map.of(HeadFiles.CARD, new byte[0]));
        saved.promote("damaged", saved.latest());
        now = now.plus(CHECK_EVERY);
        assertEquals("1", latest.get().version());
        String newer = "{\"format\": 9, \"classes\": [\"cat\"]}";
        saved.save("newer", Map.of(HeadFiles.CARD, newer.getBytes(StandardCharsets.UTF_8)));
        saved.promote("newer", saved.latest());
        now = now.plus(CHECK_EVERY);
        assertEquals("1", latest.get().version());
        promote("2");
        now = now.plus(CHECK_EVERY);
        assertEquals("2", latest.get().version());
        assertEquals(
                List.of(
                        "busy",
                        "head.json of head damaged is no JSON object: promote another version, or restore the file",
                        "head newer is of format 9, and this version of Graft reads up to 2: deploy the version that wrote it, or promote another head"),
                failures.stream().map(Throwable::getMessage).toList());
    }

    @Test
    void saysSoWhileThereIsNoneAndFindsTheFirstAtOnce() {
        assertThrows(NoHeadException.class, latest::get);
        promote("1");
        assertEquals("1", latest.get().version());
    }

    /** On a thread of its own. */
    private CompletableFuture<String> ask() {
        CompletableFuture<String> version = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> version.complete(latest.get().version()));
        return version;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aHeadThatWasTakenOutOfUsePredictsNoMore() {
        promote("1");
        assertEquals("1", latest.get().version());
        assertTrue(saved.retire(saved.latest().orElseThrow()));
        now = now.plus(CHECK_EVERY);
        assertThrows(NoHeadException.class, latest::get);
        promote("2");
        assertEquals("2", latest.get().version());
    }
}
