package dev.graft.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Backbone;
import dev.graft.feature.FeatureExtractor;
import dev.graft.image.PixelPath;
import dev.graft.image.Preprocessing;
import dev.graft.testing.InMemoryNetworkStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworksTest {
    private final InMemoryNetworkStore kept = new InMemoryNetworkStore();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();

    @TempDir private Path folder;
    private Path build;
    private Path before;
    private Networks networks;

    @BeforeEach
    void start() throws IOException {
        build = Files.writeString(folder.resolve("backbone.onnx"), "now");
        before = Files.writeString(folder.resolve("before.onnx"), "before");
        networks =
                new Networks(
                        new Networks.Loaded(extractor(build, PixelPath.P2), build),
                        List.of(before),
                        kept,
                        this::extractor,
                        folder);
    }

    /** The identity is what stands in the file, and the pixel path. */
    private FeatureExtractor extractor(Path file, PixelPath path) {
        open.incrementAndGet();
        opened.incrementAndGet();
        return new FeatureExtractor(new Named(file, path));
    }

    private String file(String identity) {
        return networks.of(identity).orElseThrow().file().getFileName().toString();
    }

    @Test
    void findsTheNetworkOfTheBuildOnEveryPixelPath() {
        assertSame(networks.current(), networks.of("now-p2").orElseThrow());
        assertEquals("backbone.onnx", file("now-p1"));
        assertEquals("backbone.onnx", file("now-p4"));
        assertEquals(
                PixelPath.P1,
                networks.of("now-p1").orElseThrow().extractor().backbone().pixelPath());
    }

    @Test
    void findsWhatTheBuildBringsAndKeepsItForTheBuildsToCome() {
        assertEquals("before.onnx", file("before-p1"));
        assertTrue(kept.has("before-p1"));
        assertFalse(kept.has("before-p2"), "nobody asked for it");
    }

    @Test
    void findsWhatIsKept() throws IOException {
        kept.keep("older-p1", Files.writeString(folder.resolve("x"), "older"));
        assertEquals("older-p1", networks.of("older-p1").orElseThrow().identity());
    }

    @Test
    void aMissingNetworkIsLookedForInFilesOnce() throws IOException {
        assertTrue(networks.of("gone-p1").isEmpty());
        int times = opened.get();
        assertTrue(networks.of("gone-p1").isEmpty());
        assertEquals(times, opened.get());
        kept.keep("gone-p1", Files.writeString(folder.resolve("x"), "gone"));
        assertEquals("gone-p1", networks.of("gone-p1").orElseThrow().identity());
    }

    @Test
    void opensANetworkOnceAndClosesWhatItDoesNotUse() {
        networks.of("before-p1");
        int times = opened.get();
        networks.of("before-p1");
        assertEquals(times, opened.get());
        assertEquals(2, open.get(), "that of the build and the one asked for");
    }

    private final class Named implements Backbone {
        private final String name;
        private final PixelPath path;

        Named(Path file, PixelPath path) {
            try {
                this.name = Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            this.path = path;
        }

        @Override
        public String id() {
            return name + "-p" + path.number();
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public PixelPath pixelPath() {
            return path;
        }

        @Override
        public Preprocessing preprocessing() {
            return Preprocessing.imageNet(8, 8);
        }

        @Override
        public float[] feature(float[] pixels) {
            return new float[1];
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }
}
