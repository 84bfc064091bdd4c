package dev.graft.index;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The images in memory, for questions about neighbours: the file of the index, and what changed
 * since. A request that comes some seconds after the last look starts another one in the background
 * and goes on with what there is; only while there is nothing yet does it wait, and not for long.
 * What was read stays when a look fails or is stopped half-way, and the next one goes on from
 * there. Safe for use by many threads.
 */
public final class KnownImages {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);
    private static final Duration LOOK_FOR_FILE_EVERY = Duration.ofMinutes(1);

    /** From the start of a look on, so that few requests wait while a store hangs. */
    private static final Duration WAIT = Duration.ofSeconds(2);

    private static final Duration FRESH_FOR = Duration.ofHours(1);
    private static final Duration WAIT_IF_NEEDED = Duration.ofSeconds(10);

    private final FeatureStore features;
    private final ImageIndex index;
    private final IndexStore store;
    private final Consumer<RuntimeException> failed;
    private final InstantSource clock;
    private final Optional<KnownImages> inDefaultSet;

    private volatile Optional<Snapshot> current = Optional.empty();
    private volatile Optional<FollowedImages> images = Optional.empty();
    private volatile Instant looked = Instant.MIN;
    private Optional<Look> last = Optional.empty();
    private Instant nextLook = Instant.MIN;

    // of the look that runs
    private Optional<FollowedImages> reading = Optional.empty();
    private Instant nextLookForFile = Instant.MIN;

    /**
     * The images at one time.
     *
     * @param backbone id of the backbone of the features
     * @param images their features
     * @param novelty what is known among them
     */
    public record Snapshot(String backbone, Neighbours images, Novelty novelty) {
        /** How familiar a feature is, (width) and of length 1. */
        public Novelty.Familiarity familiarity(float[] unit) {
            return novelty.familiarity(images, unit);
        }

        /**
         * Whether a feature is unlike all labelled images; false while that cannot be judged.
         *
         * @param unit (width), of length 1
         * @param accepted percentage of known images that are to count as known, 1..99
         */
        public boolean isUnknown(float[] unit, int accepted) {
            OptionalDouble threshold = novelty.threshold(accepted);
            return threshold.isPresent() && familiarity(unit).score() < threshold.getAsDouble();
        }
    }

    private record Look(Instant begun, CompletableFuture<Void> done) {}

    /**
     * Of the features of the images that {@code index} lists, and the files of the index.
     *
     * @param failed is told of each look that failed
     */
    public KnownImages(
            FeatureStore features,
            ImageIndex index,
            IndexStore store,
            Consumer<RuntimeException> failed,
            InstantSource clock) {
        this.features = features;
        this.index = index;
        this.store = store;
        this.failed = failed;
        this.clock = clock;
        this.inDefaultSet = Optional.empty();
    }

    private KnownImages(KnownImages known, LabelSet set) {
        this.features = known.features.in(set);
        this.index = known.index.in(set);
        this.store = known.store.in(set);
        this.failed = known.failed;
        this.clock = known.clock;
        this.inDefaultSet = Optional.of(known);
    }

    /**
     * The same images with their labels in a label set. Features that these have in memory by then
     * are not held once more.
     */
    public KnownImages in(LabelSet set) {
        return new KnownImages(this, set);
    }

    private KeptFeature inMemory(String backbone, String key, KeptFeature feature) {
        return inDefaultSet
                .flatMap(known -> known.current)
                .filter(now -> now.backbone().equals(backbone))
                .flatMap(now -> now.images().equalOf(key, feature))
                .orElse(feature);
    }

    /** How neighbours are found; empty while no images were read. */
    public Optional<Neighbours.Told> told() {
        return current.map(now -> now.images().told());
    }

    /**
     * The images now, give or take some seconds; empty if they cannot be had soon.
     *
     * @param backbone id of the backbone whose features are asked for
     */
    public Optional<Snapshot> get(String backbone) {
        try {
            return Optional.of(within(WAIT, backbone));
        } catch (StoreException e) {
            return Optional.empty();
        }
    }

    /**
     * Likewise, for whoever cannot do without.
     *
     * @throws StoreException if they cannot be had soon
     */
    public Snapshot await(String backbone) {
        return within(WAIT_IF_NEEDED, backbone);
    }

    private Snapshot within(Duration patience, String backbone) {
        Look look = look(backbone);
        Optional<Snapshot> known = fresh(backbone);
        if (known.isPresent()) {
            return known.get();
        }
        Duration left = Duration.between(clock.instant(), look.begun().plus(patience));
        try {
            look.done().get(Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // what there is by now counts
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return fresh(backbone)
                .orElseThrow(
                        () ->
                                new StoreException(
                                        "the features of the images are still being read, try again",
                                        null));
    }

    /** Nobody looks while Lambda stops the function: what was long ago counts as nothing. */
    private Optional<Snapshot> fresh(String backbone) {
        return current.filter(now -> now.backbone().equals(backbone))
                .filter(now -> clock.instant().isBefore(looked.plus(FRESH_FOR)));
    }

    /** The look that runs, or a new one if it is time for it, or the last one. */
    private synchronized Look look(String backbone) {
        boolean running = last.filter(look -> !look.done().isDone()).isPresent();
        boolean none = current.filter(known -> known.backbone().equals(backbone)).isEmpty();
        Instant now = clock.instant();
        if (!running && (none || !now.isBefore(nextLook))) {
            nextLook = now.plus(LOOK_EVERY);
            Look next = new Look(now, new CompletableFuture<>());
            last = Optional.of(next);
            Thread.ofPlatform()
                    .daemon()
                    .name("known-images")
                    .start(() -> run(backbone, next.done()));
        }
        return last.orElseThrow();
    }

    private void run(String backbone, CompletableFuture<Void> done) {
        try {
            FollowedImages known = read(backbone);
            known.follow(index, features, clock.instant());
            if (known.hasChanged() || current.filter(now -> isOf(now, known)).isEmpty()) {
                publish(known);
            }
            looked = clock.instant();
            done.complete(null);
        } catch (RuntimeException e) {
            failed.accept(e);
            done.completeExceptionally(e);
        } catch (Error e) {
            done.completeExceptionally(e);
            throw e;
        }
    }

    private static boolean isOf(Snapshot now, FollowedImages known) {
        return now.backbone().equals(known.backbone());
    }

    /** Those in memory; others from the file if it was replaced, or is of another backbone. */
    private FollowedImages read(String backbone) {
        Instant now = clock.instant();
        Optional<FollowedImages> usable =
                images.filter(known -> known.backbone().equals(backbone) && !known.isTooOld(now));
        if (usable.isPresent() && reading.isEmpty() && !isReplaced(usable.get(), now)) {
            return usable.get();
        }
        FollowedImages next =
                reading.filter(known -> known.backbone().equals(backbone))
                        .orElseGet(
                                () ->
                                        new FollowedImages(
                                                backbone,
                                                store,
                                                (key, unit) -> inMemory(backbone, key, unit)));
        reading = Optional.of(next);
        next.read(now);
        reading = Optional.empty();
        images = Optional.of(next);
        if (next.hasChanged()) {
            publish(next);
            looked = now;
        }
        return next;
    }

    private boolean isReplaced(FollowedImages known, Instant now) {
        if (now.isBefore(nextLookForFile)) {
            return false;
        }
        String name = FeatureFile.name(known.backbone());
        String etag = store.read(name, 0, 1).map(IndexStore.Part::etag).orElse("");
        nextLookForFile = now.plus(LOOK_FOR_FILE_EVERY);
        return !etag.equals(known.etag());
    }

    private synchronized void publish(FollowedImages known) {
        current = Optional.of(new Snapshot(known.backbone(), known.neighbours(), known.novelty()));
    }

    /** Notes labels that were just changed through this function. */
    public synchronized void relabelled(List<String> keys, Optional<String> label) {
        Instant now = clock.instant();
        images.ifPresent(known -> keys.forEach(key -> known.relabel(key, label, now)));
        current.ifPresent(known -> keys.forEach(key -> known.images().relabel(key, label)));
    }

    /** Looks with the next request, as much was changed. */
    public synchronized void lookSoon() {
        nextLook = Instant.MIN;
    }
}
