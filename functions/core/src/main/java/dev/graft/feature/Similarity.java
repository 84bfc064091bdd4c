package dev.graft.feature;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * How similar two features of a network are where the images show the same: how far apart it sets
 * unlike images is a property of each network. The values of the embedded networks were measured
 * ({@code functions/backbone/training/similarity.py}) and stand in {@code similarity.json}.
 *
 * @param nearDuplicate cosine from which on two images are near-duplicates: one picture twice, or
 *     shots of one series; of images that have thumbnails those tell
 */
public record Similarity(double nearDuplicate) {
    /**
     * Of networks that were not measured. It was found on ResNet-50 features of 5,500 Flickr photos
     * by looking at the pairs: from 0.95 on (2 pairs) are one picture twice and one picture in two
     * colourings; from 0.94 down are different pictures of like subjects, the first two of one roof
     * and of two lakes; unrelated pairs have 0.62 (median), 99.99 % of all pairs less than 0.87.
     */
    public static final Similarity DEFAULT = new Similarity(0.95);

    private static final Map<String, Similarity> MEASURED = measured();

    /**
     * The values of a network.
     *
     * @param identity of its features, see {@link FeatureIdentity#id}
     * @return {@link #DEFAULT} if it was not measured
     */
    public static Similarity of(String identity) {
        return MEASURED.getOrDefault(identity, DEFAULT);
    }

    private static Map<String, Similarity> measured() {
        try (InputStream file = Similarity.class.getResourceAsStream("similarity.json")) {
            return new ObjectMapper().readValue(file, new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("similarity.json cannot be read", e);
        }
    }
}
