package dev.graft.ingest;

import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageStore;
import dev.graft.feature.KeyFolders;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import dev.graft.feature.Sha256;
import dev.graft.feature.StoreException;
import dev.graft.feature.StoredObject;
import dev.graft.feature.UnreadableImage;
import dev.graft.image.UnreadableImageException;
import java.text.Normalizer;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What happens to an image when the bucket reports it. Every call may be repeated and may come
 * late: the store keeps the outcome of the latest event of a key. Safe for use by many threads.
 */
public final class ImageIngest {
    private static final int MOST_TRIES = 5;

    private final ImageStore images;
    private final FeatureStore features;
    private final FeatureExtractor extractor;
    private final Thumbnails thumbnails;
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
        this.thumbnails = new Thumbnails(images, extractor, maxImageBytes);
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
        /** What is stored is of the object as it is. */
        UNCHANGED,
        /** The lines of a label file were applied. */
        LABELLED,
        /** The image is what the object of a followed bucket is; its own event does the rest. */
        COPIED,
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
                features.remove(key, order); // the event of its removal may be lost
                thumbnails.remove(key);
                return Outcome.GONE;
            }
            boolean stored = features.put(feature(file.get(), order));
            return stored ? Outcome.FEATURIZED : Outcome.STALE;
        } catch (UnreadableImageException e) {
            thumbnails.remove(key);
            var unreadable =
                    new UnreadableImage(
                            key, String.valueOf(e.getMessage()), order, clock.instant());
            return features.putUnreadable(unreadable) ? Outcome.UNREADABLE : Outcome.STALE;
        }
    }

    /**
     * An object was deleted, or an old version of it. If there is one, that is what counts.
     *
     * @param key decoded
     * @param sequencer as S3 gave it
     * @throws StoreException if a store does not answer; try again
     */
    public Outcome removed(String key, String sequencer) {
        if (!isImage(key)) {
            return Outcome.IGNORED;
        }
        if (images.find(key).isPresent()) {
            return reread(key);
        }
        thumbnails.remove(key);
        return features.remove(key, Sequencer.padded(sequencer)) ? Outcome.REMOVED : Outcome.STALE;
    }

    /**
     * Brings what is stored of a key to what its object is, without an event: after events were
     * lost, and after a change of the network. Where the picture is the one that is known, its
     * label, its time and its features of other networks stay. An event that comes meanwhile wins.
     *
     * @param key decoded
     * @return {@link Outcome#STALE} if an event came meanwhile
     * @throws UnreadableImageException if this build cannot read the file of a picture that another
     *     build could read; what is stored stays
     * @throws StoreException if a store does not answer; try again
     */
    public Outcome reread(String key) {
        if (!isImage(key)) {
            return Outcome.IGNORED;
        }
        ImageRecord known = features.known(key);
        Optional<StoredObject> object = images.find(key);
        if (object.isEmpty()) {
            thumbnails.remove(key);
            return replaced(known, known.foundGone(clock.instant()), Outcome.REMOVED);
        }
        boolean upToDate =
                known.picture()
                        .filter(p -> p.isUpToDate(object.get(), extractor.backbone().id()))
                        .isPresent();
        if (upToDate) {
            thumbnails.makeMissing(object.get());
            return Outcome.UNCHANGED;
        }
        return reread(known, object.get());
    }

    private Outcome reread(ImageRecord known, StoredObject object) {
        Optional<ImageRecord.Picture> picture = known.picture();
        boolean same =
                picture.filter(p -> p.etag().isEmpty() || p.etag().equals(object.etag()))
                        .isPresent();
        try {
            if (!same) {
                refuseSystemFile(known.key());
            }
            Optional<ImageFile> file = images.read(known.key(), maxImageBytes);
            if (file.isEmpty()) {
                return Outcome.STALE;
            }
            String hash = Sha256.of(file.get().bytes());
            same = picture.filter(p -> p.imageHash().equals(hash)).isPresent();
            if (same && picture.get().backbones().contains(extractor.backbone().id())) {
                thumbnails.makeMissing(file.get().object());
                return replaced(
                        known, known.withEtag(file.get().object().etag()), Outcome.UNCHANGED);
            }
            ImageFeature feature = feature(file.get(), known.sequencer());
            ImageRecord found = known.found(feature, clock.instant());
            return features.replace(known, found, Optional.of(feature))
                    ? Outcome.FEATURIZED
                    : Outcome.STALE;
        } catch (UnreadableImageException e) {
            if (same) {
                throw e;
            }
            thumbnails.remove(known.key());
            String reason = String.valueOf(e.getMessage());
            return replaced(
                    known, known.foundUnreadable(reason, clock.instant()), Outcome.UNREADABLE);
        }
    }

    /**
     * The tags of an object changed, which changes the label unless a person or a label file gave
     * it. Such an event has no order, so the tags count as they are now.
     *
     * @param key decoded
     * @throws StoreException if a store does not answer; try again
     */
    public Outcome tagged(String key) {
        if (!isImage(key)) {
            return Outcome.IGNORED;
        }
        for (int i = 0; i < MOST_TRIES; i++) {
            ImageRecord known = features.known(key);
            Optional<ImageRecord.Picture> picture = known.picture();
            Optional<ImageFile> file =
                    picture.isEmpty() ? Optional.empty() : images.read(key, maxImageBytes);
            if (file.isEmpty()
                    || !picture.get().imageHash().equals(Sha256.of(file.get().bytes()))) {
                return Outcome.UNCHANGED; // the event of the upload takes the tags along
            }
            ImageRecord tagged = known.tagged(picture.get(), labels(file.get()), clock.instant());
            Outcome outcome = replaced(known, tagged, Outcome.LABELLED);
            if (outcome != Outcome.STALE) {
                return outcome;
            }
        }
        throw new StoreException(
                "could not label %s by its tags: others changed it meanwhile, try again"
                        .formatted(key),
                null);
    }

    private Outcome replaced(ImageRecord known, ImageRecord found, Outcome outcome) {
        if (found.equals(known)) {
            return Outcome.UNCHANGED;
        }
        return features.replace(known, found, Optional.empty()) ? outcome : Outcome.STALE;
    }

    /**
     * With the label that the image brings; the record knows which decisions count more. The
     * thumbnail is stored on the way: people see it as soon as the image is known.
     */
    private ImageFeature feature(ImageFile file, String sequencer) {
        String hash = Sha256.of(file.bytes());
        var extracted = extractor.extract(file.bytes());
        thumbnails.put(file, extracted.thumbnailFile());
        return new ImageFeature(
                file.key(),
                SetLabels.of(labelsOrWaiting(file)),
                extractor.backbone().id(),
                extracted.feature(),
                hash,
                extracted.width(),
                extracted.height(),
                sequencer,
                clock.instant(),
                file.object().etag(),
                extracted.thumbnail());
    }

    /**
     * What the object says, but for what a label file said that names the key in another Unicode
     * form, which nobody else has.
     */
    private Map<LabelSet, Label> labelsOrWaiting(ImageFile file) {
        Map<LabelSet, Label> labels = labels(file);
        String waiting = WrittenKey.waiting(file.key());
        if (!waiting.equals(file.key())) {
            ImageRecord known = features.known(waiting);
            if (known.picture().isEmpty()) {
                known.decisions()
                        .keySet()
                        .forEach(
                                set ->
                                        known.in(set)
                                                .label()
                                                .filter(l -> l.source() == LabelSource.FILE)
                                                .ifPresent(label -> labels.put(set, label)));
            }
        }
        return labels;
    }

    /** What the object says; the folder labels the default set alone. */
    private static Map<LabelSet, Label> labels(ImageFile file) {
        Map<LabelSet, Label> labels = new HashMap<>();
        KeyFolders.of(file.key())
                .label()
                .ifPresent(name -> put(labels, LabelSet.DEFAULT, name, LabelSource.FOLDER));
        file.metadataLabels().forEach((set, name) -> put(labels, set, name, LabelSource.METADATA));
        file.tagLabels().forEach((set, name) -> put(labels, set, name, LabelSource.TAG));
        return labels;
    }

    private static void put(
            Map<LabelSet, Label> labels, LabelSet set, String text, LabelSource source) {
        String name = Normalizer.normalize(text, Normalizer.Form.NFC).strip();
        if (!name.isEmpty()) {
            labels.put(set, new Label(name, source));
        }
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

    static boolean isImage(String key) {
        return key.startsWith(ImageStore.PREFIX) && !key.endsWith("/");
    }
}
