package dev.graft.classifier;

import dev.graft.feature.ConfigurationException;
import dev.graft.prediction.NameSuggestions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The names that a network can suggest, in a file beside it. */
final class NamesFile {
    private NamesFile() {}

    /**
     * Reads {@code NETWORK.names.safetensors} beside {@code NETWORK.onnx}.
     *
     * @return {@link NameSuggestions#NONE} if there is no such file
     * @throws ConfigurationException if it cannot be read
     */
    static NameSuggestions beside(Path network) {
        String name = network.getFileName().toString().replaceAll("\\.onnx$", "");
        Path file = network.resolveSibling(name + ".names.safetensors");
        if (!Files.exists(file)) {
            return NameSuggestions.NONE;
        }
        try {
            return NameSuggestions.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read: " + e, e);
        }
    }
}
