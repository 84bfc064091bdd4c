package dev.graft.local;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
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
     * Where a picture came from. One that came and is not stored any more was deleted by a person
     * on the page or through the API.
     *
     * @param folder of the user
     * @param sha256 of the picture
     * @param bytes size of the file when it was compared last
     * @param modified when the file had been changed then, see {@link FolderListing.Stamp}; 0 where
     *     that is not known, as in files of earlier versions
     * @param announced whether it was about to be stored when this was written, so that it may not
     *     be
     */
    record Origin(String folder, String sha256, long bytes, long modified, boolean announced) {
        /** Of a picture that was stored. */
        static Origin stored(String folder, String sha256, FolderListing.Stamp file) {
            return new Origin(folder, sha256, file.bytes(), file.modified(), false);
        }

        /** Of a picture that is about to be stored. */
        static Origin announced(String folder, String sha256, FolderListing.Stamp file) {
            return new Origin(folder, sha256, file.bytes(), file.modified(), true);
        }

        /** Of the same picture, now that it was stored. */
        Origin asStored() {
            return new Origin(folder, sha256, bytes, modified, false);
        }

        /** Whether a file is known not to have changed. */
        boolean isAsBefore(FolderListing.Stamp file) {
            return modified != 0 && file.equals(new FolderListing.Stamp(bytes, modified));
        }
    }

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
                    "cannot read %s, which says where the pictures came from: put an earlier copy of it there; without it, what was deleted on the page comes back with its folder, and what was removed from the folder meanwhile stays"
                            .formatted(file),
                    e);
        }
    }

    /** Whether the data folder has the file; one that an earlier version wrote may have none. */
    boolean isWritten() {
        return file.filter(Files::exists).isPresent();
    }

    /** All of them by key; a copy. */
    SortedMap<String, Origin> all() {
        return new TreeMap<>(origins);
    }

    void put(String key, Origin origin) {
        origins.put(key, origin);
    }

    void putAll(Map<String, Origin> some) {
        origins.putAll(some);
    }

    /** What was announced of a key is stored now. */
    void stored(String key) {
        origins.computeIfPresent(key, (_, origin) -> origin.asStored());
    }

    void removeAll(Collection<String> keys) {
        origins.keySet().removeAll(keys);
    }

    /** What a folder is called here. */
    static String name(Path folder) {
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
