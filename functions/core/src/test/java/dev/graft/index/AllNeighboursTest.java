package dev.graft.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoreException;
import dev.graft.index.Neighbours.Neighbour;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryIndexStore;
import dev.graft.testing.InMemoryVectorIndex;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of 400 images in a memory for 100, with the others in an index. */
class AllNeighboursTest {
    private static final String NET = "net";
    private static final int WIDTH = 16;
    private static final int IMAGES = 400;
    private static final int IN_MEMORY = 100;

    private Instant now = Instant.parse("2026-11-29T12:00:00Z");
    private final InMemoryFeatureStore store = new InMemoryFeatureStore(() -> now);
    private final InMemoryImageIndex index = new InMemoryImageIndex(store);
    private final InMemoryIndexStore files = new InMemoryIndexStore();
    private final InMemoryVectorIndex vectors = new InMemoryVectorIndex();
    private final List<RuntimeException> failed = new ArrayList<>();

    private static String key(int number) {
        return "images/%05d.jpg".formatted(number);
    }

    private static float[] feature(int number) {
        return AxisFeatures.around(number % 4, WIDTH, new Random(number));
    }

    private static float[] unit(int number) {
        return KeptFeature.of(feature(number)).unit();
    }

    private void put(int number, Optional<String> label) {
        put(number, label, feature(number));
    }

    private void put(int number, Optional<String> label, float[] feature) {
        store.put(
                new ImageFeature(
                        key(number),
                        SetLabels.of(label.map(name -> new Label(name, LabelSource.FOLDER))),
                        NET,
                        Float16.encode(feature),
                        "%064x".formatted(7919L * number % 1009),
                        8,
                        8,
                        Sequencer.padded("1"),
                        now,
                        "",
                        new byte[0]));
    }

    private void fill() {
        IntStream.range(0, IMAGES).forEach(i -> put(i, Optional.of("c" + i % 4)));
    }

    private FollowVectors follow(VectorIndex into) {
        return new FollowVectors(store, index, files, into, () -> now);
    }

    private boolean follow() {
        return follow(vectors).run(NET, Instant.MAX);
    }

    private KnownImages known() {
        var size = new SampledIndex.Size(IN_MEMORY, WIDTH, () -> now);
        SampledIndex.write(store, index, files, NET, size);
        return new KnownImages(store, index, files, failed::add, () -> now);
    }

    private AllNeighbours neighbours(Optional<VectorIndex> all) {
        return new AllNeighbours(known(), all, index, LabelSet.DEFAULT, failed::add);
    }

    private List<Neighbour> nearest(AllNeighbours all, int number) {
        return all.nearest(all.known().await(NET), unit(number), 3, "");
    }

    private static List<Neighbour> labelled(AllNeighbours all, int number) {
        KnownImages.Snapshot images = all.known().await(NET);
        return all.labelled(images, unit(number), images.familiarity(unit(number)).nearest());
    }

    private static List<String> keys(List<Neighbour> images) {
        return images.stream().map(Neighbour::key).toList();
    }

