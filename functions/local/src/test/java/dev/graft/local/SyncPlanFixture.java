package dev.graft.local;

import dev.graft.local.FolderListing.Stamp;
import dev.graft.local.Origins.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A folder, the record of where pictures came from and what is kept, in memory. */
abstract class SyncPlanFixture {
    static final String HERE = "/pictures";
    static final String ELSEWHERE = "/others";

    /** Bytes by path; a hash is the bytes themselves, and a new time of change each new bytes. */
    final Map<String, String> folder = new HashMap<>();

    final SortedMap<String, Origin> origins = new TreeMap<>();
    final Map<String, String> stored = new TreeMap<>();
    final List<String> read = new ArrayList<>();
    String unread = "images/nothing/";
    boolean adopts;

    static Stamp stamp(String bytes) {
        return new Stamp(bytes.length(), 1 + Integer.toUnsignedLong(bytes.hashCode()));
    }

    static String key(String path) {
        return "images/" + path;
    }

    static Set<String> keys(String... paths) {
        return Set.copyOf(Arrays.stream(paths).map(SyncPlanFixture::key).toList());
    }

    void file(String path, String bytes) {
        folder.put(key(path), bytes);
    }

    void stored(String path, String bytes) {
        stored.put(key(path), bytes);
    }

    void origin(String path, String bytes) {
        origins.put(key(path), Origin.stored(HERE, bytes, stamp(bytes)));
    }

    /** As it is after a sync. */
    void synced(String path, String bytes) {
        file(path, bytes);
        stored(path, bytes);
        origin(path, bytes);
    }

    void rename(String from, String to) {
        file(to, String.valueOf(folder.remove(key(from))));
    }

    SyncPlan plan() {
        read.clear();
        SortedMap<String, Stamp> files = new TreeMap<>();
        folder.forEach((key, bytes) -> files.put(key, stamp(bytes)));
        var listing =
                new FolderListing(
                        HERE,
                        files,
                        key -> key.startsWith(unread),
                        key -> {
                            read.add(key);
                            return folder.getOrDefault(key, "");
                        });
        return new SyncPlan(listing, origins, stored, adopts);
    }

    /** What is moved, as from>to. */
    static List<String> moves(SyncPlan plan) {
        return plan.moved().values().stream()
                .map(move -> (move.from() + ">" + move.to()).replace("images/", ""))
                .toList();
    }
}
