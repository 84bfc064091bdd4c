package dev.graft.export;

import dev.graft.head.Head;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A network and a head as one file. */
public final class ModelExport {
    private ModelExport() {}

    /**
     * The file, as {@link OnnxModel} writes it.
     *
     * @param network file of the network whose features the head takes
     * @throws UncheckedIOException if that file cannot be read
     */
    public static byte[] of(Path network, Head head) {
        try {
            return OnnxModel.of(Files.readAllBytes(network), head);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the network " + network, e);
        }
    }
}
