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

/**
 * Networks that can be had by name. Immutable.
 *
 * @param preprocessing name to values of the keys of {@link
 *     dev.graft.image.Preprocessing#toMetadata}, without {@code graft.}
 * @param backbones the networks
 */
public record Catalogue(Map<String, Map<String, String>> preprocessing, List<Entry> backbones) {

    /**
     * One network.
     *
     * @param name for {@code -Dbackbone}
     * @param file name of the file
     * @param size in bytes
     * @param sha256 of the file, 64 lower-case hexadecimal digits
     * @param licence of the weights
     * @param imageNetTop1 accuracy in percent, as its authors state it
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

    /** All names, in the order of the file. */
    public List<String> names() {
        return backbones.stream().map(Entry::name).toList();
    }
}
