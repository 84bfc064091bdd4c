package dev.graft.feature;

import dev.graft.image.NetworkMetadata;
import dev.graft.image.PixelPath;
import dev.graft.image.Preprocessing;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What makes two features comparable: only features of the same identity may meet in one training
 * set. It covers the file of the network before it was cut, not the graph cut from it, so that the
 * same network with a second output keeps its features. This is the only class that builds the text
 * of an identity or takes one apart; all others compare it as a whole. Immutable.
 *
 * @param network which network, and where its feature is read
 * @param preprocessing how an image becomes its input
 * @param pixelPath version of the code from the bytes of a file to resized pixels, at least 1; see
 *     {@link PixelPath}
 * @param views how many views of an image are averaged into its feature, at least 1
 * @param region the part of an image that is looked at, in the words of whoever cuts it out; empty
 *     for the whole
 */
public record FeatureIdentity(
        Network network, Preprocessing preprocessing, int pixelPath, int views, String region) {
    private static final int SHORTENED = 12;

    /**
     * A network and the tensor in it that is the feature.
     *
     * @param source SHA-256 of its file as it was published
     * @param tensor name of the tensor
     * @param cut SHA-256 of the network cut at that tensor, see {@link NetworkMetadata#CUT}
     */
    public record Network(String source, String tensor, String cut) {}

    /**
     * @throws IllegalArgumentException if {@code pixelPath} or {@code views} is less than 1
     */
    public FeatureIdentity {
        if (pixelPath < 1 || views < 1) {
            throw new IllegalArgumentException(
                    "pixel path %d and %d views, expected 1 or more of each"
                            .formatted(pixelPath, views));
        }
    }

    /**
     * Of a network on a pixel path, with one view of the whole image.
     *
     * @param metadata of a cut network
     * @param fileHash SHA-256 of that network's file; stands for the source and the cut where the
     *     metadata does not name them, as in a network that was cut before they were recorded
     * @throws IllegalArgumentException if the preprocessing is missing or wrong, see {@link
     *     Preprocessing#fromMetadata}
     */
    public static FeatureIdentity of(
            Map<String, String> metadata, String fileHash, PixelPath path) {
        Network network =
                new Network(
                        metadata.getOrDefault(NetworkMetadata.SOURCE, fileHash),
                        metadata.getOrDefault(NetworkMetadata.FEATURE, ""),
                        metadata.getOrDefault(NetworkMetadata.CUT, fileHash));
        return new FeatureIdentity(
                network, Preprocessing.fromMetadata(metadata), path.number(), 1, "");
    }

    /**
     * The identity as a text, which stored features and heads carry. For pixel path 1, one view and
     * the whole image it is the hash of the cut network and {@code -p1}, as it was before there
     * were other settings, so that no feature stored then is orphaned.
     */
    public String id() {
        if (pixelPath == 1 && views == 1 && region.isEmpty()) {
            return network.cut + "-p1";
        }
        String hash =
                hash(
                        network.source,
                        network.tensor,
                        new TreeMap<>(preprocessing.toMetadata()).toString());
        return hash
                + "-p"
                + pixelPath
                + (views == 1 ? "" : "-v" + views)
                + (region.isEmpty() ? "" : "-r" + shortened(hash(region)));
    }

    /** The start of an id, enough for a person to tell two apart. */
    public static String shortened(String id) {
        return id.substring(0, Math.min(SHORTENED, id.length()));
    }

    private static String hash(String... parts) {
        return Sha256.of(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
    }
}
