package dev.graft.testing;

import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.image.UnreadableImageException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Images in a map. */
public final class InMemoryImageStore implements ImageStore {
    private final Map<String, ImageFile> files = new ConcurrentHashMap<>();

    /** Uploads a file. */
    public void put(ImageFile file) {
        files.put(file.key(), file);
    }

    /** Uploads a file that says nothing of its label. */
    public void put(String key, byte[] bytes) {
        put(new ImageFile(key, bytes, Optional.empty(), Optional.empty()));
    }

    @Override
    public void delete(String key) {
        files.remove(key);
    }

    @Override
    public Optional<ImageFile> read(String key, long maxBytes) {
        ImageFile file = files.get(key);
        if (file != null && file.bytes().length > maxBytes) {
            throw new UnreadableImageException(
                    UnreadableImageException.Reason.TOO_LARGE,
                    "%s has %d bytes, expected at most %d: store a smaller file"
                            .formatted(key, file.bytes().length, maxBytes));
        }
        return Optional.ofNullable(file);
    }
}
