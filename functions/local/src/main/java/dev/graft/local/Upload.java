package dev.graft.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** A folder of pictures on its way to the images bucket, with a progress bar. */
final class Upload {
    private static final int BAR = 40;
    private final Path folder;
    private final List<Path> files;

    Upload(Path folder) {
        this.folder = folder;
        try (Stream<Path> found = Files.walk(folder)) {
            this.files =
                    found.filter(Files::isRegularFile)
                            .filter(file -> !file.getFileName().toString().startsWith("."))
                            .filter(file -> !file.toString().matches(".*\\.(py|md|txt)"))
                            .sorted()
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the folder " + folder, e);
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException(
                    "no pictures in " + folder + ": put them in one subfolder per class");
        }
    }

    /** Uploads every file under {@code images/} and its path below the folder. */
    void run(BiConsumer<String, Path> put, IntSupplier done) {
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            put.accept("images/" + folder.relativize(file).toString().replace('\\', '/'), file);
            if (i % 10 == 9 || i == files.size() - 1) {
                show(done.getAsInt());
            }
        }
    }

    void show(int done) {
        int full = BAR * Math.min(done, files.size()) / files.size();
        System.out.printf(
                "\r[%s%s] %,d of %,d images featurized",
                "#".repeat(full), " ".repeat(BAR - full), done, files.size());
        System.out.flush();
    }

    int size() {
        return files.size();
    }
}
