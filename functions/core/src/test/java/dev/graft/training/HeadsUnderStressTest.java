package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoreException;
import dev.graft.head.Activation;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.index.BuildIndex;
import dev.graft.prediction.Classification;
import dev.graft.prediction.LatestHead;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.MeanColourBackbone;
import dev.graft.testing.TestNetworks;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two trainings at the same moment, on a store that fails before or after any call, as a kill
 * between two steps looks to what comes next; people who roll back; and heads that nobody can use:
 * damaged, of a newer format, of a network that is not at hand. All the while somebody classifies:
 * always with a head as it was saved, and never with one of those. A few in every build; {@code
 * -Pstress} runs 50 seeds, from {@code -Dstress.seed}.
 */
class HeadsUnderStressTest {
    private static final boolean STRESS = Boolean.getBoolean("stress");
    private static final int STEPS = STRESS ? 60 : 25;
    private static final int EACH = 8;
    private static final MeanColourBackbone BACKBONE = new MeanColourBackbone();

    /** One processor has one common thread, which is not enough for who waits for another. */
    private static final Executor OWN_THREADS = task -> Thread.ofPlatform().start(task);

    private static final TrainingSettings SETTINGS =
            new TrainingSettings(Activation.SOFTMAX, 5, 2, List.of(0.1), 0);

    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final AtomicLong moments = new AtomicLong();
    private final InstantSource clock =
            () -> Instant.parse("2026-11-23T12:00:00Z").plusMillis(moments.incrementAndGet());
    private final InMemoryHeadStore heads = new InMemoryHeadStore(clock);
    private final BuildIndex built = new InMemoryImageIndex(features).built();
    private final Queue<RuntimeException> told = new ConcurrentLinkedQueue<>();
    private final Classification classification =
            new Classification(
                    TestNetworks.of(BACKBONE),
                    new LatestHead(heads, Duration.ZERO, clock, told::add),
                    features,
                    new InMemoryImageStore(),
                    1 << 20);
    private final Set<String> unusable = ConcurrentHashMap.newKeySet();
    private final AtomicInteger faults = new AtomicInteger();
    private volatile double failing = 0.03;
    private int images;

