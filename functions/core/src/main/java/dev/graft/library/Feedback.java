package dev.graft.library;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.ConflictException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageStore;
import dev.graft.feature.KeyFolders;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.Vectors;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes labels, and images for the review queue, of what people say about kept answers. Of an
 * answer about a stored image the label is given to that image; a picture that was sent along and
 * kept becomes a stored image. All of it is kept beside the answer, too. May be said again, the
 * last word counts. Safe for use by many threads.
 */
public final class Feedback {
    /** What the keys of images begin with that wait for a label, as an answer was wrong. */
    public static final String WAITING = ImageStore.PREFIX + Feedback.NAME;

    private static final int SHORT = 16;
    private static final String NAME = "feedback-";
    private static final Pattern ADDED = Pattern.compile(".*/" + NAME + "([0-9a-f]{16})\\..*");

    /** Cosine of the features of one picture. */
    private static final double SAME = 0.999;

    private final LabelSet set;
    private final KeptAnswers answers;
    private final FeatureStore features;
    private final ImageStore images;
    private final Library library;
    private final Undo undo;

    /** Over the stores of one images bucket and its table, in one label set. */
    public Feedback(
            KeptAnswers answers,
            FeatureStore features,
            ImageStore images,
            Library library,
            Undo undo) {
        this.set = undo.set();
        this.answers = answers;
        this.features = features;
        this.images = images;
        this.library = library;
        this.undo = undo;
    }

    /**
     * Who says it.
     *
     * @param name e-mail or id; empty text for somebody on this machine
     * @param mayLabel whether they may change labels
     */
    public record By(String name, boolean mayLabel) {
        /** As it stands beside the labels that it gives. */
        private String of() {
            return name.isEmpty() ? "feedback" : "feedback of " + name;
        }
    }

    /** What became of it. */
    public enum State {
        /** The stored image has the label. */
        LABELLED,
        /** The picture is a stored image now, with the label. */
        ADDED,
        /** The image waits in the review queue for a label. */
        REVIEW,
        /** It is kept beside the answer, and nothing learns from it. */
        NOTED
    }

    /**
     * What became of it.
     *
     * @param key of the image that it concerns; empty for none
     * @param undo id of the change, see {@link Undo}; empty if nothing was changed
     * @param reason why nothing learns from it yet, and what to do, a sentence; empty if something
     *     does
     */
    public record Outcome(
            State state, Optional<String> key, Optional<String> undo, Optional<String> reason) {

        private static Outcome of(State state, String key, Optional<String> undo) {
            return new Outcome(state, Optional.of(key), undo, Optional.empty());
        }

        private static Outcome noted(Optional<String> key, String reason) {
            return new Outcome(State.NOTED, key, Optional.empty(), Optional.of(reason));
        }
    }

    /**
     * Takes what somebody says.
     *
     * @param id of the prediction
     * @param label the true one; empty where it is only said to be wrong
     * @throws BadRequestException if it is no id, or the label cannot be that of a new image
     * @throws ConflictException if the image is another one now
     * @throws NotFoundException if the answer, or its image, is not there (any more), or answers
     *     are not kept
     */
    public Outcome give(String id, Optional<String> label, By by) {
        KeptAnswers.Found found = answers.find(id).orElseThrow(() -> absent(id));
        KeptAnswer answer = found.answer();
        Optional<String> stored = stored(answer);
        Optional<String> picture = found.picture();
        Outcome outcome;
        if (stored.isPresent()) {
            outcome = ofImage(answer, stored.get(), label, by);
        } else if (picture.isPresent()) {
            outcome = added(answer, picture.get(), label, by);
        } else {
            outcome =
                    Outcome.noted(
                            Optional.empty(),
                            "the picture was sent along and not kept, so that nothing learns from it: set AnswerPictures to on (on one machine -DanswerPictures=true) for answers to come, or upload this picture with its label");
        }
        answers.note(answer, label, outcome.key().orElse(""));
        return outcome;
    }

    private NotFoundException absent(String id) {
        int days = answers.settings().days();
        return new NotFoundException(
                days == 0
                        ? "answers are not kept, so nobody knows what %s was about: %s, or label the image itself"
                                .formatted(id, KeptAnswers.REMEDY)
                        : "no answer %s is kept: none was given, or more than %d days ago, or with keep=false, or its image was forgotten"
                                .formatted(id, days));
    }

