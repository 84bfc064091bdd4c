package dev.graft.feature;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
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
 * @param set whose labels {@link #labels} and {@link #label} tell and a decision changes
 * @param decisions about the labels by label set; none of the histories is empty
 * @param changed when this record was made
 */
public record ImageRecord(
        String key,
        long version,
        String sequencer,
        Content content,
        LabelSet set,
        SortedMap<LabelSet, LabelHistory> decisions,
        Instant changed) {

    /** Copies, without empty histories. */
    public ImageRecord {
        TreeMap<LabelSet, LabelHistory> some = new TreeMap<>(decisions);
        some.values().removeIf(history -> history.changes().isEmpty());
        decisions = Collections.unmodifiableSortedMap(some);
    }

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
     * @param etag of the object that held it last, see {@link StoredObject}; empty where it is not
     *     known
     */
    public record Picture(
            String imageHash,
            int width,
            int height,
            Instant time,
            SortedSet<String> backbones,
            String etag)
            implements Content {

        /** Whether the object is known to hold this picture, and a backbone's feature is stored. */
        public boolean isUpToDate(StoredObject object, String backbone) {
            return !etag.isEmpty() && etag.equals(object.etag()) && backbones.contains(backbone);
        }

        private Picture without(String backbone) {
            TreeSet<String> others = new TreeSet<>(backbones);
            others.remove(backbone);
            return new Picture(imageHash, width, height, time, others, etag);
        }
    }

    /** Of a key of which nothing is known. */
    public static ImageRecord unknown(String key) {
        return new ImageRecord(
                key, 0, "", new Gone(), LabelSet.DEFAULT, new TreeMap<>(), Instant.EPOCH);
    }

    /** The same record, looked at in a label set. */
    public ImageRecord in(LabelSet other) {
        return other.equals(set)
                ? this
                : new ImageRecord(key, version, sequencer, content, other, decisions, changed);
    }

    private LabelHistory history() {
        return history(set);
    }

    private LabelHistory history(LabelSet one) {
        return decisions.getOrDefault(one, LabelHistory.NONE);
    }

    /** The last decisions about the label, newest first, see {@link LabelHistory}. */
    public List<LabelChange> labels() {
        return history().changes();
    }

    /** The label now. */
    public Optional<Label> label() {
        return history().label();
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
        int order = sequencer.compareTo(image.sequencer());
        boolean another =
                same(image)
                        .filter(known -> !known.backbones().contains(image.backbone()))
                        .isPresent();
        if (order > 0 || (order == 0 && !another)) {
            return Optional.empty();
        }
        return Optional.of(
                order == 0
                        ? found(image, now)
                        : next(
                                image.sequencer(),
                                picture(image, image.time()),
                                decisionsAfter(image.imageHash(), image.labels().all(), now),
                                now));
    }

    /**
     * After the object was read without an event, which may have been lost: what was found counts.
     * Where it is the picture that is known, label and time stay.
     */
    public ImageRecord found(ImageFeature image, Instant now) {
        Optional<Picture> same = same(image);
        Picture picture = picture(image, same.map(Picture::time).orElse(image.time()));
        var after =
                same.isPresent()
                        ? decisions
                        : decisionsAfter(image.imageHash(), image.labels().all(), now);
        return next(sequencer, picture, after, now);
    }

    /**
     * After the tags of the object changed.
     *
     * @param labels what the object says now, by label set
     * @return the same record if its labels stay
     */
    public ImageRecord tagged(Picture picture, Map<LabelSet, Label> labels, Instant now) {
        var after = decisionsAfter(picture.imageHash(), labels, now);
        return after.equals(decisions) ? this : next(sequencer, picture, after, now);
    }

    private Optional<Picture> same(ImageFeature image) {
        return picture().filter(known -> known.imageHash().equals(image.imageHash()));
    }

    /** With the features of other backbones of the same picture. */
    private Picture picture(ImageFeature image, Instant time) {
        TreeSet<String> backbones =
                new TreeSet<>(same(image).map(Picture::backbones).orElseGet(TreeSet::new));
        backbones.add(image.backbone());
        return new Picture(
                image.imageHash(), image.width(), image.height(), time, backbones, image.etag());
    }

    /** In each set what counts with this picture, see {@link LabelHistory#after}. */
    private SortedMap<LabelSet, LabelHistory> decisionsAfter(
            String imageHash, Map<LabelSet, Label> brought, Instant now) {
        TreeMap<LabelSet, LabelHistory> after = new TreeMap<>();
        Stream.concat(decisions.keySet().stream(), brought.keySet().stream())
                .distinct()
                .forEach(
                        one ->
                                after.put(
                                        one,
                                        history(one)
                                                .after(
                                                        imageHash,
                                                        Optional.ofNullable(brought.get(one)),
                                                        now)));
        after.values().removeIf(history -> history.changes().isEmpty());
        return after;
    }

    /** The last decision that is so. */
    Optional<LabelChange> last(Predicate<LabelChange> so) {
        return history().last(so);
    }

    /** Whether a person said that the label is right after it was given. */
    public boolean isConfirmed() {
        return history().isConfirmed();
    }

    /**
     * Whether a person or a label file ever decided, in any set, which is remembered without an
     * object too.
     */
    public boolean decided() {
        return decisions.values().stream().anyMatch(LabelHistory::decided);
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
     * After a file was found that cannot be read, without an event.
     *
     * @return the same record if that is known
     */
    public ImageRecord foundUnreadable(String reason, Instant now) {
        boolean known =
                content instanceof Unreadable unreadable && unreadable.reason().equals(reason);
        return known ? this : next(sequencer, new Unreadable(reason, now), decisions, now);
    }

    /**
     * After no object was found, without an event.
     *
     * @return the same record if that is known
     */
    public ImageRecord foundGone(Instant now) {
        return content instanceof Gone ? this : next(sequencer, new Gone(), decisions, now);
    }

    /**
     * After the image was forgotten: no label, no decision and no feature is left, and what an
     * earlier event says counts no more.
     *
     * @return the same record if nothing is left
     */
    public ImageRecord forgotten(Instant now) {
        boolean nothing = content instanceof Gone && decisions.isEmpty();
        return nothing ? this : next(sequencer, new Gone(), new TreeMap<>(), now);
    }

    /**
     * With the ETag of the object that holds the picture now; the time of the last change stays.
     *
     * @return the same record if it has no picture, or one with this ETag
     */
    public ImageRecord withEtag(String etag) {
        return picture()
                .filter(p -> !p.etag().equals(etag))
                .map(
                        p ->
                                withContent(
                                        new Picture(
                                                p.imageHash(),
                                                p.width(),
                                                p.height(),
                                                p.time(),
                                                p.backbones(),
                                                etag)))
                .orElse(this);
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
        return new ImageRecord(key, version + 1, sequencer, now, set, decisions, changed);
    }

    private Optional<ImageRecord> after(String padded, Content left, Instant now) {
        return sequencer.compareTo(padded) < 0
                ? Optional.of(next(padded, left, decisions, now))
                : Optional.empty();
    }

    /**
     * After a decision about the label. Whether it may be made is for {@link LabelStore} to say.
     *
     * @param change the picture in it is overwritten with the one at hand
     */
    ImageRecord labelled(LabelChange change, Instant now) {
        return next(sequencer, content, with(history().with(ofPicture(change))), now);
    }

    /**
     * With a line of a file that counts once what a person decided last does no more, as for
     * another picture.
     *
     * @param change the picture in it is overwritten with the one at hand
     */
    ImageRecord labelledSecond(LabelChange change) {
        return new ImageRecord(
                key,
                version + 1,
                sequencer,
                content,
                set,
                with(history().withSecond(ofPicture(change))),
                changed);
    }

    /**
     * After the picture of another key moved to this one, best before it comes: what a person or a
     * label file decided about it goes along, with who and when. A line of a file that names this
     * key counts before one that named the other; the label of a folder does not go along.
     *
     * @param from of the key that the picture had
     * @return the same record if there is nothing that is not known here
     */
    public ImageRecord withDecisionsOf(ImageRecord from, Instant now) {
        TreeMap<LabelSet, LabelHistory> merged = new TreeMap<>(decisions);
        Optional<String> here = picture().map(Picture::imageHash);
        from.decisions.forEach(
                (one, history) -> merged.put(one, history(one).withThoseOf(history, here, now)));
        merged.values().removeIf(history -> history.changes().isEmpty());
        return merged.equals(decisions) ? this : next(sequencer, content, merged, now);
    }

    /**
     * Without its last decision, so that what counted before it counts again: the one before, or a
     * line of a file that came in later.
     *
     * @param last the decision, as it stands first in {@link #labels}
     * @throws IllegalArgumentException if another one is the last
     */
    public ImageRecord without(LabelChange last, Instant now) {
        if (labels().isEmpty() || !labels().getFirst().equals(last)) {
            throw new IllegalArgumentException("the last decision about " + key + " is another");
        }
        return next(sequencer, content, with(history().withoutLast()), now);
    }

    private LabelChange ofPicture(LabelChange change) {
        return new LabelChange(
                change.name(),
                change.source(),
                change.by(),
                change.time(),
                picture().map(Picture::imageHash));
    }

    private SortedMap<LabelSet, LabelHistory> with(LabelHistory history) {
        TreeMap<LabelSet, LabelHistory> all = new TreeMap<>(decisions);
        all.put(set, history);
        return all;
    }

    private ImageRecord next(
            String padded, Content left, SortedMap<LabelSet, LabelHistory> decided, Instant now) {
        return new ImageRecord(key, version + 1, padded, left, set, decided, now);
    }
}
