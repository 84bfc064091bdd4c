package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelStore;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.LabelsPerImage;
import dev.graft.feature.StoreException;
import dev.graft.feature.StoredObject;
import dev.graft.ingest.ImageIngest;
import dev.graft.ingest.LabelIngest;
import dev.graft.ingest.ObjectIngest;
import dev.graft.ingest.Reconcile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;

/**
 * Uploads, overwritings, deletions and decisions of people, whose events come shuffled, late and
 * twice to handlers that run side by side, on stores that fail before or after each call, as a kill
 * between two steps looks to what comes next; between two steps the same key is changed, too, and
 * the event of that dealt with; a sweep goes on all the while. What was tried three times in vain
 * goes to the dead letters and is sent again at the end. {@code -Pstress} has each seed be 10,000
 * events over 2,000 keys.
 */
public abstract class EventsUnderStress {
    /** Whether the tests of the profile of this name run. */
    protected static final boolean STRESS = Boolean.getBoolean("stress");

    private static final int TRIES = 3;
    private static final int HANDLERS = 4;

    private final Stores stores;
    private final int events;
    private final int keys;
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicInteger overtaken = new AtomicInteger();
    private final List<byte[]> files = List.of(png(1), png(2), png(3), new byte[] {1, 2, 3});
    private final ObjectIngest unfailing;
    private final ThreadLocal<Boolean> overtaking = ThreadLocal.withInitial(() -> false);
    private volatile double failing;
    private int changes;

    /**
     * The stores, and what users do to the bucket.
     *
     * @param put stores a file under a key
     * @param delete deletes a key
     */
    public record Stores(
            ImageStore images,
            FeatureStore features,
            LabelStore labels,
            BiConsumer<String, byte[]> put,
            Consumer<String> delete) {}

    /**
     * On new stores.
     *
     * @param eventsInEveryBuild how many events for each seed without {@code -Pstress}
     */
    protected EventsUnderStress(Stores stores, int eventsInEveryBuild) {
        this.stores = stores;
        this.events = STRESS ? 10_000 : eventsInEveryBuild;
        this.keys = events / 5;
        // of few events some have to fail three times in a row, too
        this.failing = events < 1_000 ? 0.08 : 0.04;
        this.unfailing = ingest(stores.images(), stores.features());
    }

    /** Seeds from {@code -Dstress.seed} on. */
    protected static LongStream seeds(int count) {
        long first = Long.getLong("stress.seed", 1);
        return LongStream.range(first, first + count);
    }

    /**
     * What S3 tells.
     *
     * @param attempt 1 for the first time that it is dealt with
     */
    protected record Event(String key, boolean created, String sequencer, int attempt) {}

    /** A picture, and what a person last said of it under a key. */
    private record Said(String key, String hash) {}

    /** Tries one seed. */
    protected void theTableEndsEqualToTheBucket(long seed) throws Exception {
        Random random = new Random(seed);
        Random chance = new Random(random.nextLong());
        ObjectIngest ingest =
                ingest(
                        faulty(ImageStore.class, stores.images(), chance),
                        faulty(FeatureStore.class, stores.features(), chance));
        List<Event> waiting = Collections.synchronizedList(new ArrayList<>());
        List<Event> dead = Collections.synchronizedList(new ArrayList<>());
        Map<Said, Optional<String>> said = new HashMap<>();
        try (var handlers = Executors.newFixedThreadPool(HANDLERS)) {
            for (int i = 1; i <= events; i++) {
                Event event = change("images/" + random.nextInt(keys) + ".png", random);
                waiting.add(event);
                if (random.nextInt(5) == 0) {
                    waiting.add(event);
                }
                if (random.nextInt(10) == 0) {
                    decide("images/" + random.nextInt(keys) + ".png", "person " + i, said);
                }
                if (random.nextInt(2) == 0) {
                    String any = "images/" + random.nextInt(keys) + ".png";
                    handlers.execute(() -> reread(ingest, any));
                }
                for (int late = random.nextInt(3); late > 0 && !waiting.isEmpty(); late--) {
                    Event next = waiting.remove(random.nextInt(waiting.size()));
                    handlers.execute(() -> handle(ingest, next, waiting, dead));
                }
            }
        }
        while (!waiting.isEmpty()) {
            handle(ingest, waiting.remove(random.nextInt(waiting.size())), waiting, dead);
        }
        assertTrue(faults.get() > events / 20, faults + " faults");
        assertTrue(!dead.isEmpty(), "nothing was tried in vain");
        assertTrue(overtaken.get() > events / 50, overtaken + " events were overtaken");
        failing = 0;
        dead.forEach(event -> deal(ingest, event));
        assertEquals(inBucket(), inTable());
        sweep();
        assertEquals(thumbnailsOf(inTable()), thumbnailsInBucket());
        said.forEach(
                (about, label) -> {
                    ImageRecord now = stores.features().known(about.key);
                    if (now.picture().filter(p -> p.imageHash().equals(about.hash)).isPresent()) {
                        assertEquals(label, now.label().map(l -> l.name()), about.toString());
                    }
                });
    }

