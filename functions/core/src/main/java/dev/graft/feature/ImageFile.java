package dev.graft.feature;

import java.util.Optional;

/**
 * An object of the images bucket.
 *
 * @param object its key, and which bytes these are
 * @param bytes the file
 * @param tagLabel value of the object tag {@code label}
 * @param metadataLabel value of {@code x-amz-meta-label}
 */
public record ImageFile(
        StoredObject object,
        byte[] bytes,
        Optional<String> tagLabel,
        Optional<String> metadataLabel) {

    /** Its key, decoded. */
    public String key() {
        return object.key();
    }
}
