package dev.graft.featurizer;

import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A bucket that does not always answer.
 *
 * @param store behind it
 * @param before is given the key of each call, and may throw
 */
record FailingImageStore(ImageStore store, Consumer<String> before) implements ImageStore {
    @Override
    public Optional<ImageFile> read(String key, long maxBytes) {
        before.accept(key);
        return store.read(key, maxBytes);
    }

    @Override
    public Optional<StoredObject> find(String key) {
        before.accept(key);
        return store.find(key);
    }

    @Override
    public List<StoredObject> list(String prefix, String after) {
        before.accept(prefix);
        return store.list(prefix, after);
    }

    @Override
    public void putThumbnail(String key, byte[] jpeg) {
        before.accept(key);
        store.putThumbnail(key, jpeg);
    }

    @Override
    public boolean copy(String from, String to) {
        before.accept(from);
        return store.copy(from, to);
    }

    @Override
    public boolean copy(String from, String to, LabelSet set, String label) {
        before.accept(from);
        return store.copy(from, to, set, label);
    }

    @Override
    public void delete(List<String> keys) {
        keys.forEach(before);
        store.delete(keys);
    }
}
