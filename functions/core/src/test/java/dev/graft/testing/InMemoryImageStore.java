package dev.graft.testing;

import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSet;
import dev.graft.feature.Sha256;
import dev.graft.feature.StoredObject;
import dev.graft.image.UnreadableImageException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Images in a map. */
public final class InMemoryImageStore implements ImageStore {
    private static final Instant FIRST = Instant.parse("2026-11-23T10:15:30Z");

    private final ConcurrentSkipListMap<String, ImageFile> files = new ConcurrentSkipListMap<>();
    private final AtomicLong stored = new AtomicLong();

    /** Uploads a file, each a second after the one before. */
    public void put(
            String key, byte[] bytes, Optional<String> tagLabel, Optional<String> metadataLabel) {
        putNamed(key, bytes, named(tagLabel), named(metadataLabel));
    }

    private static Map<String, String> named(Optional<String> label) {
        return label.map(text -> Map.of("label", text)).orElse(Map.of());
    }

    /** Likewise, with tags and metadata by their names. */
    public void putNamed(
            String key, byte[] bytes, Map<String, String> tags, Map<String, String> metadata) {
        files.put(key, ImageFile.of(object(key, bytes), bytes, tags, metadata));
    }

    private StoredObject object(String key, byte[] bytes) {
        String etag = Sha256.of(bytes).substring(0, 32);
        return new StoredObject(key, etag, FIRST.plusSeconds(stored.incrementAndGet()));
    }

    /** Uploads a file that says nothing of its label. */
    public void put(String key, byte[] bytes) {
        put(key, bytes, Optional.empty(), Optional.empty());
    }

    @Override
    public Optional<StoredObject> find(String key) {
        return Optional.ofNullable(files.get(key)).map(ImageFile::object);
    }

    @Override
    public List<StoredObject> list(String prefix, String after) {
        return files.tailMap(after, false).values().stream()
                .map(ImageFile::object)
                .filter(object -> object.key().startsWith(prefix))
                .limit(2) // so that there are pages
                .toList();
    }

    @Override
    public void putThumbnail(String key, byte[] jpeg) {
        put(ImageStore.thumbnail(key), jpeg);
    }

    @Override
    public boolean copy(String from, String to) {
        ImageFile file = files.get(from);
        if (file != null) {
            files.put(
                    to,
                    new ImageFile(
                            object(to, file.bytes()),
                            file.bytes(),
                            file.tagLabels(),
                            file.metadataLabels()));
        }
        return file != null;
    }

    @Override
    public boolean copy(String from, String to, LabelSet set, String label) {
        ImageFile file = files.get(from);
        if (file != null) {
            putNamed(to, file.bytes(), Map.of(), ImageFile.metadata(set, label));
        }
        return file != null;
    }

    @Override
    public void delete(List<String> keys) {
        keys.forEach(files::remove);
    }

    /** As a user would. */
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
