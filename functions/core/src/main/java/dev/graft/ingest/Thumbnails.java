package dev.graft.ingest;

import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.feature.StoreException;
import dev.graft.feature.StoredObject;
import dev.graft.image.UnreadableImageException;
import java.util.List;
import java.util.Optional;

/**
 * Has the thumbnail of a key follow its image. Others may replace or delete the image at any moment
 * and make the thumbnail of theirs, so whoever writes one looks at the image afterwards: the last
 * to write leaves what is right. Safe for use by many threads.
 */
final class Thumbnails {
    private static final int MOST_TRIES = 5;

    private final ImageStore images;
    private final FeatureExtractor extractor;
    private final long maxImageBytes;

    Thumbnails(ImageStore images, FeatureExtractor extractor, long maxImageBytes) {
        this.images = images;
        this.extractor = extractor;
        this.maxImageBytes = maxImageBytes;
    }

    /**
     * Stores the thumbnail of an image as it was read.
     *
     * @param jpeg see {@link dev.graft.image.ThumbnailFile}
     * @throws StoreException if the store does not answer, or the image does not stay the same; try
     *     again
     */
    void put(ImageFile file, byte[] jpeg) {
        images.putThumbnail(file.key(), jpeg);
        settle(file.object());
    }

    /** Until the thumbnail that was written last is of the image that is there. */
    private void settle(StoredObject written) {
        String key = written.key();
        StoredObject of = written;
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<StoredObject> now = images.find(key);
            if (now.map(StoredObject::etag).equals(Optional.of(of.etag()))) {
                return;
            }
            Optional<ImageFile> other = readable(key);
            if (other.isEmpty()) {
                remove(key);
                return;
            }
            of = other.get().object();
        }
        throw new StoreException(
                "could not make the thumbnail of %s: others replaced it meanwhile, try again"
                        .formatted(key),
                null);
    }

    /** The image as it is now, with its thumbnail stored; empty if there is none to be read. */
    private Optional<ImageFile> readable(String key) {
        try {
            Optional<ImageFile> file = images.read(key, maxImageBytes);
            file.ifPresent(now -> images.putThumbnail(key, extractor.thumbnailFile(now.bytes())));
            return file;
        } catch (UnreadableImageException e) {
            return Optional.empty();
        }
    }

    /** Makes the thumbnail of an image that has none, or an older one. */
    void makeMissing(StoredObject image) {
        boolean made =
                images.find(ImageStore.thumbnail(image.key()))
                        .filter(found -> isOf(found, image))
                        .isPresent();
        if (!made) {
            readable(image.key()).ifPresent(file -> settle(file.object()));
        }
    }

    /** Whether a thumbnail is no older than its image. */
    static boolean isOf(StoredObject thumbnail, StoredObject image) {
        return !thumbnail.modified().isBefore(image.modified());
    }

    /** Deletes the thumbnail of a key, if there is one. */
    void remove(String key) {
        images.delete(List.of(ImageStore.thumbnail(key)));
    }
}
