package dev.graft.ingest;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.feature.Sequencer;
import dev.graft.feature.StoreCalls;
import dev.graft.feature.StoreException;
import dev.graft.feature.UnreadableImage;
import dev.graft.image.UnreadableImageException;
import dev.graft.ingest.ImageIngest.Outcome;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * What happens to a {@link LabelFile} when the bucket reports it: it labels the images it names,
 * those too that come later, but for those that a person labelled by hand. Every call may be
 * repeated and may come late. Safe for use by many threads.
 */
public final class LabelIngest {
    /** Label files live under this prefix of the images bucket. */
    public static final String PREFIX = "labels/";

    private final ImageStore files;
    private final FeatureStore features;
    private final long maxBytes;
    private final InstantSource clock;

    /**
     * Between these.
     *
     * @param maxBytes files larger than this are recorded as unreadable
     */
    public LabelIngest(
            ImageStore files, FeatureStore features, long maxBytes, InstantSource clock) {
        this.files = files;
        this.features = features;
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    /**
     * A file was created or replaced.
     *
     * @param key decoded
     * @param sequencer as S3 gave it
     * @throws StoreException if a store does not answer; try again
     */
    public Outcome created(String key, String sequencer) {
        if (!LabelFile.is(key)) {
            return Outcome.IGNORED;
        }
        String order = Sequencer.padded(sequencer);
        try {
            Optional<ImageFile> file = files.read(key, maxBytes);
            if (file.isEmpty()) {
                return Outcome.GONE;
            }
            apply(LabelFile.read(key, file.get().bytes()));
            return features.remove(key, order) ? Outcome.LABELLED : Outcome.STALE;
        } catch (UnreadableImageException | IllegalArgumentException e) {
            var unreadable = new UnreadableImage(key, e.getMessage(), order, clock.instant());
            return features.putUnreadable(unreadable) ? Outcome.UNREADABLE : Outcome.STALE;
        }
    }

    /**
     * A file was deleted: the labels it gave stay.
     *
     * @param key decoded
     * @param sequencer as S3 gave it
     * @throws StoreException if the store does not answer; try again
     */
    public Outcome removed(String key, String sequencer) {
        if (!LabelFile.is(key)) {
            return Outcome.IGNORED;
        }
        return features.remove(key, Sequencer.padded(sequencer)) ? Outcome.REMOVED : Outcome.STALE;
    }

    private void apply(Map<String, String> labels) {
        StoreCalls.concurrently(
                labels.entrySet().stream()
                        .<Callable<Boolean>>map(
                                line -> () -> features.labelByFile(line.getKey(), line.getValue()))
                        .toList());
    }
}
