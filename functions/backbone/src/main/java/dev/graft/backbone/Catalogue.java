package dev.graft.backbone;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Networks that can be had by name. Immutable.
 *
 * @param preprocessing name to values of the keys of {@link
 *     dev.graft.image.Preprocessing#toMetadata}, without {@code graft.}
 * @param backbones networks that are fetched
 * @param exports networks that have to be exported first
 */
public record Catalogue(
        Map<String, Map<String, String>> preprocessing,
        List<Entry> backbones,
        List<Export> exports) {

    /**
     * A network that is published as weights, but not as ONNX.
     *
     * @param name for {@code -Dbackbone}
     * @param weights what timm calls them
     * @param licence of the weights
     * @param preprocessing a key of {@link Catalogue#preprocessing}
     */
    public record Export(String name, String weights, String licence, String preprocessing) {
        /** How to come to a file, as a sentence that can follow its name. */
        String remedy() {
            return "is published as weights, %s, and not as ONNX: make %s.onnx with 'python functions/backbone/training/export.py %s' and give -Dbackbone=%s.onnx"
                    .formatted(weights, name, name, name);
        }
    }

    /**
     * One network.
     *
     * @param name for {@code -Dbackbone}
     * @param file name of the file
     * @param size in bytes
     * @param sha256 of the file, 64 lower-case hexadecimal digits
     * @param licence of the weights
     * @param imageNetTop1 accuracy in percent
     * @param imageNetTop1Source who states it, and where
     * @param preprocessing a key of {@link Catalogue#preprocessing}
     * @param urls where it can be had, first choice first
     */
    public record Entry(
            String name,
            String file,
            long size,
            String sha256,
            String licence,
            double imageNetTop1,
            String imageNetTop1Source,
            String preprocessing,
            List<URI> urls) {}

    /** The one in {@code catalogue.json} beside this class. */
    public static Catalogue bundled() {
        try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.json")) {
            return new ObjectMapper()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(in, Catalogue.class);
        } catch (IOException e) {
            throw new UncheckedIOException("catalogue.json is damaged", e);
        }
    }

    /** The network of that name. */
    public Optional<Entry> find(String name) {
        return backbones.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /** The network of that name that has to be exported first. */
    public Optional<Export> findExport(String name) {
        return exports.stream().filter(export -> export.name().equals(name)).findFirst();
    }

    /** All names, in the order of the file. */
    public List<String> names() {
        return Stream.concat(
                        backbones.stream().map(Entry::name), exports.stream().map(Export::name))
                .toList();
    }
}