    static LongStream seeds() {
        long first = Long.getLong("stress.seed", 1);
        return LongStream.range(first, first + (STRESS ? 50 : 3));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyPredictionIsByAHeadAsItWasSaved(long seed) throws Exception {
        Random random = new Random(seed);
        add(random);
        training(heads).run(BACKBONE.id(), "Net", Duration.ofHours(1));
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> predictions =
                CompletableFuture.supplyAsync(() -> ask(done), OWN_THREADS);
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(4)) {
                case 0 -> add(random);
                case 1 -> spoil(step, random);
                case 2 -> rollBack(random);
                default -> twoTrain(random);
            }
        }
        done.set(true);
        assertTrue(predictions.get() > STEPS, predictions.get() + " predictions");
        assertTrue(faults.get() > 0, "no fault was met");
        failing = 0;
        training(heads).run(BACKBONE.id(), "Net", Duration.ofHours(1));
        String version = heads.latest().orElseThrow().version();
        assertFalse(unusable.contains(version), version + " was replaced");
        assertEquals(version, classification.inUse().head().version());
    }

    private int ask(AtomicBoolean done) {
        int asked = 0;
        while (!done.get()) {
            var inUse = classification.inUse();
            String version = inUse.head().version();
            assertFalse(unusable.contains(version), version);
            assertArrayEquals(
                    heads.read(version, HeadFiles.TENSORS).orElseThrow(),
                    HeadFiles.tensors(inUse.head()),
                    version);
            assertEquals(inUse.network().identity(), inUse.head().backbone());
            asked++;
        }
        return asked;
    }

    /** A pointer to a head that cannot be used: told, and no prediction by it. */
    private void spoil(int step, Random random) {
        String good = classification.inUse().head().version();
        Map<String, byte[]> files =
                new HashMap<>(
                        Map.of(
                                HeadFiles.CARD,
                                heads.read(good, HeadFiles.CARD).orElseThrow(),
                                HeadFiles.TENSORS,
                                heads.read(good, HeadFiles.TENSORS).orElseThrow()));
        String damage = damage(files, random);
        String version = "%020d %s".formatted(step, damage);
        unusable.add(version);
        heads.save(version, files);
        told.clear();
        promote(version);
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (told.isEmpty()) { // the other thread may be the one that looks
            assertTrue(System.nanoTime() < end, version + " was not told");
            String now = classification.inUse().head().version();
            assertFalse(unusable.contains(now), now);
        }
    }

    private static String damage(Map<String, byte[]> files, Random random) {
        byte[] card = files.get(HeadFiles.CARD);
        byte[] tensors = files.get(HeadFiles.TENSORS);
        String text = new String(card, StandardCharsets.UTF_8);
        return switch (random.nextInt(7)) {
            case 0 ->
                    put(
                            files,
                            HeadFiles.CARD,
                            Arrays.copyOf(card, random.nextInt(card.length - 1)));
            case 1 ->
                    put(
                            files,
                            HeadFiles.TENSORS,
                            Arrays.copyOf(tensors, random.nextInt(tensors.length)));
            case 2 ->
                    put(files, HeadFiles.CARD, "{\"format\": 2}".getBytes(StandardCharsets.UTF_8));
            case 3 ->
                    put(
                            files,
                            HeadFiles.CARD,
                            text.replace("\"format\" : 2", "\"format\" : 3")
                                    .getBytes(StandardCharsets.UTF_8));
            case 4 ->
                    put(
                            files,
                            HeadFiles.CARD,
                            text.replace(BACKBONE.id(), "another")
                                    .getBytes(StandardCharsets.UTF_8));
            case 5 ->
                    put(
                            files,
                            HeadFiles.CARD,
                            text.replace("\"red\"", "\"rot\", \"red\"")
                                    .getBytes(StandardCharsets.UTF_8));
            default -> {
                files.remove(HeadFiles.TENSORS);
                yield "lacks its tensors";
            }
        };
    }

    private static String put(Map<String, byte[]> files, String file, byte[] bytes) {
        assertFalse(Arrays.equals(bytes, files.put(file, bytes)), file + " was not changed");
        return file + " has " + bytes.length + " bytes";
    }

    private void rollBack(Random random) {
        List<String> usable =
                heads.versions().stream().filter(version -> !unusable.contains(version)).toList();
        promote(usable.get(random.nextInt(usable.size())));
    }

    private void promote(String version) {
        while (!heads.promote(version, heads.latest())) {
            Thread.onSpinWait();
        }
    }

    private void twoTrain(Random random) {
        CompletableFuture<?>[] both = new CompletableFuture<?>[2];
        for (int i = 0; i < both.length; i++) {
            TrainHead training = training(faulty(new Random(random.nextLong())));
            both[i] =
                    CompletableFuture.runAsync(
                            () -> {
                                try {
                                    training.run(BACKBONE.id(), "Net", Duration.ofHours(1));
                                } catch (StoreException e) {
                                    // the next one goes on
                                }
                            },
                            OWN_THREADS);
        }
        CompletableFuture.allOf(both).join();
    }

    private TrainHead training(HeadStore store) {
        return new TrainHead(features, built, store, Heads.setup(SETTINGS), clock);
    }

    private void add(Random random) {
        for (int i = 0; i < 2 * EACH; i++) {
            float[] values = new float[3];
            values[i % 2] = 0.5f + random.nextFloat();
            values[2] = random.nextFloat();
            features.put(
                    new ImageFeature(
                            "images/%d.jpg".formatted(images++),
                            SetLabels.of(
                                    Optional.of(
                                            new Label(
                                                    List.of("blue", "red").get(i % 2),
                                                    LabelSource.FOLDER))),
                            BACKBONE.id(),
                            Float16.encode(values),
                            "%064x".formatted(new BigInteger(255, random)),
                            8,
                            8,
                            "1",
                            clock.instant(),
                            "",
                            new byte[0]));
        }
    }

    private HeadStore faulty(Random chance) {
        return (HeadStore)
                Proxy.newProxyInstance(
                        HeadStore.class.getClassLoader(),
                        new Class<?>[] {HeadStore.class},
                        (self, method, arguments) -> {
                            fail(chance, "before " + method.getName());
                            try {
                                Object answer = method.invoke(heads, arguments);
                                fail(chance, "after " + method.getName());
                                return answer;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private void fail(Random chance, String where) {
        if (chance.nextDouble() < failing) {
            faults.incrementAndGet();
            throw new StoreException("the store failed " + where, null);
        }
    }
}
