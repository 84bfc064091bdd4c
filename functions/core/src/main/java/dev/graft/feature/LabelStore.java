package dev.graft.feature;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decisions about labels, apart from the features: each is kept with who made it and when, and
 * survives what happens to the file. Asking twice is as asking once. Safe for use by many threads;
 * throws {@link StoreException} if it does not answer.
 */
public interface LabelStore {

    /** What became of a decision. */
    enum Outcome {
        /** The label is as decided. */
        LABELLED,
        /** A person decides about pictures that are there, and there is none. */
        NO_IMAGE,
        /** A line of a file leaves a person's decision alone; it is kept for another picture. */
        PERSON_DECIDED,
        /** A file that was stored later says otherwise; nothing was changed. */
        LATER_FILE,
        /** The label is not the one that was expected; nothing was changed. */
        CHANGED_MEANWHILE
    }

    /**
     * What became of a decision.
     *
     * @param now the record as it is
     * @param made the change that this made; empty if the decision was made before, or cannot be
     */
    record Answer(Outcome outcome, ImageRecord now, Optional<LabelChange> made) {

        /** After a decision was applied, or not, to a record. */
        public static Answer of(Decision decision, ImageRecord before, ImageRecord now) {
            Outcome outcome = decision.on(before);
            boolean made = outcome == Outcome.LABELLED && !now.labels().equals(before.labels());
            return new Answer(
                    outcome, now, made ? now.labels().stream().findFirst() : Optional.empty());
        }
    }

    /**
     * A decision to be made.
     *
     * @param key of the image
     * @param name the class; empty to take the label away
     * @param source a person, or a line of a file
     * @param by who, see {@link LabelChange#by}
     * @param expected the class that it is to replace, empty inside for none; the same as {@code
     *     name} to confirm it; empty where any may be replaced
     * @param time when the file was stored; empty for now
     */
    record Decision(
            String key,
            Optional<String> name,
            LabelSource source,
            String by,
            Optional<Optional<String>> expected,
            Optional<Instant> time) {

        /** Made now. */
        public Decision(
                String key,
                Optional<String> name,
                LabelSource source,
                String by,
                Optional<Optional<String>> expected) {
            this(key, name, source, by, expected, Optional.empty());
        }

        /** By a person, in place of whatever is there. */
        public static Decision of(String key, Optional<String> name, String by) {
            return new Decision(key, name, LabelSource.CORRECTION, by, Optional.empty());
        }

        /** The same, unless the label is another than expected. */
        public Decision inPlaceOf(Optional<Optional<String>> label) {
            return new Decision(key, name, source, by, label);
        }

        /** By a line of a file. */
        public static Decision byFile(String key, String name, StoredObject file) {
            return new Decision(
                    key,
                    Optional.of(name),
                    LabelSource.FILE,
                    file.key(),
                    Optional.empty(),
                    Optional.of(file.modified()));
        }

        /**
         * Whether it can be made of a record.
         *
         * @return {@link Outcome#LABELLED} if so
         */
        public Outcome on(ImageRecord record) {
            Optional<String> there = record.label().map(Label::name);
            if (source == LabelSource.CORRECTION && record.picture().isEmpty()) {
                return Outcome.NO_IMAGE;
            }
            if (source == LabelSource.FILE) {
                return byFile(record);
            }
            boolean other = expected.filter(name -> !name.equals(there)).isPresent();
            return other && !there.equals(name) ? Outcome.CHANGED_MEANWHILE : Outcome.LABELLED;
        }

        private Outcome byFile(ImageRecord record) {
            boolean later =
                    record.last(change -> change.source() == LabelSource.FILE)
                            .filter(
                                    other ->
                                            !other.by().equals(by)
                                                    && time.filter(other.time()::isAfter)
                                                            .isPresent())
                            .isPresent();
            if (later) {
                return Outcome.LATER_FILE;
            }
            boolean person =
                    record.last(change -> true)
                            .filter(last -> last.source() == LabelSource.CORRECTION)
                            .isPresent();
            return person ? Outcome.PERSON_DECIDED : Outcome.LABELLED;
        }

        /** The record after it; the same one if it was made before or cannot be made. */
        public ImageRecord applied(ImageRecord record, Instant now) {
            LabelChange change =
                    new LabelChange(name, source, by, time.orElse(now), Optional.empty());
            return switch (on(record)) {
                case LABELLED ->
                        isMade(record.last(last -> true)) && !confirms(record)
                                ? record
                                : record.labelled(change, now);
                case PERSON_DECIDED ->
                        isMade(record.last(last -> last.source() == LabelSource.FILE))
                                ? record
                                : record.labelledSecond(change);
                case NO_IMAGE, LATER_FILE, CHANGED_MEANWHILE -> record;
            };
        }

        /** Whether a person says that a label is right which nobody has looked at again so far. */
        private boolean confirms(ImageRecord record) {
            return expected.filter(name::equals).isPresent() && !record.isConfirmed();
        }

        private boolean isMade(Optional<LabelChange> last) {
            return last.filter(made -> made.name().equals(name) && made.source() == source)
                    .isPresent();
        }
    }

    /** The same store in a label set: it decides about the labels of that. */
    LabelStore in(LabelSet set);

    /** Makes a decision if it can be made. */
    Answer decide(Decision decision);

    /** The last decisions about an image, newest first. */
    List<LabelChange> history(String key);
}
