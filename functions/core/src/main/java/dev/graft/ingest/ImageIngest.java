package dev.graft.ingest;

import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageStore;
import dev.graft.feature.KeyFolders;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.Sequencer;
import dev.graft.feature.Sha256;
import dev.graft.feature.StoreException;
import dev.graft.feature.UnreadableImage;
import dev.graft.image.UnreadableImageException;
import java.text.Normalizer;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What happens to an image when the bucket reports it. Every call may be repeated and may come
 * late: the store keeps the outcome of the latest event of a key. Safe for use by many threads.
 */
public final class ImageIngest {
    private final ImageStore images;
    private final FeatureStore features;
    private final FeatureExtractor extractor;
    private final long maxImageBytes;
    private final InstantSource clock;

    /**
     * Between these.
     *
     * @param maxImageBytes files larger than this are recorded as unreadable
     */
    public ImageIngest(
            ImageStore images,
            FeatureStore features,
            FeatureExtractor extractor,
            long maxImageBytes,
            InstantSource clock) {
        this.images = images;
        this.features = features;
        this.extractor = extractor;
        this.maxImageBytes = maxImageBytes;
        this.clock = clock;
    }

    /** What became of an event. */
    public enum Outcome {
        /** The feature is stored. */
        FEATURIZED,
        /** The file is no readable image; the reason is stored. */
        UNREADABLE,
        /** The feature is gone with its image. */
        REMOVED,
        /** The object was deleted before it could be read; its removal event does the rest. */
        GONE,
        /** A later event of the key was dealt with before, or is on its way. */
        STALE,
        /** The feature was stored already, or nothing is known of the key. */
        UNCHANGED,
        /** The lines of a label file were applied. */
        LABELLED,
        /** Neither an image nor a label file, such as a folder marker. */
        IGNORED
    }

    /**
     * An object was created or replaced.
     *
     * @param key decoded
     * @param sequencer as S3 gave it
     * @throws StoreException if a store does not answer; try again
     */
    public Outcome created(String key, String sequencer) {
        if (!isImage(key)) {
            return Outcome.IGNORED;
        }
        String order = Sequencer.padded(sequencer);
        try {
            refuseSystemFile(key);
            Optional<ImageFile> file = images.read(key, maxImageBytes);
            if (file.isEmpty()) {
                return Outcome.GONE;
            }
            boolean stored = features.put(featurize(file.get(), order));
            return stored ? Outcome.FEATURIZED : Outcome.STALE;
        } catch (UnreadableImageException e) {
            var unreadable =
                    new UnreadableImage(
                            key, String.valueOf(e.getMessage()), order, clock.instant());
            return features.putUnreadable(unreadable) ? Outcome.UNREADABLE : Outcome.STALE;
        }
    }

    /**
     * An object was deleted.
     *
     * @param key decoded
     * @param sequencer as S3 gave it
     * @throws StoreException if the store does not answer; try again
     */
    public Outcome removed(String key, String sequencer) {
        if (!isImage(key)) {
            return Outcome.IGNORED;
        }
        return features.remove(key, Sequencer.padded(sequencer)) ? Outcome.REMOVED : Outcome.STALE;
    }

    /**
     * Adds the feature of this network to an image that is known already, as after a change of the
     * network. Its label, its time and its features of other networks stay.
     *
     * @param key decoded
     * @return {@link Outcome#FEATURIZED}, or {@link Outcome#UNCHANGED}, {@link Outcome#GONE} or
     *     {@link Outcome#STALE}, which all leave what is stored as it is
     * @throws UnreadableImageException if this build cannot read the file, which another could;
     *     what is stored stays
     * @throws StoreException if a store does not answer; try again
     */
    public Outcome refill(String key) {
        ImageRecord known = features.known(key);
        Optional<ImageRecord.Picture> lacking =
                known.picture()
                        .filter(
                                picture ->
                                        !picture.backbones().contains(extractor.backbone().id()));
        if (lacking.isEmpty()) {
            return Outcome.UNCHANGED;
        }
        Optional<ImageFile> file = images.read(key, maxImageBytes);
        if (file.isEmpty()) {
            return Outcome.GONE;
        }
        if (!Sha256.of(file.get().bytes()).equals(lacking.get().imageHash())) {
            return Outcome.STALE;
        }
        boolean stored = features.put(feature(file.get(), known.label(), known.sequencer()));
        return stored ? Outcome.FEATURIZED : Outcome.STALE;
    }

    /** With the label that the image brings; the store knows which decisions count more. */
    private ImageFeature featurize(ImageFile file, String sequencer) {
        return feature(file, waiting(file.key()).or(() -> label(file)), sequencer);
    }

    private ImageFeature feature(ImageFile file, Optional<Label> label, String sequencer) {
        String hash = Sha256.of(file.bytes());
        var extracted = extractor.extract(file.bytes());
        return new ImageFeature(
                file.key(),
                label,
                extractor.backbone().id(),
                extracted.feature(),
                hash,
                extracted.width(),
                extracted.height(),
                sequencer,
                clock.instant());
    }

    /** The label of a file that names the key in another Unicode form, which nobody else has. */
    private Optional<Label> waiting(String key) {
        String waiting = WrittenKey.waiting(key);
        return waiting.equals(key)
                ? Optional.empty()
                : Optional.of(features.known(waiting))
                        .filter(known -> known.picture().isEmpty())
                        .flatMap(ImageRecord::label)
                        .filter(label -> label.source() == LabelSource.FILE);
    }

    /** What the object says. */
    private static Optional<Label> label(ImageFile file) {
        return label(file.tagLabel(), LabelSource.TAG)
                .or(() -> label(file.metadataLabel(), LabelSource.METADATA))
                .or(() -> label(KeyFolders.of(file.key()).label(), LabelSource.FOLDER));
    }

    private static Optional<Label> label(Optional<String> name, LabelSource source) {
        return name.map(text -> Normalizer.normalize(text, Normalizer.Form.NFC).strip())
                .filter(text -> !text.isEmpty())
                .map(text -> new Label(text, source));
    }

    private static void refuseSystemFile(String key) throws UnreadableImageException {
        Optional<String> name = KeyFolders.of(key).system();
        if (name.isPresent()) {
            throw new UnreadableImageException(
                    UnreadableImageException.Reason.UNSUPPORTED,
                    "left out: '%s' belongs to a system or a program; rename it if it is yours"
                            .formatted(name.get()));
        }
    }

    private static boolean isImage(String key) {
        return key.startsWith(ImageStore.PREFIX) && !key.endsWith("/");
    }
}
