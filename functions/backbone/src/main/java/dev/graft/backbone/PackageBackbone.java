package dev.graft.backbone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.Backbone;
import dev.graft.feature.ConfigurationException;
import dev.graft.onnx.OnnxBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Puts the network that the zips will hold into a folder; run by the build. */
public final class PackageBackbone {
    private PackageBackbone() {}

    /**
     * Writes {@code backbone.onnx}, the cut network, and {@code backbone.json}, its {@code id},
     * {@code name} and {@code width}, for functions that never run it.
     *
     * @param args the folder; the system property {@code backbone} says which network, see {@link
     *     Backbones#resolve}
     */
    public static void main(String[] args) throws IOException {
        try {
            write(Backbones.ofUser().resolve(System.getProperty("backbone", "")), Path.of(args[0]));
        } catch (ConfigurationException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /**
     * Likewise for a network already cut.
     *
     * @throws ConfigurationException if it does not run
     */
    static void write(Path network, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Backbone backbone = OnnxBackbone.open(network, 1)) {
            Files.copy(
                    network, folder.resolve("backbone.onnx"), StandardCopyOption.REPLACE_EXISTING);
            ObjectNode description = JsonNodeFactory.instance.objectNode();
            description.put("id", backbone.id());
            description.put("name", backbone.name());
            description.put("width", backbone.width());
            Files.writeString(folder.resolve("backbone.json"), description.toPrettyString());
        }
    }
}
