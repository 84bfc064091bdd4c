package dev.graft.testing;

import dev.graft.feature.LabelSet;
import dev.graft.index.IndexStore;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Files of the index in memory. */
public final class InMemoryIndexStore implements IndexStore {
    private record Stored(byte[] bytes, String etag) {}

    private final Map<String, Stored> files = new ConcurrentHashMap<>();
    private final AtomicInteger writes = new AtomicInteger();

    private final ConcurrentSkipListMap<LabelSet, InMemoryIndexStore> sets;

    /** Empty. */
    public InMemoryIndexStore() {
        this(new ConcurrentSkipListMap<>());
        sets.put(LabelSet.DEFAULT, this);
    }

    private InMemoryIndexStore(ConcurrentSkipListMap<LabelSet, InMemoryIndexStore> sets) {
        this.sets = sets;
    }

    /** One of its own for each set, which knows no other. */
    @Override
    public IndexStore in(LabelSet set) {
        return sets.computeIfAbsent(set, one -> new InMemoryIndexStore(sets));
    }

    @Override
    public SortedSet<LabelSet> sets() {
        return sets.entrySet().stream()
                .filter(set -> !set.getKey().isDefault() && !set.getValue().files.isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public Optional<Part> read(String name, long from, int length) {
        Stored file = files.get(name);
        if (file == null || from >= file.bytes().length) {
            return Optional.empty();
        }
        int to = (int) Math.min(file.bytes().length, from + length);
        return Optional.of(
                new Part(
                        Arrays.copyOfRange(file.bytes(), (int) from, to),
                        file.etag(),
                        file.bytes().length));
    }

    @Override
    public synchronized void write(String name, byte[] bytes) {
        files.put(name, new Stored(bytes.clone(), "e" + writes.incrementAndGet()));
    }

    @Override
    public synchronized boolean replace(String name, Optional<String> etag, byte[] bytes) {
        boolean same = Optional.ofNullable(files.get(name)).map(Stored::etag).equals(etag);
        if (same) {
            write(name, bytes);
        }
        return same;
    }

    @Override
    public List<String> names() {
        return files.keySet().stream().sorted().toList();
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }
}
