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

    /** By the key each will have. */
    private final TreeMap<String, Path> files = new TreeMap<>();

    /** What is not uploaded, and why. */
    private final List<String> leftOut = new ArrayList<>();

    Upload(Path folder) {
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
                    "no pictures in %s: put them in one subfolder per class%s"
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

    /** Uploads what the product has no feature of yet and waits until all are featurized. */
    void to(LocalProduct product) throws InterruptedException {
        remarks().forEach(System.out::println);
        Map<String, String> known = product.featurized();
        files.entrySet()
                .removeIf(
                        file -> {
                            String hash = known.get(file.getKey());
                            return hash != null && hash.equals(sha256(file.getValue()));
                        });
        int before = product.done();
        Progress progress = new Progress(files.size());
        for (var file : files.entrySet()) {
            product.put(file.getKey(), file.getValue());
            progress.show(product.done() - before);
        }
        await(product, progress, before);
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
