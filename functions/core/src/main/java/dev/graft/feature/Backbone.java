package dev.graft.feature;

import dev.graft.image.PixelPath;
import dev.graft.image.Preprocessing;
import java.util.Optional;

/**
 * The frozen network that turns an image into a feature. Implementations are safe for use by many
 * threads.
 */
public interface Backbone extends AutoCloseable {

    /** The identity of its features, see {@link FeatureIdentity#id}. */
    String id();

    /** What people call it, such as {@code resnet50}. */
    String name();

    /** Number of values of a feature. */
    int width();

    /** How the bytes of a file become the pixels that {@link #preprocessing} takes. */
    PixelPath pixelPath();

    /** How the pixels of an image become the argument of {@link #feature}. */
    Preprocessing preprocessing();

    /**
     * Runs the network on one image.
     *
     * @param pixels what {@link #preprocessing} makes of the image: 3 x crop x crop values in its
     *     layout
     * @return the feature, {@link #width} finite values
     * @throws IllegalArgumentException if {@code pixels} has another length
     */
    float[] feature(float[] pixels);

    /**
     * Runs the network on one image and gives what its feature is the mean of; empty if it is no
     * such mean. The first call may take as long as opening the network.
     *
     * @param pixels as for {@link #feature}
     * @throws IllegalArgumentException if {@code pixels} has another length
     */
    default Optional<FeatureMap> map(float[] pixels) {
        return Optional.empty();
    }

    /** Frees the native memory; no other method may be called afterwards. */
    @Override
    void close();
}
