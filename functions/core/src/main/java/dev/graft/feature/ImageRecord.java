package dev.graft.feature;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All that is kept of one key but the vectors. Immutable: each event and each label gives the next
 * record, and a store replaces one by the other only if nobody else did so first. Here it is
 * decided which event counts and which label wins, for every store alike.
 *
 * @param key of the object in its bucket
 * @param version 0 if nothing is stored of the key, one more with every change
 * @param sequencer padded, of the last event; empty text before the first
 * @param content what the last event left
 * @param labels the last decisions about the label, newest first, at most {@value #KEPT}; they
 *     outlive broken uploads and deletions of the key
 * @param changed when this record was made
 */
public record ImageRecord(
        String key,
        long version,
        String sequencer,
        Content content,
        List<LabelChange> labels,
        Instant changed) {
    private static final int KEPT = 20;

    /** What a key stands for. */
    public sealed interface Content {}

    /** No object: none came yet, or it was deleted. */
    public record Gone() implements Content {}

    /**
     * A file that cannot be used.
     *
     * @param reason in words, with what to do
     * @param time when it was tried
     */
    public record Unreadable(String reason, Instant time) implements Content {}

    /**
     * A picture.
     *
     * @param imageHash SHA-256 of the file, lower-case hex
     * @param width of the upright picture, in pixels
     * @param height likewise
     * @param time when this picture came
     * @param backbones ids of those whose feature of this picture is stored
     */
    public record Picture(
            String imageHash, int width, int height, Instant time, SortedSet<String> backbones)
            implements Content {

        private Picture without(String backbone) {
            TreeSet<String> others = new TreeSet<>(backbones);
            others.remove(backbone);
            return new Picture(imageHash, width, height, time, others);
        }
    }

    /** Of a key of which nothing is known. */
    public static ImageRecord unknown(String key) {
        return new ImageRecord(key, 0, "", new Gone(), List.of(), Instant.EPOCH);
    }

    /** The label now. */
    public Optional<Label> label() {
        return labels.stream().findFirst().flatMap(LabelChange::label);
    }

    /** The picture; empty if there is none that can be read. */
    public Optional<Picture> picture() {
        return content instanceof Picture picture ? Optional.of(picture) : Optional.empty();
    }

    /**
     * After a feature was made. A second backbone may add its feature of the same event, which
     * changes neither label nor time. A person's decision stays with the picture it was made for
     * and a line of a file with its key; else the label is the one that {@code image} brings.
     *
     * @return empty if the same or a later event was seen
     */
    public Optional<ImageRecord> featurized(ImageFeature image, Instant now) {
        Optional<Picture> same =
                picture().filter(known -> known.imageHash().equals(image.imageHash()));
        int order = sequencer.compareTo(image.sequencer());
        boolean another =
                same.filter(known -> !known.backbones().contains(image.backbone())).isPresent();
        if (order > 0 || (order == 0 && !another)) {
            return Optional.empty();
        }
        TreeSet<String> backbones =
                new TreeSet<>(same.map(Picture::backbones).orElseGet(TreeSet::new));
        backbones.add(image.backbone());
        Picture picture =
                new Picture(
                        image.imageHash(),
                        image.width(),
                        image.height(),
                        order == 0 ? same.get().time() : image.time(),
                        backbones);
        List<LabelChange> decided = order == 0 ? labels : labelsAfter(image, now);
        return Optional.of(next(image.sequencer(), picture, decided, now));
    }

    private List<LabelChange> labelsAfter(ImageFeature image, Instant now) {
        Optional<LabelChange> last = labels.stream().findFirst();
        boolean stays =
                last.filter(change -> outlasts(change, image)).isPresent()
                        || label().equals(image.label());
        if (stays) {
            return labels;
        }
        return with(
                new LabelChange(
                        image.label().map(Label::name),
                        image.label().map(Label::source).orElse(LabelSource.FOLDER),
                        "",
                        now,
                        Optional.of(image.imageHash())));
    }

    private static boolean outlasts(LabelChange change, ImageFeature image) {
        return switch (change.source()) {
            case CORRECTION -> change.imageHash().filter(image.imageHash()::equals).isPresent();
            case FILE -> change.name().isPresent();
            case TAG, METADATA, FOLDER -> false;
        };
    }

    /**
     * After a file could not be read.
     *
     * @return empty if the same or a later event was seen
     */
    public Optional<ImageRecord> unreadable(UnreadableImage image, Instant now) {
        return after(image.sequencer(), new Unreadable(image.reason(), image.time()), now);
    }

    /**
     * After the object was deleted.
     *
     * @param padded sequencer of the event
     * @return empty if the same or a later event was seen
     */
    public Optional<ImageRecord> removed(String padded, Instant now) {
        return after(padded, new Gone(), now);
    }

    /**
     * Without the feature of a backbone; the time of the last change stays.
     *
     * @return the same record if it has none
     */
    public ImageRecord without(String backbone) {
        return picture()
                .filter(picture -> picture.backbones().contains(backbone))
                .map(picture -> withContent(picture.without(backbone)))
                .orElse(this);
    }

    private ImageRecord withContent(Content now) {
        return new ImageRecord(key, version + 1, sequencer, now, labels, changed);
    }

    private Optional<ImageRecord> after(String padded, Content left, Instant now) {
        return sequencer.compareTo(padded) < 0
                ? Optional.of(next(padded, left, labels, now))
                : Optional.empty();
    }

    /**
     * After a decision about the label. Whether it may be made is for {@link LabelStore} to say.
     *
     * @param change the picture in it is overwritten with the one at hand
     */
    ImageRecord labelled(LabelChange change, Instant now) {
        Optional<String> picture = picture().map(Picture::imageHash);
        LabelChange made =
                new LabelChange(
                        change.name(), change.source(), change.by(), change.time(), picture);
        return next(sequencer, content, with(made), now);
    }

    private List<LabelChange> with(LabelChange change) {
        return Stream.concat(Stream.of(change), labels.stream()).limit(KEPT).toList();
    }

    private ImageRecord next(String padded, Content left, List<LabelChange> decided, Instant now) {
        return new ImageRecord(key, version + 1, padded, left, decided, now);
    }
}
