package dev.graft.local;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which pictures of a data folder came from which folder of the user: the file {@value #FILE} in
 * it. So what is moved or removed there can be moved and removed here too, while what came through
 * the page or the API stays. Not safe for use by many threads.
 */
final class Origins {
    private static final String FILE = "origins.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Optional<Path> file;
    private final Map<String, Origin> origins;

    /**
     * Where a picture came from.
     *
     * @param folder of the user
     * @param sha256 of the picture
     */
    record Origin(String folder, String sha256) {}

    /**
     * Those of a data folder.
     *
     * @param data empty for memory, which has none
     */
    Origins(Optional<Path> data) {
        this.file = data.map(folder -> folder.resolve(FILE));
        this.origins = file.filter(Files::exists).map(Origins::read).orElseGet(TreeMap::new);
    }

    private static Map<String, Origin> read(Path file) {
        try {
            return JSON.readValue(file.toFile(), new TypeReference<TreeMap<String, Origin>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read %s, which says where the pictures came from: delete it, and what is removed from their folder stays from then on"
                            .formatted(file),
                    e);
        }
    }

    /** SHA-256 by key of what came from a folder. */
    Map<String, String> of(Path folder) {
        Map<String, String> hashes = new TreeMap<>();
        origins.forEach(
                (key, origin) -> {
                    if (origin.folder().equals(name(folder))) {
                        hashes.put(key, origin.sha256());
                    }
                });
        return hashes;
    }

    void add(String key, Path folder, String sha256) {
        origins.put(key, new Origin(name(folder), sha256));
    }

    void remove(String key) {
        origins.remove(key);
    }

    private static String name(Path folder) {
        return folder.toAbsolutePath().normalize().toString();
    }

    /** Writes what was added and removed; the old file stays until the new one is whole. */
    void save() {
        file.ifPresent(
                there -> {
                    Path next = there.resolveSibling(FILE + ".next");
                    try {
                        JSON.writeValue(next.toFile(), origins);
                        Files.move(
                                next,
                                there,
                                StandardCopyOption.REPLACE_EXISTING,
                                StandardCopyOption.ATOMIC_MOVE);
                    } catch (IOException e) {
                        throw new UncheckedIOException("cannot write " + there, e);
                    }
                });
    }
}
