package dev.graft.testing;

import dev.graft.library.ResultStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/** Files in a map. */
public final class InMemoryResultStore implements ResultStore {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<String> images = new ConcurrentSkipListSet<>();

    /** Puts an image into the bucket. */
    public void upload(String key) {
        images.add(key);
    }

    /** Deletes an image of the bucket. */
    public void remove(String key) {
        images.remove(key);
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public Optional<byte[]> read(String name) {
        return Optional.ofNullable(files.get(name)).map(byte[]::clone);
    }

    @Override
    public void write(String name, byte[] bytes, String type) {
        files.put(name, bytes.clone());
    }

    @Override
    public List<String> keys(String prefix, String after, int limit) {
        return Stream.concat(images.stream(), files.keySet().stream().map(FOLDER::concat))
                .sorted()
                .filter(key -> key.startsWith(prefix) && key.compareTo(after) > 0)
                .limit(limit)
                .toList();
    }
}
