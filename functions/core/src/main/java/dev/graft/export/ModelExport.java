package dev.graft.export;

import dev.graft.head.Head;
import dev.graft.image.Preprocessing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A network and a head as one file. */
public final class ModelExport {
    private ModelExport() {}

    /** What the file takes. */
    public enum Input {
        /** The tensor that the network takes, resized and normalized before. */
        TENSOR,
        /** An image of any size; the file resizes and normalizes by itself. */
        IMAGE;

        /** By its name in lower case; empty if there is none. */
        public static Optional<Input> named(String name) {
            return Arrays.stream(values())
                    .filter(input -> input.toString().equals(name))
                    .findFirst();
        }

        @Override
        public String toString() {
            return this == TENSOR ? "tensor" : "image";
        }
    }

    /**
     * The file, as {@link OnnxModel} writes it.
     *
     * @param network file of the network whose features the head takes
     * @param preprocessing of that network
     * @throws UncheckedIOException if that file cannot be read
     * @throws dev.graft.feature.BadRequestException if the network is too old to take an image
     */
    public static byte[] of(Path network, Preprocessing preprocessing, Head head, Input input) {
        byte[] file = bytes(network);
        return switch (input) {
            case TENSOR -> OnnxModel.of(file, head);
            case IMAGE -> OnnxModel.ofPixels(file, head, preprocessing);
        };
    }

    private static byte[] bytes(Path network) {
        try {
            return Files.readAllBytes(network);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the network " + network, e);
        }
    }
}
