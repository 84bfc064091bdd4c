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
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A folder of pictures on its way to the images bucket. */
final class Upload {
    private static final int NAMED = 5;

    /** Endings of files that lie beside pictures and are none. */
    private static final Pattern OTHER =
            Pattern.compile(
                    ".*\\.(py|md|txt|csv|tsv|json|jsonl|xml|ya?ml|html?|pdf|zip|mat|npy|pkl)",
                    Pattern.CASE_INSENSITIVE);

    private final Path folder;

    /** By the key each will have. */
    private final TreeMap<String, Path> files = new TreeMap<>();

    /** What is not uploaded, and why. */
    private final List<String> leftOut = new ArrayList<>();

    /** Keys of files, and of folders, that are there and cannot be read. */
    private final List<String> unread = new ArrayList<>();

    Upload(Path folder) {
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
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Path path = root.relativize(file);
            if (KeyFolders.isSystem(name(file))) {
                leftOut.add(path + " (of a system or a program)");
            } else if (!attributes.isRegularFile()) {
                leftOut.add(path + " (no file, or a link to none)");
            } else if (OTHER.matcher(name(file)).matches()) {
                leftOut.add(path + " (no picture)");
            } else {
                files.put(key(path), file);
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
        String more =
                leftOut.size() <= NAMED
                        ? ""
                        : String.format(Locale.ROOT, " and %,d more", leftOut.size() - NAMED);
        return "left out: "
                + leftOut.stream().limit(NAMED).collect(Collectors.joining(", "))
                + more;
    }

    /**
     * Takes out of the product what is no longer in the folder that it came from, uploads what it
     * has no feature of yet, and waits until all are featurized.
     *
     * @throws IllegalArgumentException if none is there of what came from the folder before
     */
    void to(LocalProduct product, Origins origins) throws InterruptedException {
        remarks().forEach(System.out::println);
        Map<String, String> known = product.featurized();
        List<String> gone = gone(origins, known);
        if (!gone.isEmpty()) {
            product.delete(gone);
            gone.forEach(origins::remove);
        }
        files.entrySet()
                .removeIf(
                        file -> {
                            String hash = known.get(file.getKey());
                            if (hash == null || !hash.equals(sha256(file.getValue()))) {
                                return false;
                            }
                            origins.add(file.getKey(), folder, hash);
                            return true;
                        });
        origins.save();
        int before = product.done();
        Progress progress = new Progress(files.size());
        for (var file : files.entrySet()) {
            product.put(file.getKey(), file.getValue());
            origins.add(file.getKey(), folder, sha256(file.getValue()));
            progress.show(product.done() - before);
        }
        origins.save();
        await(product, progress, before);
    }

    /**
     * The keys of what came from this folder and is not there any more, which is told. What was
     * replaced by another picture since, or cannot be looked at now, is not among them.
     */
    private List<String> gone(Origins origins, Map<String, String> known) {
        Map<String, String> came = origins.of(folder);
        List<String> gone =
                came.entrySet().stream()
                        .filter(one -> !files.containsKey(one.getKey()) && !isUnread(one.getKey()))
                        .filter(
                                one ->
                                        known.getOrDefault(one.getKey(), one.getValue())
                                                .equals(one.getValue()))
                        .map(Map.Entry::getKey)
                        .toList();
        if (gone.isEmpty()) {
            return gone;
        }
        Set<String> added =
                files.entrySet().stream()
                        .filter(file -> !known.containsKey(file.getKey()))
                        .map(file -> sha256(file.getValue()))
                        .collect(Collectors.toSet());
        long moved = gone.stream().filter(key -> added.contains(came.get(key))).count();
        if (moved == 0 && came.keySet().stream().noneMatch(files::containsKey)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "none of the %,d pictures that came from %s before is there any more, so nothing was changed: mount the right disk, or start afresh with another --data (Maven: -Ddata)",
                            came.size(),
                            folder));
        }
        System.out.printf(
                Locale.ROOT,
                "since the last run, pictures moved in %s: %,d, removed: %,d; the same is done to what is kept%n",
                folder,
                moved,
                gone.size() - moved);
        return gone;
    }

    private boolean isUnread(String key) {
        return unread.stream().anyMatch(one -> key.equals(one) || key.startsWith(one + "/"));
    }

    /** Waits until every event of the product was dealt with. */
    static void await(LocalProduct product, Progress progress, int before)
            throws InterruptedException {
        while (!product.idle()) {
            TimeUnit.MILLISECONDS.sleep(50);
            progress.show(product.done() - before);
        }
        progress.end();
    }

    private static String sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
