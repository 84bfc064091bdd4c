package dev.graft.feature;

import java.nio.file.Path;

/**
 * The networks that saved heads need, by the identity of their features: {@code
 * networks/<identity>.onnx} in the heads bucket. A network is kept there as long as any head needs
 * it, so that a head goes on predicting when a new build no longer brings its network. Immutable
 * once kept. Safe for use by many threads; throws {@link StoreException} if it does not answer.
 */
public interface NetworkStore {

    /** Whether the network with this identity is kept. */
    boolean has(String identity);

    /**
     * Keeps a network; does nothing if it is kept already.
     *
     * @param network its file, cut
     */
    void keep(String identity, Path network);

    /**
     * Copies a network to a file.
     *
     * @param to the file, which is written over if it is there
     * @return false if no such network is kept; then nothing is written
     */
    boolean copy(String identity, Path to);

    /** Why a head cannot predict whose network is not at hand, and what to do, as a sentence. */
    static String absent(String version, String identity) {
        return ("head %s takes features of the network %s, which is neither in this build nor under networks/ in the heads bucket:"
                        + " start with that network (BACKBONE_FILE, on one machine -Dbackbone=FILE.onnx), or promote a head of the network in use")
                .formatted(version, FeatureIdentity.shortened(identity));
    }
}
