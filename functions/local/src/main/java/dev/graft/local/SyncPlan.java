package dev.graft.local;

import dev.graft.local.FolderListing.Stamp;
import dev.graft.local.Origins.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is to be done so that what is kept follows a folder of pictures. Nothing that did not come
 * from this folder is replaced or removed. Reads files only where size or time of change is another
 * one than before. Not safe for use by many threads.
 */
final class SyncPlan {
    /** Stands for the hash of a stored file that could not be read as a picture. */
    static final String UNREADABLE = "";

    private final FolderListing listing;
    private final SortedMap<String, Origin> origins;
    private final Map<String, String> stored;
    private final boolean adopts;
    private final Map<String, String> hashes = new HashMap<>();

    private final SortedSet<String> added = new TreeSet<>();
    private final SortedSet<String> changed = new TreeSet<>();
    private final SortedMap<String, Move> moved = new TreeMap<>();
    private final SortedSet<String> removed = new TreeSet<>();
    private final SortedSet<String> deleted = new TreeSet<>();
    private final SortedSet<String> taken = new TreeSet<>();
    private final SortedMap<String, Origin> settled = new TreeMap<>();
    private final SortedSet<String> forgotten = new TreeSet<>();
    private int came;
    private boolean isAnyThere;

    /**
     * A picture whose file moved.
     *
     * @param from key before
     * @param to key now
     * @param isStored whether the picture is kept at all; a person may have deleted it
     */
    record Move(String from, String to, boolean isStored) {}

    /**
     * Compares.
     *
     * @param listing of the folder
     * @param origins of all that is known to have come from a folder, this or others
     * @param stored SHA-256, or {@link #UNREADABLE}, of all that is kept, by key
     * @param adopts whether pictures that are kept, and of which it is not known where they came
     *     from, count as come from this folder if the same lies there
     */
    SyncPlan(
            FolderListing listing,
            SortedMap<String, Origin> origins,
            Map<String, String> stored,
            boolean adopts) {
        this.listing = listing;
        this.origins = origins;
        this.stored = stored;
        this.adopts = adopts;
        List<String> resumed = new ArrayList<>();
        listing.files().forEach((key, file) -> compare(key, file, resumed));
        match(vacated(), targets(resumed));
    }

    private void compare(String key, Stamp file, List<String> resumed) {
        Origin origin = origins.get(key);
        if (origin == null) {
            compareUnknown(key);
        } else if (origin.folder().equals(listing.folder())) {
            isAnyThere = true;
            hashes.put(key, origin.isAsBefore(file) ? origin.sha256() : read(key));
            compareOwn(key, origin, resumed);
        } else {
            hashes.put(key, read(key));
            compareOther(key, origin);
        }
    }

    private String read(String key) {
        return listing.sha256().apply(key);
    }

    /** With a key of which it is not known where its picture came from. */
    private void compareUnknown(String key) {
        hashes.put(key, read(key));
        if (!stored.containsKey(key)) {
            added.add(key);
        } else if (!isStored(key)) {
            taken.add(key);
        } else if (adopts) {
            came++;
            isAnyThere = true;
            settle(key);
        }
    }

    private void compareOther(String key, Origin origin) {
        if (stored.containsKey(key)) {
            if (!isStored(key)) {
                taken.add(key);
            }
        } else if (wasStored(key, origin)) {
            deleted.add(key);
        } else {
            added.add(key);
        }
    }

    private void compareOwn(String key, Origin origin, List<String> resumed) {
        String kept = stored.get(key);
        if (kept == null) {
            if (wasStored(key, origin)) {
                deleted.add(key);
                settle(key);
            } else {
                added.add(key);
            }
        } else if (isStored(key) || kept.equals(UNREADABLE) && wasStored(key, origin)) {
            came++;
            settle(key);
            if (origin.announced()) {
                resumed.add(key);
            }
        } else if (isStillOfFolder(origin, kept)) {
            came++;
            changed.add(key);
        } else {
            taken.add(key);
        }
    }

    /** Whether the file was stored as it is; if it is not kept any more, a person deleted it. */
    private boolean wasStored(String key, Origin origin) {
        return !origin.announced() && origin.sha256().equals(hash(key));
    }

    private void settle(String key) {
        settled.put(key, Origin.stored(listing.folder(), hash(key), stamp(key)));
    }

    /** Whether what is kept is what the folder gave, and nobody replaced it since. */
    private static boolean isStillOfFolder(Origin origin, String kept) {
        return origin.announced() || kept.equals(UNREADABLE) || kept.equals(origin.sha256());
    }

