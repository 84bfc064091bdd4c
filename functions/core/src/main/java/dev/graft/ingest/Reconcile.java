package dev.graft.ingest;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageStore;
import dev.graft.feature.StoreException;
import dev.graft.feature.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Compares the images bucket with what is stored of it, as events may be lost: a process is killed,
 * a function fails for hours. Nothing is told of an image whose event is on its way but that it is
 * looked at twice. Safe for use by many threads.
 */
public final class Reconcile {
    private static final int MOST_DELETED = 1000;

    private final ImageStore bucket;
    private final FeatureStore features;
    private final String backbone;

    /**
     * Between these.
     *
     * @param backbone id of the one whose features every image should have
     */
    public Reconcile(ImageStore bucket, FeatureStore features, String backbone) {
        this.bucket = bucket;
        this.features = features;
        this.backbone = backbone;
    }

    /**
     * The keys that have to be looked at, see {@link ImageIngest#reread} and {@link
     * LabelIngest#reread}: images that are new, have other bytes, lack a feature or a thumbnail or
     * are gone, every label file, in the order in which these were stored, and last images that
     * could not be read. Thumbnails that are left over of images that are gone are deleted.
     *
     * @throws StoreException if a store does not answer; try again
     */
    public List<String> keys() {
        Map<String, ImageIndex.Change> known = new ConcurrentHashMap<>();
        features.keys(
                change -> {
                    if (!(change.content() instanceof ImageRecord.Gone)) {
                        known.put(change.key(), change);
                    }
                });
        Map<String, StoredObject> thumbnails = new HashMap<>();
        walk(ImageStore.THUMBNAILS, object -> thumbnails.put(object.key(), object));
        List<String> keys = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        walk(
                ImageStore.PREFIX,
                object -> {
                    ImageIndex.Change change = known.remove(object.key());
                    StoredObject thumbnail = thumbnails.remove(ImageStore.thumbnail(object.key()));
                    if (!ImageIngest.isImage(object.key())) {
                        return;
                    }
                    if (change == null) {
                        keys.add(object.key());
                    } else if (change.picture()
                            .filter(p -> p.isUpToDate(object, backbone))
                            .filter(p -> thumbnail != null && Thumbnails.isOf(thumbnail, object))
                            .isEmpty()) {
                        (change.picture().isPresent() ? keys : unreadable).add(object.key());
                    }
                });
        deleteOrphans(List.copyOf(thumbnails.keySet()));
        List<StoredObject> files = new ArrayList<>();
        walk(LabelIngest.PREFIX, files::add);
        files.stream()
                .sorted(Comparator.comparing(StoredObject::modified))
                .map(StoredObject::key)
                .filter(key -> !key.endsWith("/"))
                .forEach(
                        key -> {
                            known.remove(key);
                            keys.add(key);
                        });
        keys.addAll(known.keySet());
        keys.addAll(unreadable);
        return keys;
    }

    private void deleteOrphans(List<String> thumbnails) {
        for (int i = 0; i < thumbnails.size(); i += MOST_DELETED) {
            bucket.delete(thumbnails.subList(i, Math.min(i + MOST_DELETED, thumbnails.size())));
        }
    }

    private void walk(String prefix, Consumer<StoredObject> consumer) {
        String after = "";
        while (true) {
            List<StoredObject> page = bucket.list(prefix, after);
            if (page.isEmpty()) {
                return;
            }
            page.forEach(consumer);
            after = page.getLast().key();
        }
    }
}
