package dev.graft.testing;

import dev.graft.feature.LabelSet;
import dev.graft.head.HeadStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Heads in a map. */
public final class InMemoryHeadStore implements HeadStore {
    private final LinkedHashMap<String, Map<String, byte[]>> versions = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();
    private Optional<Pointer> latest = Optional.empty();
    private Optional<Settings> settings = Optional.empty();
    private Optional<Settings> classes = Optional.empty();
    private int promotions;
    private final InstantSource clock;
    private final SortedMap<LabelSet, InMemoryHeadStore> sets;

    /** Whose heads in use were promoted after every training, as by hand. */
    public InMemoryHeadStore() {
        this(() -> Instant.MAX);
    }

    /** With a clock of its own. */
    public InMemoryHeadStore(InstantSource clock) {
        this(clock, new TreeMap<>());
        sets.put(LabelSet.DEFAULT, this);
    }

    private InMemoryHeadStore(InstantSource clock, SortedMap<LabelSet, InMemoryHeadStore> sets) {
        this.clock = clock;
        this.sets = sets;
    }

    /** One of its own for each set, which knows no other. */
    @Override
    public HeadStore in(LabelSet set) {
        synchronized (sets) {
            return sets.computeIfAbsent(set, one -> new InMemoryHeadStore(clock, sets));
        }
    }

    @Override
    public SortedSet<LabelSet> sets() {
        synchronized (sets) {
            return sets.entrySet().stream()
                    .filter(set -> !set.getKey().isDefault() && set.getValue().hasFiles())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private synchronized boolean hasFiles() {
        return !versions.isEmpty() || settings.isPresent() || classes.isPresent();
    }

    @Override
    public synchronized Optional<Pointer> latest() {
        return latest;
    }

    @Override
    public synchronized List<String> versions() {
        return List.copyOf(versions.reversed().keySet());
    }

    @Override
    public synchronized List<String> neverUsed() {
        return versions().stream().filter(version -> !used.contains(version)).toList();
    }

    @Override
    public synchronized boolean delete(String version) {
        return neverUsed().contains(version) && versions.remove(version) != null;
    }

    @Override
    public synchronized boolean deleteOutOfUse(String version) {
        boolean inUse = latest.filter(pointer -> pointer.version().equals(version)).isPresent();
        return !inUse && versions.remove(version) != null;
    }

    @Override
    public synchronized boolean retire(Pointer expected) {
        boolean same = latest.map(Pointer::etag).equals(Optional.of(expected.etag()));
        latest = same ? Optional.empty() : latest;
        return same;
    }

    @Override
    public synchronized SortedMap<String, List<String>> files() {
        var names = new TreeMap<String, List<String>>();
        versions.forEach(
                (version, files) -> names.put(version, files.keySet().stream().sorted().toList()));
        return names;
    }

    @Override
    public synchronized Optional<byte[]> read(String version, String file) {
        return Optional.ofNullable(versions.get(version))
                .map(files -> files.get(file))
                .map(byte[]::clone);
    }

    @Override
    public synchronized void save(String version, Map<String, byte[]> files) {
        if (!files.containsKey("head.json")) {
            throw new IllegalArgumentException("head " + version + " lacks head.json");
        }
        if (versions.containsKey(version)) {
            throw new IllegalStateException("head " + version + " is there already");
        }
        versions.put(version, Map.copyOf(files));
    }

    @Override
    public synchronized boolean promote(String version, Optional<Pointer> expected) {
        if (!versions.containsKey(version)) {
            throw new IllegalArgumentException("there is no head " + version);
        }
        used.add(version);
        if (!latest.map(Pointer::etag).equals(expected.map(Pointer::etag))) {
            return false;
        }
        latest = Optional.of(new Pointer(version, "etag-" + ++promotions, clock.instant()));
        return true;
    }

    @Override
    public synchronized Optional<Settings> settings() {
        return settings;
    }

    @Override
    public synchronized boolean replaceSettings(byte[] json, Optional<Settings> expected) {
        if (!settings.map(Settings::etag).equals(expected.map(Settings::etag))) {
            return false;
        }
        settings = Optional.of(new Settings(json.clone(), "etag-" + ++promotions));
        return true;
    }

    @Override
    public synchronized Optional<Settings> classes() {
        return classes;
    }

    @Override
    public synchronized boolean replaceClasses(byte[] json, Optional<Settings> expected) {
        if (!classes.map(Settings::etag).equals(expected.map(Settings::etag))) {
            return false;
        }
        classes = Optional.of(new Settings(json.clone(), "etag-" + ++promotions));
        return true;
    }
}