    /** As S3 numbers its events: in the order of the changes. */
    private synchronized Event change(String key, Random random) {
        boolean created = random.nextInt(4) > 0;
        if (created) {
            stores.put().accept(key, files.get(random.nextInt(files.size())));
        } else {
            stores.delete().accept(key);
        }
        return new Event(key, created, "%08X".formatted(++changes), 1);
    }

    private void overtake(Object key, Random chance) {
        if (!overtaking.get() && failing > 0 && chance.nextDouble() < 0.03) {
            overtaking.set(true);
            overtaken.incrementAndGet();
            deal(unfailing, change((String) key, chance));
            overtaking.set(false);
        }
    }

    private void decide(String key, String name, Map<Said, Optional<String>> said) {
        var answer = stores.labels().decide(Decision.of(key, Optional.of(name), "ann"));
        if (answer.outcome() == LabelStore.Outcome.LABELLED) {
            String hash = answer.now().picture().orElseThrow().imageHash();
            said.put(new Said(key, hash), Optional.of(name));
        }
    }

    private void handle(ObjectIngest ingest, Event event, List<Event> waiting, List<Event> dead) {
        try {
            deal(ingest, event);
        } catch (StoreException e) {
            List<Event> to = event.attempt < TRIES ? waiting : dead;
            to.add(new Event(event.key, event.created, event.sequencer, event.attempt + 1));
        }
    }

    /** As a sweep does that looks at every key; the next one makes up for a failure. */
    private static void reread(ObjectIngest ingest, String key) {
        try {
            ingest.reread(key);
        } catch (StoreException e) {
            // nothing depends on it
        }
    }

    /**
     * Has an event dealt with.
     *
     * @throws StoreException if a store failed
     */
    protected void deal(ObjectIngest ingest, Event event) {
        if (event.created) {
            ingest.created(event.key, event.sequencer);
        } else {
            ingest.removed(event.key, event.sequencer);
        }
    }

    private ObjectIngest ingest(ImageStore images, FeatureStore store) {
        return new ObjectIngest(
                new ImageIngest(
                        images,
                        store,
                        new FeatureExtractor(new MeanBackbone()),
                        1 << 20,
                        InstantSource.system()),
                new LabelIngest(
                        new LabelIngest.Stores(
                                images,
                                store,
                                stores.labels(),
                                new InMemoryLabelSets(new InMemoryFeatureStore())),
                        1 << 20,
                        LabelsPerImage.ONE,
                        InstantSource.system()));
    }

    private <T> T faulty(Class<T> type, T store, Random chance) {
        Object proxy =
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) -> {
                            fail(chance, "before " + method.getName());
                            try {
                                Object answer = method.invoke(store, arguments);
                                fail(chance, "after " + method.getName());
                                if (Set.of("read", "find", "known").contains(method.getName())) {
                                    overtake(arguments[0], chance);
                                }
                                return answer;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
        return type.cast(proxy);
    }

    private void fail(Random chance, String where) {
        if (chance.nextDouble() < failing) {
            faults.incrementAndGet();
            throw new StoreException("the store failed " + where, null);
        }
    }

    private Map<String, Integer> inBucket() {
        Map<String, Integer> found = new TreeMap<>();
        for (int i = 0; i < keys; i++) {
            String key = "images/" + i + ".png";
            stores.images()
                    .read(key, 1 << 20)
                    .ifPresent(file -> found.put(key, width(file.bytes())));
        }
        return found;
    }

    /** 0 for a file that cannot be read. */
    private int width(byte[] file) {
        int width = 1;
        while (width < files.size() && !Arrays.equals(file, files.get(width - 1))) {
            width++;
        }
        return width % files.size();
    }

    /** What a failure in the middle left of thumbnails is put right. */
    private void sweep() {
        ObjectIngest ingest = ingest(stores.images(), stores.features());
        String backbone = new MeanBackbone().id();
        new Reconcile(stores.images(), stores.features(), backbone).keys().forEach(ingest::reread);
    }

    private static Set<String> thumbnailsOf(Map<String, Integer> table) {
        return table.entrySet().stream()
                .filter(image -> image.getValue() > 0)
                .map(image -> ImageStore.thumbnail(image.getKey()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> thumbnailsInBucket() {
        Set<String> found = new TreeSet<>();
        String after = "";
        List<StoredObject> page = stores.images().list(ImageStore.THUMBNAILS, after);
        while (!page.isEmpty()) {
            page.forEach(object -> found.add(object.key()));
            after = page.getLast().key();
            page = stores.images().list(ImageStore.THUMBNAILS, after);
        }
        return found;
    }

    /** Widths of the pictures by key; 0 for a file that cannot be read. */
    private Map<String, Integer> inTable() {
        Map<String, Integer> found = new TreeMap<>();
        for (int i = 0; i < keys; i++) {
            String key = "images/" + i + ".png";
            switch (stores.features().known(key).content()) {
                case ImageRecord.Picture picture -> found.put(key, picture.width());
                case ImageRecord.Unreadable unreadable -> found.put(key, 0);
                case ImageRecord.Gone gone -> {}
            }
        }
        return found;
    }

    private static byte[] png(int side) {
        try {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB), "png", file);
            return file.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