    /** Of those that are not in memory. */
    private static int beyond(AllNeighbours all) {
        Neighbours images = all.known().await(NET).images();
        assertTrue(images.told().sampled());
        return IntStream.range(0, IMAGES)
                .filter(i -> images.featureOf(key(i)).isEmpty())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void findsImagesThatThereIsNoMemoryFor() {
        fill();
        assertTrue(follow());
        AllNeighbours inMemory = neighbours(Optional.empty());
        AllNeighbours all = neighbours(Optional.of(vectors));
        int found = 0;
        for (int i = 0; i < IMAGES; i++) {
            List<Neighbour> nearest = nearest(all, i);
            assertEquals(key(i), nearest.getFirst().key());
            assertEquals(1, nearest.getFirst().similarity(), 1e-3);
            assertEquals(Optional.of("c" + i % 4), nearest.getFirst().label());
            assertEquals(3, Set.copyOf(keys(nearest)).size(), "none twice");
            assertEquals(key(i), labelled(all, i).getFirst().key());
            assertEquals(5, labelled(all, i).size());
            found += nearest(inMemory, i).getFirst().key().equals(key(i)) ? 1 : 0;
        }
        assertEquals(IN_MEMORY, found);
        int one = beyond(all);
        var others = all.nearest(all.known().await(NET), unit(one), 100, key(one));
        assertEquals(100, others.size());
        assertFalse(keys(others).contains(key(one)));
        assertEquals(List.of(), failed);
    }

    /** The table says so at once, whatever an index has. */
    @Test
    void tellsLabelsAsTheyAreNowAndNothingThatIsGone() {
        fill();
        follow();
        AllNeighbours all = neighbours(Optional.of(vectors));
        int one = beyond(all);
        store.decide(Decision.of(key(one), Optional.of("zebra"), "ann@example.org"));
        assertEquals(Optional.of("zebra"), nearest(all, one).getFirst().label());
        assertEquals(Optional.of("zebra"), labelled(all, one).getFirst().label());
        store.decide(Decision.of(key(one), Optional.of(Label.NONE_OF_THESE), "ann@example.org"));
        assertFalse(keys(labelled(all, one)).contains(key(one)), "of no class");
        assertTrue(keys(nearest(all, one)).contains(key(one)));
        store.remove(key(one), Sequencer.padded("2"));
        assertFalse(keys(nearest(all, one)).contains(key(one)));
        assertTrue(vectors.keys(NET).contains(key(one)));
        now = now.plusSeconds(60);
        assertTrue(follow());
        assertFalse(vectors.keys(NET).contains(key(one)));
        assertEquals(IMAGES - 1, vectors.keys(NET).size());
    }

    @Test
    void findsTheFewThatHaveALabel() {
        IntStream.range(0, IMAGES).forEach(i -> put(i, Optional.empty()));
        follow();
        AllNeighbours all = neighbours(Optional.of(vectors));
        int one = beyond(all);
        assertEquals(List.of(), labelled(all, one));
        int other = one % 4 == 0 ? 1 : 0; // of another axis, so that all others are nearer
        String key =
                key(
                        IntStream.range(0, IMAGES)
                                .filter(i -> i % 4 == other && i > 200)
                                .findFirst()
                                .orElseThrow());
        store.decide(Decision.of(key, Optional.of("zebra"), "ann@example.org"));
        now = now.plusSeconds(60);
        follow();
        assertTrue(keys(labelled(all, one)).contains(key));
        LabelSet damage = new LabelSet("damage");
        store.in(damage).decide(Decision.of(key(one), Optional.of("dent"), "ann@example.org"));
        var inSet =
                new AllNeighbours(
                        all.known(), Optional.of(vectors), index.in(damage), damage, failed::add);
        assertEquals(List.of(key(one)), keys(beyondMemory(inSet, one)));
    }

    private static List<Neighbour> beyondMemory(AllNeighbours all, int number) {
        return all.labelled(all.known().await(NET), unit(number), List.of());
    }

    @Test
    void isAskedOnlyWhereImagesAreMissingAndNeededByNobody() {
        VectorIndex broken = broken();
        fill();
        AllNeighbours all = neighbours(Optional.of(broken));
        AllNeighbours inMemory = neighbours(Optional.empty());
        assertEquals(nearest(inMemory, 7), nearest(all, 7));
        assertEquals(labelled(inMemory, 7), labelled(all, 7));
        assertEquals(2, failed.size(), "each is told");
        IntStream.range(IN_MEMORY, IMAGES)
                .forEach(i -> store.remove(key(i), Sequencer.padded("2")));
        files.delete(FeatureFile.name(NET));
        AllNeighbours few = neighbours(Optional.of(broken));
        assertFalse(few.known().await(NET).images().told().sampled());
        assertEquals(key(7), nearest(few, 7).getFirst().key());
        assertEquals(key(7), labelled(few, 7).getFirst().key());
        assertEquals(2, failed.size());
    }

    private static VectorIndex broken() {
        return (VectorIndex)
                Proxy.newProxyInstance(
                        VectorIndex.class.getClassLoader(),
                        new Class<?>[] {VectorIndex.class},
                        (proxy, method, arguments) -> {
                            throw new StoreException("out of order", null);
                        });
    }

    /** Three pages, of which the second one fails once. */
    @Test
    void aFillingThatWasCutGoesOnAndIsNotSaidToBeComplete() {
        int many = 9_000;
        for (int i = 0; i < many; i++) {
            put(i, Optional.empty(), new float[] {1, i});
            now = i % 50 == 0 ? now.plusSeconds(1) : now;
        }
        assertFalse(AllNeighbours.areFound(vectors, files, NET));
        assertFalse(follow(vectors).run(NET, now), "no time is left");
        List<Integer> puts = new ArrayList<>();
        var cut =
                new Counted(
                        images -> {
                            puts.add(images.size());
                            if (puts.size() == 2) {
                                throw new StoreException("cut", null);
                            }
                        });
        assertThrows(StoreException.class, () -> follow(cut).run(NET, Instant.MAX));
        assertFalse(AllNeighbours.areFound(vectors, files, NET));
        assertTrue(puts.getFirst() > 3_000 && puts.getFirst() < 4_001, puts::toString);
        assertEquals(puts.getFirst(), vectors.keys(NET).size());
        assertTrue(follow(cut).run(NET, Instant.MAX));
        assertTrue(AllNeighbours.areFound(vectors, files, NET));
        assertEquals(many, vectors.keys(NET).size());
        int twice = puts.stream().mapToInt(Integer::intValue).sum() - many - puts.get(1);
        assertEquals(0, twice, () -> "what was put is not put again: " + puts);
    }

    private final class Counted implements VectorIndex {
        private final Consumer<List<Vector>> first;

        Counted(Consumer<List<Vector>> first) {
            this.first = first;
        }

        @Override
        public String name() {
            return vectors.name();
        }

        @Override
        public String place() {
            return vectors.place();
        }

        @Override
        public void put(String backbone, List<Vector> images) {
            first.accept(images);
            vectors.put(backbone, images);
        }

        @Override
        public void delete(String backbone, List<String> keys) {
            vectors.delete(backbone, keys);
        }

        @Override
        public void drop(String backbone) {
            vectors.drop(backbone);
        }

        @Override
        public List<Found> nearest(String backbone, float[] feature, int count, Which which) {
            return vectors.nearest(backbone, feature, count, which);
        }
    }

    @Test
    void startsAnewWhereDeletionsMayHaveBeenMissedAndEndsWithItsBackbone() {
        put(1, Optional.empty());
        put(2, Optional.empty(), new float[WIDTH]);
        follow();
        assertEquals(List.of(key(1)), vectors.keys(NET), "zeros are like nothing");
        vectors.put(NET, List.of(new VectorIndex.Vector("images/gone.jpg", unit(3), true)));
        now = now.plus(Duration.ofDays(5));
        follow();
        assertEquals(2, vectors.keys(NET).size());
        now = now.plus(Duration.ofDays(7));
        assertTrue(follow());
        assertEquals(List.of(key(1)), vectors.keys(NET));
        vectors.put("other", List.of(new VectorIndex.Vector("a", unit(3), true)));
        follow(vectors).delete("other");
        assertEquals(List.of("a"), vectors.keys("other"), "not its own");
        follow(vectors).delete(NET);
        assertEquals(List.of(), vectors.keys(NET));
        assertFalse(AllNeighbours.areFound(vectors, files, NET));
        put(1, Optional.empty());
        follow();
        var elsewhere = new InMemoryVectorIndex("elsewhere");
        assertFalse(AllNeighbours.areFound(elsewhere, files, NET), "another bucket");
        assertTrue(follow(elsewhere).run(NET, Instant.MAX));
        assertEquals(List.of(key(1)), elsewhere.keys(NET));
        files.write(VectorsWritten.name(NET), new byte[] {1, 2});
        assertFalse(AllNeighbours.areFound(vectors, files, NET), "damaged");
        assertTrue(follow());
        assertEquals(List.of(key(1)), vectors.keys(NET));
    }
}
