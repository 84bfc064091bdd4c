package dev.graft.importer;

import dev.graft.image.UnreadableImageException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of a folder or of an archive, by their paths in it with / between the names. */
final class FileTree implements Closeable {
    /** What is said of a file that nobody means. */
    static final String SYSTEM = "it belongs to a system or a program";

    /** A folder beside the annotations, which some exports leave out of their references. */
    private static final String IMAGES = "images";

    private final String name;
    private final SortedMap<String, Entry> files = new TreeMap<>();
    private final List<LeftOut> leftOut = new ArrayList<>();
    private final Map<String, List<String>> pathsByName = new HashMap<>();
    private final Closeable resource;

    /**
     * An empty one.
     *
     * @param name of the folder or archive, the same at each start
     * @param resource what is closed in the end
     */
    FileTree(String name, Closeable resource) {
        this.name = name;
        this.resource = resource;
    }

    /**
     * A file.
     *
     * @param path in the tree
     * @param version differs where the bytes may differ
     * @param opener opens it
     */
    record Entry(String path, String version, Opener opener) {
        /** Opens a file. */
        @FunctionalInterface
        interface Opener {
            InputStream open() throws IOException;
        }

        /** The part of its path behind the last /. */
        String fileName() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        /** All of it, see {@link Bytes}. */
        byte[] read() throws IOException {
            try (InputStream in = opener.open()) {
                byte[] bytes = in.readNBytes(Bytes.MOST + 1);
                if (bytes.length > Bytes.MOST) {
                    throw tooLarge();
                }
                return bytes;
            }
        }
    }

    /** What is said of a picture that Graft does not read for its size. */
    static UnreadableImageException tooLarge() {
        return new UnreadableImageException(
                UnreadableImageException.Reason.TOO_LARGE,
                String.format(
                        Locale.ROOT,
                        "it has more than %,d bytes: save a smaller version of it",
                        Bytes.MOST));
    }

    /** Whether it is an archive, which may have a folder around all that it holds. */
    boolean isArchive() {
        return !Files.isDirectory(Path.of(name));
    }

    /** Adds a file; the second of a path is left out. */
    void add(Entry file) {
        if (files.putIfAbsent(file.path(), file) == null) {
            pathsByName.computeIfAbsent(file.fileName(), one -> new ArrayList<>()).add(file.path());
        } else {
            leftOut.add(new LeftOut(file.path(), "another file before it has that path"));
        }
    }

    /** Something that is no file. */
    void leaveOut(String path, String why) {
        leftOut.add(new LeftOut(path, why));
    }

    String name() {
        return name;
    }

    SortedMap<String, Entry> files() {
        return files;
    }

    List<LeftOut> leftOut() {
        return leftOut;
    }

    /**
     * The file that an annotation file means: where its reference leads from its own folder, else
     * from the top, else the only file whose path ends as the reference does.
     *
     * @param base folder of the annotation file, empty or with a / at its end
     * @param reference as written there, without scheme and host
     * @param names how many names at the end of the paths have to agree, if the reference has them
     */
    Optional<Entry> find(String base, String reference, int names) {
        String path = reference.replace('\\', '/').replaceFirst("^(\\./|/)+", "");
        for (String tried : List.of(base + path, base + IMAGES + '/' + path, path)) {
            Entry found = files.get(tried);
            if (found != null) {
                return Optional.of(found);
            }
        }
        List<String> parts = List.of(path.split("/"));
        List<String> candidates =
                pathsByName.getOrDefault(parts.isEmpty() ? path : parts.getLast(), List.of());
        for (int from = 0; from <= parts.size() - names; from++) {
            String end = "/" + String.join("/", parts.subList(from, parts.size()));
            List<String> ending =
                    candidates.stream().filter(one -> ("/" + one).endsWith(end)).toList();
            if (!ending.isEmpty()) {
                return ending.size() == 1
                        ? Optional.ofNullable(files.get(ending.getFirst()))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        resource.close();
    }
}
