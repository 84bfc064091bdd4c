package dev.graft.testing;

import dev.graft.feature.Backbone;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.NetworkStore;
import dev.graft.prediction.Networks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Networks that are no files, each under the name of one. */
public final class TestNetworks {
    private TestNetworks() {}

    /** One network alone. */
    public static Networks of(Backbone backbone) {
        Path file = emptyFile();
        return of(Map.of(file, backbone), file, List.of(), new InMemoryNetworkStore());
    }

    /**
     * Several.
     *
     * @param files what is opened under the name of each file; {@code copies/<identity>.onnx} for
     *     those that {@code kept} gives
     * @param current the file of the network of the build
     * @param more the other files of the build
     */
    public static Networks of(
            Map<Path, Backbone> files, Path current, List<Path> more, NetworkStore kept) {
        Networks.Opener opener = (file, path) -> new FeatureExtractor(files.get(file));
        return new Networks(
                new Networks.Loaded(new FeatureExtractor(files.get(current)), current),
                more,
                kept,
                opener,
                Path.of("copies"));
    }

    private static Path emptyFile() {
        try {
            Path file = Files.createTempFile("network", ".onnx");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
