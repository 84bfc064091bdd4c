package dev.graft.benchmarks;

import dev.graft.export.CollectionExport;
import dev.graft.export.Exports;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageIndex.Change;
import dev.graft.feature.ImageRecord.Picture;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.Sha256;
import dev.graft.index.ImageListing;
import dev.graft.index.IndexStore;
import dev.graft.library.ResultStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Time and memory of an export of features, of images that are made up and features that cost
 * nothing to read: one line for each call. Arguments: a folder for the files, how many images and
 * values, and after how many calls to end. Started again with the same folder it goes on, so that
 * the beginning and the calls after it can be given different amounts of memory by {@code -Xmx}.
 */
public final class ExportBenchmark {
    private static final String NETWORK = "network-p2";
    private static final int CLASSES = 20;

    private ExportBenchmark() {}

    /** Measures. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        int images = Integer.parseInt(arguments[1]);
        int width = Integer.parseInt(arguments[2]);
        int calls = Integer.parseInt(arguments[3]);
        InstantSource clock = InstantSource.system();
        var listing =
                new ImageListing(
                        only(
                                ImageIndex.class,
                                "changes",
                                given -> {
                                    list(images, (Consumer<?>) given[1]);
                                    return null;
                                }),
                        only(IndexStore.class, "read", given -> Optional.empty()),
                        clock);
        float[] values = new float[width];
        Random random = new Random(1);
        for (int i = 0; i < width; i++) {
            values[i] = random.nextFloat();
        }
        byte[] feature = Float16.encode(values);
        FeatureStore features =
                only(
                        FeatureStore.class,
                        "vectors",
                        given ->
                                ((List<?>) given[0])
                                        .stream()
                                                .map(key -> vector((String) key, feature))
                                                .toList());
        CollectionExport export =
                new Exports(LabelSet.DEFAULT, listing, new Folder(folder), clock)
                        .features(features);
        boolean complete = false;
        for (int i = 0; i < calls && !complete; i++) {
            long start = System.nanoTime();
            CollectionExport.Progress progress = export.run(NETWORK);
            complete = progress.complete();
            System.out.printf(
                    Locale.ROOT,
                    "%,9d of %,9d images in %3d files, %,6d ms, heap %,5d MB at most%n",
                    progress.done(),
                    progress.images(),
                    progress.sizes().size(),
                    (System.nanoTime() - start) / 1_000_000,
                    peak() >> 20);
        }
    }

    private static void list(int images, Consumer<?> consumer) {
        @SuppressWarnings("unchecked")
        Consumer<Change> changes = (Consumer<Change>) consumer;
        for (int i = 0; i < images; i++) {
            String label = String.format(Locale.ROOT, "class %02d", i % CLASSES);
            String key = String.format(Locale.ROOT, "images/%s/a picture of it %07d.jpg", label, i);
            changes.accept(
                    new Change(
                            key,
                            Optional.of(new Label(label, LabelSource.FOLDER)),
                            new Picture(
                                    hash(key),
                                    4000,
                                    3000,
                                    Instant.EPOCH,
                                    new TreeSet<>(List.of(NETWORK)),
                                    ""),
                            Instant.EPOCH));
        }
    }

    private static FeatureStore.Vector vector(String key, byte[] feature) {
        return new FeatureStore.Vector(key, hash(key), feature, new byte[0]);
    }

    private static String hash(String key) {
        return Sha256.of(key.getBytes(StandardCharsets.UTF_8));
    }

    private static long peak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }

    private interface Given {
        @Nullable Object call(Object[] given);
    }

    /** A port of which one method answers. */
    private static <T> T only(Class<T> port, String name, Given answer) {
        return port.cast(
                Proxy.newProxyInstance(
                        port.getClassLoader(),
                        new Class<?>[] {port},
                        (proxy, method, given) -> {
                            if (!method.getName().equals(name)) {
                                throw new UnsupportedOperationException(method.toString());
                            }
                            return answer.call(given);
                        }));
    }

    /** Files for people in a folder of this machine. */
    private record Folder(Path root) implements ResultStore {
        @Override
        public Optional<byte[]> read(String name) {
            try {
                Path file = root.resolve(name);
                return Files.exists(file)
                        ? Optional.of(Files.readAllBytes(file))
                        : Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void write(String name, byte[] bytes, String type) {
            try {
                Path file = root.resolve(name);
                Files.createDirectories(file.getParent());
                Files.write(file, bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void delete(String name) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public List<String> keys(String prefix, String after, int limit) {
            throw new UnsupportedOperationException(prefix);
        }
    }
}
