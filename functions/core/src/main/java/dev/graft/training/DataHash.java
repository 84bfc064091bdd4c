package dev.graft.training;

import dev.graft.feature.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * SHA-256 over all that a head is made of: identity of the features, settings, and key, label,
 * content, feature and thumbnail of every labelled image. Trained again from the same, a head comes
 * out byte for byte the same.
 */
final class DataHash {
    private DataHash() {}

    /**
     * The hash of these images.
     *
     * @param images sorted by key
     */
    static String of(String backbone, TrainingSettings settings, List<TrainingImage> images) {
        MessageDigest digest = Sha256.digest();
        digest.update((backbone + "\0" + settings.hashed()).getBytes(StandardCharsets.UTF_8));
        for (TrainingImage image : images) {
            String line = "\0" + image.key() + "\0" + image.label() + "\0" + image.imageHash();
            digest.update(line.getBytes(StandardCharsets.UTF_8));
            digest.update(image.feature());
            digest.update(image.thumbnail());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