    /** The image that was asked about, or that an earlier word made of the picture. */
    private Optional<String> stored(KeptAnswer answer) {
        if (!answer.key().isEmpty()) {
            return Optional.of(answer.key());
        }
        return Optional.ofNullable(answer.told())
                .map(KeptAnswer.Told::key)
                .filter(key -> !key.isEmpty() && images.find(key).isPresent());
    }

    private Outcome ofImage(KeptAnswer answer, String key, Optional<String> label, By by) {
        ImageRecord image = features.known(key);
        if (image.picture().isEmpty()) {
            throw Library.noFeature(key);
        }
        features.find(key, answer.backbone())
                .filter(now -> !isSame(now.feature(), answer.feature()))
                .ifPresent(
                        now -> {
                            throw new ConflictException(
                                    "%s is another picture now than when %s was answered: ask about it again"
                                            .formatted(key, answer.id()));
                        });
        Optional<String> there = image.label().map(Label::name);
        if (label.isEmpty() && there.isEmpty()) {
            return Outcome.of(State.REVIEW, key, Optional.empty());
        }
        boolean disputed = by.mayLabel() && there.filter(answer.label()::equals).isPresent();
        if (label.isEmpty() && !disputed) {
            return Outcome.noted(
                    Optional.of(key),
                    "the image is labelled %s already, which the next training learns from"
                            .formatted(there.orElseThrow()));
        }
        Decision decision = Decision.of(key, label, by.of());
        return Outcome.of(
                label.isPresent() ? State.LABELLED : State.REVIEW,
                key,
                decided(label.isPresent() ? decision : decision.inPlaceOf(Optional.of(there))));
    }

    /** Another machine may round some values in another way. */
    private static boolean isSame(byte[] feature, byte[] other) {
        float[] one = Vectors.unit(Float16.decode(feature));
        return Vectors.cosineOfUnits(one, Vectors.unit(Float16.decode(other))) > SAME;
    }

    private Optional<String> decided(Decision decision) {
        List<Library.Made> made = new ArrayList<>();
        Library.Changed changed = library.label(List.of(decision), made::add);
        if (!changed.missing().isEmpty()) {
            throw Library.noFeature(decision.key());
        }
        if (!changed.conflicts().isEmpty()) {
            throw changed.conflicts().getFirst().exception();
        }
        String what = "labelled %s by feedback".formatted(decision.key());
        return undo.afterLabelling(made, Map.of(), what);
    }

    /**
     * The same picture with the same label keeps its key. In the default label set the folder says
     * the label, in others the metadata do.
     */
    private Outcome added(KeptAnswer answer, String picture, Optional<String> label, By by) {
        String name =
                answer.hash().substring(0, SHORT) + picture.substring(picture.lastIndexOf('.'));
        String waiting = WAITING + name;
        if (label.isPresent() && images.find(waiting).isPresent()) {
            return ofImage(answer, waiting, label, by);
        }
        Optional<String> folder = label.filter(text -> set.isDefault());
        String key = folder.map(text -> keyOf(text, name)).orElse(waiting);
        State state = label.isPresent() ? State.ADDED : State.REVIEW;
        if (images.find(key).isPresent()) {
            return Outcome.of(state, key, Optional.empty());
        }
        String change = undo.beforeAdding(key, "added %s by feedback".formatted(key));
        boolean copied =
                label.isPresent() && folder.isEmpty()
                        ? images.copy(picture, key, set, label.get())
                        : images.copy(picture, key);
        if (!copied) {
            throw absent(answer.id());
        }
        return Outcome.of(state, key, Optional.of(change));
    }

    /**
     * The hash of the picture that an image was made of, as its key tells.
     *
     * @return the first digits; empty text of other images
     */
    static String hashIn(String key) {
        Matcher parts = ADDED.matcher(key);
        return parts.matches() ? parts.group(1) : "";
    }

    private static String keyOf(String label, String name) {
        String folder = Normalizer.normalize(label, Normalizer.Form.NFC);
        String key = ImageStore.PREFIX + folder + "/" + NAME + name;
        KeyFolders read = KeyFolders.of(key);
        boolean isControl = folder.chars().anyMatch(Character::isISOControl);
        if (isControl || read.system().isPresent() || !read.label().equals(Optional.of(folder))) {
            throw new BadRequestException(
                    "label is '%s': the label of a new image becomes its folder, so it cannot hold a slash or a control character, begin with a dot, be val, valid, validation or test, or a name that systems use: give another"
                            .formatted(label));
        }
        return key;
    }
}
