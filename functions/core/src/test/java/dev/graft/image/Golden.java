package dev.graft.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The pictures that src/test/python/make_image_goldens.py drew, and what Pillow makes of them. */
record Golden(String file, int resize, int crop) {
    static List<Golden> all() {
        return new String(resource("index.csv"), StandardCharsets.UTF_8)
                .lines()
                .skip(1)
                .map(line -> line.split(","))
                .map(
                        part ->
                                new Golden(
                                        part[0],
                                        Integer.parseInt(part[1]),
                                        Integer.parseInt(part[2])))
                .toList();
    }

    static byte[] resource(String name) {
        try (InputStream stream = Golden.class.getResourceAsStream("/images/" + name)) {
            return stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    byte[] bytes() {
        return resource(file);
    }

    /** crop x crop x 3. */
    byte[] expected() {
        return resource(file + ".rgb");
    }

    @Override
    public String toString() {
        return file;
    }
}
