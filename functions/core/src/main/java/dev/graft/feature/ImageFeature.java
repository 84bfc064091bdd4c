package dev.graft.feature;

import java.time.Instant;
import java.util.Optional;

/**
 * What is stored for one image.
 *
 * @param key of the image in its bucket, decoded: {@code images/cat/red cat.jpg}
 * @param labels its classes, see {@link #label}
 * @param backbone id of the backbone that made the feature
 * @param feature the values, see {@link Float16}
 * @param imageHash SHA-256 of the file, lower-case hex
 * @param width of the upright picture, in pixels
 * @param height likewise
 * @param sequencer of the S3 event, see {@link Sequencer}: orders the events of one key
 * @param time when the feature was made
 * @param etag of the object, see {@link StoredObject}; empty where it is not known
 * @param thumbnail of the picture, see {@link dev.graft.image.Thumbnail}; of length 0 where there
 *     is none, as of pictures that an older build stored
 */
public record ImageFeature(
        String key,
        SetLabels labels,
        String backbone,
        byte[] feature,
        String imageHash,
        int width,
        int height,
        String sequencer,
        Instant time,
        String etag,
        byte[] thumbnail) {

    /** Its class in the label set that is looked at; empty while nobody said. */
    public Optional<Label> label() {
        return labels.label();
    }

    /** The same image, looked at in a label set. */
    public ImageFeature in(LabelSet set) {
        return set.equals(labels.set()) ? this : with(labels.in(set));
    }

    /**
     * The fold of validation this image belongs to: by the content of the file, so that it stays
     * when images are added and a copy under another key falls on the same side.
     *
     * @param folds how many there are
     * @return 0 .. folds - 1
     */
    public int fold(int folds) {
        return fold(imageHash, folds);
    }

    /** {@link #fold(int)} of the image with this hash. */
    public static int fold(String imageHash, int folds) {
        return Math.floorMod(Long.parseUnsignedLong(imageHash, 0, 15, 16), folds);
    }

    /** The same image with another label in the label set that is looked at. */
    public ImageFeature withLabel(Optional<Label> other) {
        return with(labels.with(other));
    }

    private ImageFeature with(SetLabels other) {
        return new ImageFeature(
                key, other, backbone, feature, imageHash, width, height, sequencer, time, etag,
                thumbnail);
    }
}
