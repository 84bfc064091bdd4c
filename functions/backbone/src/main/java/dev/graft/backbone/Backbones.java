package dev.graft.backbone;

import dev.graft.feature.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the option {@code -Dbackbone} means. Cut networks lie in the cache folder under their
 * content hash. Safe for use by many threads and processes.
 *
 * @param cache folder of the cut networks, created when needed
 */
public record Backbones(Path cache) {
    private static final String EMBEDDED = "embedded.onnx";

    /** In {@code $XDG_CACHE_HOME/graft/backbones}, or {@code ~/.cache/graft/backbones}. */
    public static Backbones ofUser() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path caches =
                xdg == null || xdg.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(xdg);
        return new Backbones(caches.resolve("graft").resolve("backbones"));
    }

    /**
     * The cut network.
     *
     * @param backbone empty for the embedded one, or {@code FILE.onnx}, or {@code FILE.onnx#TENSOR}
     *     to cut at that tensor, or {@code FILE.onnx#logits}
     * @throws ConfigurationException if it is none of these or cannot be cut, see {@link
     *     GraphCut#cut}
     */
    public Path resolve(String backbone) {
        int hash = backbone.lastIndexOf(".onnx#");
        String file = hash < 0 ? backbone : backbone.substring(0, hash + 5);
        String feature = hash < 0 ? "" : backbone.substring(hash + 6);
        if (backbone.isBlank()) {
            return keep("embedded", embedded());
        }
        if (!file.endsWith(".onnx")) {
            throw new ConfigurationException(
                    "backbone '"
                            + backbone
                            + "': expected nothing, FILE.onnx, FILE.onnx#TENSOR or"
                            + " FILE.onnx#logits");
        }
        Path network = Path.of(file);
        String name = network.getFileName().toString().replaceAll("\\.onnx$", "");
        return keep(name, new GraphCut(name, feature).cut(network));
    }

    private static byte[] embedded() {
        try (InputStream in = Backbones.class.getResourceAsStream(EMBEDDED)) {
            if (in == null) {
                throw new ConfigurationException(
                        "no backbone is embedded in this build: name one with"
                                + " -Dbackbone=FILE.onnx");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ConfigurationException("the embedded backbone cannot be read: " + e, e);
        }
    }

    private Path keep(String name, byte[] network) {
        Path file = cache.resolve(name + "-" + sha256(network).substring(0, 16) + ".onnx");
        try {
            if (!Files.isRegularFile(file) || Files.size(file) != network.length) {
                Files.createDirectories(cache);
                Path unfinished = Files.createTempFile(cache, name, ".unfinished");
                Files.write(unfinished, network);
                Files.move(
                        unfinished,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
            return file;
        } catch (IOException e) {
            throw new ConfigurationException("backbone " + file + " cannot be written: " + e, e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
