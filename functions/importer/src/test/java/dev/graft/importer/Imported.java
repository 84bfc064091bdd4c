package dev.graft.importer;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** An import in a test, what it said and what it wrote. */
final class Imported {
    final List<String> told = new ArrayList<>();
    final Path into;
    Import.Result result = new Import.Result(false, 0, false);

    Imported(Path into) {
        this.into = into;
    }

    Imported run(Path source) throws InterruptedException {
        return run(source.toString(), Limits.USUAL, Map.of());
    }

    Imported run(String source, Limits limits, Map<String, String> environment)
            throws InterruptedException {
        told.clear();
        result =
                new Import(
                                new Import.Wanted(source, into),
                                environment,
                                told::add,
                                limits,
                                time -> {})
                        .run();
        return this;
    }

    /** Paths of the pictures. */
    Set<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(into)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> into.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> !file.startsWith(ImportFolder.OWN))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    String text() {
        return String.join("\n", told);
    }

    /** A picture that no other number gives. */
    static byte[] png(int number) {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        image.setRGB(1, 1, number * 0x010307);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Writes pictures, each another. */
    static void pictures(Path folder, String... paths) throws IOException {
        for (int i = 0; i < paths.length; i++) {
            write(folder.resolve(paths[i]), png(100 + i));
        }
    }

    static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
