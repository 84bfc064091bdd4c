package dev.graft.backbone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.Backbone;
import dev.graft.feature.ConfigurationException;
import dev.graft.onnx.NotedHash;
import dev.graft.onnx.OnnxBackbone;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Puts the networks that the zips will hold into a folder; run by the build. */
public final class PackageBackbone {
    /**
     * Size of a network that fits into a zip, in bytes: Lambda unpacks 250 MB at most (Lambda,
     * "Function package size"), of which 55 MB are the code and the embedded network before.
     */
    public static final long LARGEST_IN_ZIP = (250L << 20) - 55_000_000;

    private PackageBackbone() {}

    /**
     * Writes {@code backbone.onnx}, the cut network, and {@code backbone.json}, its {@code id},
     * {@code name} and {@code width}, for functions that never run it, and its hash; {@code
     * backbone.names.safetensors} if it has names to suggest; where the embedded default has
     * changed since the release before, also {@code networks/ID.onnx}, the default until then.
     *
     * @param args the folder; the system property {@code backbone} says which network, see {@link
     *     Backbones#resolve}, and {@code container} whether it may be larger than a zip allows
     */
    public static void main(String[] args) throws IOException {
        try {
            Backbones backbones = Backbones.ofUser();
            Path folder = Path.of(args[0]);
            Path network = backbones.resolve(System.getProperty("backbone", ""));
            if (!Boolean.getBoolean("container")) {
                tooLarge(Files.size(network))
                        .ifPresent(
                                problem -> {
                                    throw new ConfigurationException(
                                            "backbone %s %s".formatted(network, problem));
                                });
            }
            write(network, folder);
            boolean isChanged = Embedded.DEFAULT != Embedded.BEFORE;
            writeBefore(
                    isChanged ? List.of(backbones.resolve(Embedded.BEFORE.label())) : List.of(),
                    folder);
        } catch (ConfigurationException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** What is wrong with a network of that many bytes in a zip, and what to do. */
    static Optional<String> tooLarge(long size) {
        return size <= LARGEST_IN_ZIP
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                Locale.ROOT,
                                "has %,d bytes, expected %,d at most, as Lambda unpacks 250 MB of a"
                                        + " zip: deploy featurizer and classifier as container images"
                                        + " (mvn package -Dcontainer=true,"
                                        + " functions/backbone/README.md), or make it int8"
                                        + " (functions/backbone/training/quantize.py)",
                                size,
                                LARGEST_IN_ZIP));
    }

    /**
     * Likewise for a network already cut.
     *
     * @throws ConfigurationException if it does not run, or if its features differ between the
     *     processors of Lambda, see {@link Saturation}
     */
    static void write(Path network, Path folder) throws IOException {
        Optional<String> problem = Saturation.problem(network);
        if (problem.isPresent()) {
            throw new ConfigurationException(
                    "backbone %s cannot be deployed: %s".formatted(network, problem.get()));
        }
        Files.createDirectories(folder);
        try (Backbone backbone = OnnxBackbone.open(network, 1)) {
            Path target = folder.resolve("backbone.onnx");
            Files.copy(network, target, StandardCopyOption.REPLACE_EXISTING);
            Path names = Backbones.namesBeside(network);
            Files.deleteIfExists(Backbones.namesBeside(target));
            if (Files.exists(names)) {
                Files.copy(names, Backbones.namesBeside(target));
            }
            ObjectNode description = JsonNodeFactory.instance.objectNode();
            description.put("id", backbone.id());
            description.put("name", backbone.name());
            description.put("width", backbone.width());
            NotedHash.note(target, description);
            Files.writeString(folder.resolve("backbone.json"), description.toPrettyString());
        }
    }

    /** Replaces the folder {@code networks} by these, named by identity. */
    static void writeBefore(List<Path> networks, Path folder) throws IOException {
        Path target = Files.createDirectories(folder.resolve("networks"));
        try (DirectoryStream<Path> left = Files.newDirectoryStream(target)) {
            for (Path file : left) {
                Files.delete(file);
            }
        }
        for (Path network : networks) {
            try (Backbone backbone = OnnxBackbone.open(network, 1)) {
                Files.copy(network, target.resolve(backbone.id() + ".onnx"));
            }
        }
    }
}
