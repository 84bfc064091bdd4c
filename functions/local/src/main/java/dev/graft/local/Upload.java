package dev.graft.local;

import dev.graft.feature.ImageStore;
import dev.graft.feature.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A folder of pictures on its way to the images bucket, with a progress bar. */
final class Upload {
    private static final int BAR = 40;
    private static final long SHOW_EVERY = TimeUnit.MILLISECONDS.toNanos(250);

    /** By the key each will have. */
    private final TreeMap<String, Path> files = new TreeMap<>();

    private long shown = Long.MIN_VALUE;

    Upload(Path folder) {
        try (Stream<Path> found = Files.walk(folder)) {
            found.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .filter(file -> !file.toString().matches(".*\\.(py|md)"))
                    .forEach(file -> files.put(key(folder, file), file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the folder " + folder, e);
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException(
                    "no pictures in " + folder + ": put them in one subfolder per class");
        }
    }

    private static String key(Path folder, Path file) {
        return ImageStore.PREFIX + folder.relativize(file).toString().replace('\\', '/');
    }

    /**
     * Uploads what the product has no feature of yet and waits until all are featurized.
     *
     * @return how many files were uploaded
     */
    int to(LocalProduct product) throws InterruptedException {
        Map<String, String> known = product.featurized();
        files.entrySet()
                .removeIf(
                        file -> {
                            String hash = known.get(file.getKey());
                            return hash != null && hash.equals(sha256(file.getValue()));
                        });
        int before = product.done();
        for (var file : files.entrySet()) {
            product.put(file.getKey(), file.getValue());
            show(product.done() - before);
        }
        while (!product.idle()) {
            TimeUnit.MILLISECONDS.sleep(50);
            show(product.done() - before);
        }
        shown = Long.MIN_VALUE;
        show(files.size());
        System.out.println();
        return files.size();
    }

    private void show(int done) {
        long now = System.nanoTime();
        if (shown != Long.MIN_VALUE && now - shown < SHOW_EVERY) {
            return;
        }
        shown = now;
        int total = files.size();
        int featurized = Math.min(done, total); // an event may come twice
        int full = total == 0 ? BAR : BAR * featurized / total;
        System.out.printf(
                Locale.ROOT,
                "\r[%s%s] %,d of %,d images featurized",
                "#".repeat(full),
                " ".repeat(BAR - full),
                featurized,
                total);
        System.out.flush();
    }

    private static String sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
