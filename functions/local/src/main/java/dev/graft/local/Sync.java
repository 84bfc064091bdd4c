package dev.graft.local;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.KeyFolders;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.StoreException;
import dev.graft.local.SyncPlan.Move;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Has what is kept follow a folder of pictures, by uploads, copies and deletions as anybody makes
 * them, and says before what it will do. Whenever the process ends, the next start goes on. Not
 * safe for use by many threads.
 */
final class Sync {
    private static final int MOST_TRIES = 5;
    private static final int SAVED_EVERY = 200;

    /** Of each class: how many pictures make a first head. */
    static final int FIRST = 5;

    private final PictureFolder folder;
    private final Origins origins;
    private final Removal removal;
    private final Runnable whenEnough;

    /**
     * Has this folder followed.
     *
     * @param whenEnough runs once, where {@link #FIRST} pictures of each class are featurized and
     *     as many others are not
     */
    Sync(PictureFolder folder, Origins origins, Removal removal, Runnable whenEnough) {
        this.folder = folder;
        this.origins = origins;
        this.removal = removal;
        this.whenEnough = whenEnough;
    }

    /**
     * Syncs, and waits until everything is featurized.
     *
     * @throws IllegalArgumentException if none is there of what came from the folder before
     */
    void to(LocalProduct product) throws InterruptedException {
        folder.remarks().forEach(System.out::println);
        FolderListing listing = folder.listing();
        Map<String, String> stored = product.stored();
        complete(stored, product, listing);
        var plan = new SyncPlan(listing, origins.all(), stored, !origins.isWritten());
        var told = new SyncTold(folder, plan, removal);
        told.refuseAnotherFolder();
        told.lines().forEach(System.out::println);
        origins.removeAll(plan.forgotten());
        origins.putAll(plan.settled());
        keepDecisions(plan, product).ifPresent(System.out::println);
        List<String> uploads = announce(plan);
        origins.save();
        remove(plan, product);
        move(plan, product);
        upload(inTurns(uploads), product);
    }

    /** The keys of all classes in turns; each list has one of every class that has so many. */
    static List<List<String>> inTurns(List<String> keys) {
        Map<Optional<String>, Integer> seen = new HashMap<>();
        List<List<String>> turns = new ArrayList<>();
        for (String key : keys) {
            int turn = seen.merge(KeyFolders.of(key).label(), 1, Integer::sum) - 1;
            if (turn == turns.size()) {
                turns.add(new ArrayList<>());
            }
            turns.get(turn).add(key);
        }
        return turns;
    }

    /**
     * Adds what the bucket has and the table does not tell of: files that nobody could read, and
     * those whose event failed.
     */
    private void complete(Map<String, String> stored, LocalProduct product, FolderListing listing) {
        TreeSet<String> asked = new TreeSet<>(listing.files().keySet());
        asked.removeAll(origins.all().keySet());
        asked.removeIf(key -> !SyncPlan.UNREADABLE.equals(stored.get(key)));
        origins.all().keySet().stream().filter(key -> !stored.containsKey(key)).forEach(asked::add);
        for (String key : asked) {
            product.storedHash(key).ifPresent(hash -> stored.put(key, hash));
        }
    }

    /** Has decisions about labels go along, before the pictures do; tells where they count. */
    private Optional<String> keepDecisions(SyncPlan plan, LocalProduct product) {
        FeatureStore features = product.features();
        List<String> keeping = new ArrayList<>();
        for (Move move : plan.moved().values()) {
            ImageRecord from = features.known(move.from());
            keepDecisions(from, move.to(), features);
            from.label()
                    .filter(label -> counts(label, move.to()))
                    .ifPresent(label -> keeping.add(move.to() + " (" + label.name() + ")"));
        }
        return keeping.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        SyncTold.of(keeping.size(), "moved picture keeps", "moved pictures keep")
                                + " the label that somebody gave, whatever the folder: "
                                + PictureFolder.some(keeping));
    }

    private static boolean counts(Label label, String key) {
        boolean isDecided =
                label.source() == LabelSource.CORRECTION || label.source() == LabelSource.FILE;
        return isDecided && !KeyFolders.of(key).label().equals(Optional.of(label.name()));
    }

    private static void keepDecisions(ImageRecord from, String to, FeatureStore features) {
        for (int i = 0; i < MOST_TRIES; i++) {
            ImageRecord before = features.known(to);
            ImageRecord after = before.withDecisionsOf(from, Instant.now());
            if (after.equals(before) || features.replace(before, after, Optional.empty())) {
                return;
            }
        }
        throw new StoreException(
                "could not move the labels of %s to %s: somebody else changes them, start again"
                        .formatted(from.key(), to),
                null);
    }

    /**
     * Notes what is about to be stored.
     *
     * @return what is to be uploaded of it
     */
    private List<String> announce(SyncPlan plan) {
        TreeSet<String> uploads = new TreeSet<>(plan.added());
        uploads.addAll(plan.changed());
        plan.moved().values().stream()
                .filter(move -> move.isStored() && plan.isListed(move.from()))
                .map(Move::to)
                .forEach(uploads::add);
        uploads.forEach(key -> origins.put(key, plan.announced(key)));
        for (Move move : plan.moved().values()) {
            if (move.isStored()) {
                origins.put(move.to(), plan.announced(move.to()));
            }
        }
        return List.copyOf(uploads);
    }

    private void remove(SyncPlan plan, LocalProduct product) throws InterruptedException {
        boolean isAsked = plan.isMoreThanHalfGone() && removal == Removal.ASK;
        if (!isAsked) {
            remove(plan.removed(), product);
        }
    }

    private void remove(Collection<String> keys, LocalProduct product) throws InterruptedException {
        product.delete(List.copyOf(keys));
        origins.removeAll(keys);
        origins.save();
        new Progress(0).await(product, product.done());
    }

    /** Moves what left its place for good; what another picture has taken the place of is put. */
    private void move(SyncPlan plan, LocalProduct product) throws InterruptedException {
        List<Move> moves =
                plan.moved().values().stream()
                        .filter(move -> move.isStored() && !plan.isListed(move.from()))
                        .toList();
        List<Move> copies = moves.stream().filter(move -> !plan.isStored(move.to())).toList();
        int before = product.done();
        Progress progress = new Progress(copies.size());
        for (Move move : copies) {
            product.copy(move.from(), move.to());
            progress.show(product.done() - before);
        }
        progress.await(product, before);
        for (Move move : moves) { // what was decided meanwhile, too
            keepDecisions(product.features().known(move.from()), move.to(), product.features());
            origins.stored(move.to());
        }
        remove(moves.stream().map(Move::from).toList(), product);
    }

    private void upload(List<List<String>> turns, LocalProduct product)
            throws InterruptedException {
        int before = product.done();
        List<String> keys = turns.stream().flatMap(List::stream).toList();
        Progress progress = new Progress(keys.size());
        int first = turns.stream().limit(FIRST).mapToInt(List::size).sum();
        if (keys.size() >= 2 * first) {
            progress.once(first, whenEnough);
        }
        int put = 0;
        for (String key : keys) {
            product.put(key, folder.file(key));
            if (folder.isAsListed(key)) {
                origins.stored(key);
            }
            if (++put % SAVED_EVERY == 0) {
                origins.save();
            }
            progress.show(product.done() - before);
        }
        origins.save();
        progress.await(product, before);
    }
}
