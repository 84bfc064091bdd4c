package dev.graft.feature;

import java.util.Optional;

/**
 * An object of the images bucket.
 *
 * @param key its key, decoded
 * @param bytes the file
 * @param tagLabel value of the object tag {@code label}
 * @param metadataLabel value of {@code x-amz-meta-label}
 */
public record ImageFile(
        String key, byte[] bytes, Optional<String> tagLabel, Optional<String> metadataLabel) {}
