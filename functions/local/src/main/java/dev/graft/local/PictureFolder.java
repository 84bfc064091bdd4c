package dev.graft.local;

import dev.graft.feature.ImageStore;
import dev.graft.feature.KeyFolders;
import dev.graft.feature.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A folder of the user's pictures, as it was when it was listed: one subfolder per class, those at
 * the top unlabelled. Not safe for use by many threads.
 */
final class PictureFolder {
    private static final int NAMED = 5;

    /** Endings of files that lie beside pictures and are none. */
    private static final Pattern OTHER =
            Pattern.compile(
                    ".*\\.(py|md|txt|csv|tsv|json|jsonl|xml|ya?ml|html?|pdf|zip|mat|npy|pkl)",
                    Pattern.CASE_INSENSITIVE);

    private final Path folder;

    /** By the key each will have. */
    private final TreeMap<String, Listed> files = new TreeMap<>();

    private record Listed(Path path, FolderListing.Stamp stamp) {}

    /** What is not uploaded, and why. */
    private final List<String> leftOut = new ArrayList<>();

    /** Keys of files, and of folders, that are there and cannot be read. */
    private final List<String> unread = new ArrayList<>();

    PictureFolder(Path folder) {
        this.folder = folder;
        try {
            Files.walkFileTree(
                    folder,
                    EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                    Integer.MAX_VALUE,
                    new Finder(folder));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the folder " + folder, e);
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException(
                    "no pictures in %s: put them in one subfolder per class, or mount it if they should be there; what was kept of an earlier run stays%s"
                            .formatted(folder, leftOut.isEmpty() ? "" : "; " + toldLeftOut()));
        }
    }

    /** Collects the files of a folder; links are followed unless they lead back. */
    private final class Finder extends SimpleFileVisitor<Path> {
        private final Path root;

        Finder(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (!folder.equals(root) && KeyFolders.isSystem(name(folder))) {
                leftOut.add(root.relativize(folder) + "/ (of a system or a program)");
                return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Path path = root.relativize(file);
            if (KeyFolders.isSystem(name(file))) {
                leftOut.add(path + " (of a system or a program)");
            } else if (!attributes.isRegularFile()) {
                leftOut.add(path + " (no file, or a link to none)");
                unread.add(key(path)); // perhaps to a disk that is not mounted
            } else if (OTHER.matcher(name(file)).matches()) {
                leftOut.add(path + " (no picture)");
            } else if (!Files.isReadable(file)) {
                leftOut.add(path + " (cannot be read)");
                unread.add(key(path));
            } else {
                files.put(key(path), new Listed(file, FolderListing.Stamp.of(file, attributes)));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(root)) {
                throw e;
            }
            boolean loop = e instanceof FileSystemLoopException;
            String why = loop ? "a link that leads back" : "cannot be read";
            leftOut.add("%s (%s)".formatted(root.relativize(file), why));
            unread.add(key(root.relativize(file)));
            return FileVisitResult.CONTINUE;
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String key(Path path) {
        return ImageStore.PREFIX
                + StreamSupport.stream(path.spliterator(), false)
                        .map(Path::toString)
                        .collect(Collectors.joining("/"));
    }

    /** The keys that the files will have. */
    Set<String> keys() {
        return files.keySet();
    }

    /** What was left out of the folder and how its split folders are read; one line each. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (!leftOut.isEmpty()) {
            remarks.add(toldLeftOut());
        }
        Set<String> splits = new TreeSet<>();
        files.keySet().forEach(key -> KeyFolders.of(key).split().ifPresent(splits::add));
        if (!splits.isEmpty()) {
            remarks.add(
                    "%s: splits of a data set; the folders inside name the classes, and all pictures are learned from"
                            .formatted(String.join(", ", splits)));
        }
        return remarks;
    }

    private String toldLeftOut() {
        return "left out: " + some(leftOut);
    }

    /** The first of them, and how many more there are. */
    static String some(Collection<String> all) {
        String more =
                all.size() <= NAMED
                        ? ""
                        : String.format(Locale.ROOT, " and %,d more", all.size() - NAMED);
        return all.stream().limit(NAMED).collect(Collectors.joining(", ")) + more;
    }

    /** What a start compares with what is kept. */
    FolderListing listing() {
        SortedMap<String, FolderListing.Stamp> stamps = new TreeMap<>();
        files.forEach((key, file) -> stamps.put(key, file.stamp()));
        return new FolderListing(
                Origins.name(folder), stamps, this::isUnread, key -> sha256(file(key)));
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    /** The file that has a key. */
    Path file(String key) {
        return listed(key).path();
    }

    private Listed listed(String key) {
        return Objects.requireNonNull(files.get(key), key);
    }

    /** Whether a file is as it was when the folder was listed; not while somebody writes it. */
    boolean isAsListed(String key) {
        try {
            BasicFileAttributes now = Files.readAttributes(file(key), BasicFileAttributes.class);
            return FolderListing.Stamp.of(file(key), now).equals(listed(key).stamp());
        } catch (IOException e) {
            return false;
        }
    }

    /** Where a key lies or lay in this folder, for people. */
    Path path(String key) {
        return folder.resolve(key.substring(ImageStore.PREFIX.length()));
    }

    private boolean isUnread(String key) {
        return unread.stream().anyMatch(one -> key.equals(one) || key.startsWith(one + "/"));
    }

    private static String sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