    /** What is no more where it was in this folder, and may lie elsewhere in it. */
    private List<Entry<String, Origin>> vacated() {
        List<Entry<String, Origin>> vacated = new ArrayList<>();
        for (var one : origins.entrySet()) {
            String key = one.getKey();
            Origin origin = one.getValue();
            if (!origin.folder().equals(listing.folder()) || listing.unread().test(key)) {
                continue;
            }
            String kept = stored.get(key);
            if (listing.files().containsKey(key)) {
                if (changed.contains(key) && origin.sha256().equals(kept)) {
                    vacated.add(one);
                }
            } else if (kept == null ? origin.announced() : !isStillOfFolder(origin, kept)) {
                forgotten.add(key);
            } else {
                came += kept == null ? 0 : 1;
                vacated.add(one);
            }
        }
        return vacated;
    }

    private Map<String, SortedSet<String>> targets(List<String> resumed) {
        Map<String, SortedSet<String>> targets = new HashMap<>();
        List.of(added, changed, resumed)
                .forEach(
                        keys ->
                                keys.forEach(
                                        key ->
                                                targets.computeIfAbsent(
                                                                hash(key), _ -> new TreeSet<>())
                                                        .add(key)));
        return targets;
    }

    /**
     * Finds where files went, one to one: to a file of the same name first, then in the order of
     * the keys; of copies, those that are kept before those that a person deleted.
     */
    private void match(
            List<Entry<String, Origin>> vacated, Map<String, SortedSet<String>> targets) {
        vacated.sort(Comparator.comparing(one -> !stored.containsKey(one.getKey())));
        for (boolean byName : new boolean[] {true, false}) {
            vacated.removeIf(
                    one -> {
                        String from = one.getKey();
                        boolean isStored = stored.containsKey(from);
                        SortedSet<String> there =
                                targets.getOrDefault(one.getValue().sha256(), new TreeSet<>());
                        var to =
                                there.stream()
                                        .filter(key -> !byName || name(key).equals(name(from)))
                                        .filter(key -> isStored || added.contains(key))
                                        .findFirst();
                        to.ifPresent(
                                key -> {
                                    there.remove(key);
                                    move(new Move(from, key, isStored));
                                });
                        return to.isPresent();
                    });
        }
        for (var one : vacated) {
            String from = one.getKey();
            if (!stored.containsKey(from)) {
                forgotten.add(from);
            } else if (!listing.files().containsKey(from) && !isTaken(one.getValue())) {
                removed.add(from);
            }
        }
    }

    /** Whether the picture's file lies now where another one has the key. */
    private boolean isTaken(Origin origin) {
        return taken.stream().anyMatch(key -> hash(key).equals(origin.sha256()));
    }

    private void move(Move move) {
        added.remove(move.to());
        changed.remove(move.to());
        moved.put(move.to(), move);
        if (!move.isStored()) {
            forgotten.add(move.from());
            deleted.add(move.to());
            settle(move.to());
        } else {
            settled.remove(move.to());
        }
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private String hash(String key) {
        return hashes.getOrDefault(key, "");
    }

    private Stamp stamp(String key) {
        return listing.files().getOrDefault(key, new Stamp(0, 0));
    }

    /** What is known of a file that is about to be stored. */
    Origin announced(String key) {
        return Origin.announced(listing.folder(), hash(key), stamp(key));
    }

    /** Files of keys that nothing is kept of. */
    SortedSet<String> added() {
        return added;
    }

    /** Files that have other bytes than what they gave before. */
    SortedSet<String> changed() {
        return changed;
    }

    /** Files that lay elsewhere in the folder, by where they are now. */
    SortedMap<String, Move> moved() {
        return moved;
    }

    /** What is kept of files that are not there any more. */
    SortedSet<String> removed() {
        return removed;
    }

    /** Files of pictures that a person deleted, and that stay deleted. */
    SortedSet<String> deleted() {
        return deleted;
    }

    /** Files whose key has a picture that is not this folder's. */
    SortedSet<String> taken() {
        return taken;
    }

    /** What is known from now on of files that need nothing. */
    SortedMap<String, Origin> settled() {
        return settled;
    }

    /** Of which it need not be known any more where they came from. */
    SortedSet<String> forgotten() {
        return forgotten;
    }

    /** Whether what is kept of a key is what its file holds. */
    boolean isStored(String key) {
        return hash(key).equals(stored.get(key));
    }

    /** Whether the folder has a file for a key. */
    boolean isListed(String key) {
        return listing.files().containsKey(key);
    }

    /** How many of the pictures that are kept came from this folder. */
    int came() {
        return came;
    }

    /** Whether of all that came from this folder none is there any more, nor moved. */
    boolean isOfAnotherFolder() {
        return came > 0 && !isAnyThere && moved.isEmpty();
    }

    /** Whether so much is gone that a disk may be missing. */
    boolean isMoreThanHalfGone() {
        return 2 * removed.size() > came;
    }

    /** Whether there is nothing to do. */
    boolean isEmpty() {
        return added.isEmpty() && changed.isEmpty() && moved.isEmpty() && removed.isEmpty();
    }
}
