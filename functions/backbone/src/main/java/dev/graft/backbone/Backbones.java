package dev.graft.backbone;

import dev.graft.feature.ConfigurationException;
import dev.graft.feature.Sha256;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the option {@code -Dbackbone} means. A network is fetched once and cut once for each
 * setting; both lie in the cache folder. Safe for use by many threads and processes.
 *
 * @param cache folder of the cut networks and, in {@code downloads}, of those of the catalogue;
 *     created when needed
 * @param catalogue what can be named
 * @param terminal where the progress of a download and warnings go
 */
public record Backbones(Path cache, Catalogue catalogue, PrintStream terminal) {
    private static final String IMAGENET =
            """
            {"resize": "256", "crop": "224", "mean": "0.485,0.456,0.406", "deviation": "0.229,0.224,0.225", "scale": "255", "channels": "RGB", "layout": "NCHW"}\
            """;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * The bundled catalogue, in {@code $XDG_CACHE_HOME/graft/backbones} or {@code ~/.cache/...}.
     */
    public static Backbones ofUser() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path caches =
                xdg == null || xdg.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(xdg);
        Path cache = caches.resolve("graft").resolve("backbones");
        return new Backbones(cache, Catalogue.bundled(), System.err);
    }

    /**
     * The cut network; beside one that is embedded and has names to suggest lie these, see {@link
     * #namesBeside}. Warns on the terminal if its features differ between processors, see {@link
     * Saturation}.
     *
     * @param backbone empty for the embedded default, or the name of an embedded one, or a name of
     *     the catalogue, or {@code FILE.onnx}; the last two also with {@code #TENSOR} to cut at
     *     that tensor, or {@code #logits}, or what is made of an encoder's tokens, such as {@code
     *     #cls+mean}. The preprocessing of a file is what {@link PreprocessingFile} finds beside
     *     it, else that of its own metadata, else ImageNet's at the side of its input
     * @throws ConfigurationException if it is none of these, cannot be had (see {@link
     *     Download#fetch}) or cannot be cut (see {@link GraphCut#cut})
     */
    public Path resolve(String backbone) {
        Optional<Embedded> embedded =
                backbone.isBlank() ? Optional.of(Embedded.DEFAULT) : Embedded.find(backbone);
        if (embedded.isPresent()) {
            byte[] network = embedded.get().bytes();
            Path file = keep(embedded.get().label(), Sha256.of(network), () -> network);
            embedded.get().names().ifPresent(names -> keep(namesBeside(file), () -> names));
            return file;
        }
        Path network = given(backbone);
        FeatureCheck.problem(network)
                .ifPresent(
                        problem -> {
                            throw new ConfigurationException(useless(backbone, problem));
                        });
        Stream.of(FeatureCheck.warning(network), Saturation.problem(network))
                .flatMap(Optional::stream)
                .forEach(
                        problem ->
                                terminal.println("warning: backbone " + backbone + ": " + problem));
        return network;
    }

    /**
     * Folder of the network that was the embedded default in the release before, for heads that
     * were trained on it.
     */
    public Path before() {
        Path folder = cache.resolve("before");
        new Backbones(folder, catalogue, terminal).resolve(Embedded.BEFORE.label());
        return folder;
    }

    /** Where the names lie that a network can suggest, if it has any. */
    static Path namesBeside(Path network) {
        String name = network.getFileName().toString().replaceAll("\\.onnx$", "");
        return network.resolveSibling(name + ".names.safetensors");
    }

    private Path given(String backbone) {
        int suffix = backbone.lastIndexOf(".onnx#");
        int hash = suffix < 0 ? backbone.indexOf('#') : suffix + 5;
        boolean whole = hash < 0 || backbone.endsWith(".onnx");
        String source = whole ? backbone : backbone.substring(0, hash);
        String feature = whole ? "" : backbone.substring(hash + 1);
        return source.endsWith(".onnx")
                ? ofFile(Path.of(source), feature)
                : catalogue
                        .find(source)
                        .map(entry -> ofCatalogue(entry, feature))
                        .orElseThrow(() -> unknown(backbone));
    }

    private static String useless(String backbone, String problem) {
        return "backbone %s cannot be used: %s. Where it expects its input in another way, say so in %s beside it; ImageNet's is %s"
                .formatted(
                        backbone,
                        problem,
                        backbone.replaceAll("\\.onnx(#.*)?$", "") + ".json",
                        IMAGENET);
    }

    private ConfigurationException unknown(String backbone) {
        Optional<Catalogue.Export> export = catalogue.findExport(backbone.replaceAll("#.*", ""));
        if (export.isPresent()) {
            return new ConfigurationException(
                    "backbone %s %s".formatted(export.get().name(), export.get().remedy()));
        }
        return new ConfigurationException(
                "backbone '%s': expected nothing (the embedded default), one that is embedded (%s), FILE.onnx or one of %s; the last two also with #TENSOR, #logits, #cls, #mean or #cls+mean"
                        .formatted(
                                backbone,
                                Arrays.stream(Embedded.values())
                                        .map(Embedded::label)
                                        .collect(Collectors.joining(", ")),
                                String.join(", ", catalogue.names())));
    }

    private Path ofFile(Path network, String feature) {
        String name = network.getFileName().toString().replaceAll("\\.onnx$", "");
        NetworkFile file = NetworkFile.read(network);
        GraphCut cut = new GraphCut(name, feature, PreprocessingFile.beside(file, name));
        return keep(name, key(file.source(), cut), () -> cut.cut(file));
    }

    private Path ofCatalogue(Catalogue.Entry entry, String feature) {
        Download download = new Download(cache.resolve("downloads"), PATIENCE, terminal);
        GraphCut cut =
                new GraphCut(
                        entry.name(),
                        feature,
                        catalogue.preprocessing().getOrDefault(entry.preprocessing(), Map.of()));
        return keep(
                entry.name(),
                key(entry.sha256(), cut),
                () -> cut.cut(NetworkFile.read(download.fetch(entry))));
    }

    private static String key(String source, GraphCut cut) {
        String settings =
                String.join(
                        "\n",
                        source,
                        Integer.toString(GraphCut.VERSION),
                        cut.name(),
                        cut.feature(),
                        new TreeMap<>(cut.preprocessing()).toString());
        return Sha256.of(settings.getBytes(StandardCharsets.UTF_8));
    }

    private Path keep(String name, String key, Supplier<byte[]> network) {
        return keep(cache.resolve(name + "-" + key.substring(0, 16) + ".onnx"), network);
    }

    private Path keep(Path file, Supplier<byte[]> content) {
        if (Files.isRegularFile(file)) {
            return file;
        }
        byte[] bytes = content.get();
        try {
            Files.createDirectories(cache);
            Path unfinished = Files.createTempFile(cache, "", ".unfinished");
            Files.write(unfinished, bytes);
            Files.move(
                    unfinished,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new ConfigurationException("backbone " + file + " cannot be written: " + e, e);
        }
    }
}
