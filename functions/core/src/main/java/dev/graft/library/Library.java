package dev.graft.library;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.ConflictException;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.StoreCalls;
import dev.graft.head.Activation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes labels and counts images. Every change may be repeated. Safe for use by many threads.
 *
 * <p>The text of a label may join several names. {@link Activation} says how to read it: for
 * single-label heads the whole text is one class, for multi-label heads each name is.
 */
public final class Library {
    private static final int AT_ONCE = 200;
    private static final Duration ONE_CALL = Duration.ofSeconds(5);

    private final LabelStore labels;
    private final ImageIndex index;
    private final InstantSource clock;

    /** Over the labels and the lists of the same images. */
    public Library(LabelStore labels, ImageIndex index, InstantSource clock) {
        this.labels = labels;
        this.index = index;
        this.clock = clock;
    }

    /**
     * Images per class.
     *
     * @param labels by name
     * @param labelled number of images with a label
     * @param unlabelled number of images without one
     */
    public record Counts(Map<String, Integer> labels, int labelled, int unlabelled) {}

    /**
     * What a change of many labels did.
     *
     * @param changed images that have the label now
     * @param missing keys that have no feature
     * @param conflicts images that had another label than expected, which they keep
     */
    public record Changed(int changed, List<String> missing, List<Conflict> conflicts) {}

    /**
     * What a call did to rename a class.
     *
     * @param changed images that have the new name now
     * @param missing keys of images that were deleted meanwhile
     * @param conflicts images that were labelled otherwise meanwhile, and keep that label
     * @param complete whether no image has the old name any more
     */
    public record Renamed(
            int changed, List<String> missing, List<Conflict> conflicts, boolean complete) {}

    /**
     * An image that somebody else labelled meanwhile.
     *
     * @param label null if it was taken away
     */
    public record Conflict(String key, @Nullable String label) {
        private static Conflict of(ImageRecord now) {
            return new Conflict(now.key(), now.label().map(Label::name).orElse(null));
        }

        /** As what is raised where nothing else was changed. */
        public ConflictException exception() {
            return new ConflictException(
                    label == null
                            ? "the label of %s was taken away meanwhile: look at it again"
                                    .formatted(key)
                            : "%s was labelled meanwhile as %s: look at it again"
                                    .formatted(key, label));
        }
    }

    /**
     * A decision that a call made, as {@link Undo} needs it.
     *
     * @param time as it stands in the record of the image
     */
    public record Made(String key, String by, Instant time) {}

    /**
     * Counts all images per class.
     *
     * @param reading says which classes a label names
     */
    public Counts counts(Activation reading) {
        ImageIndex.Counts counts = index.counts();
        TreeMap<String, Integer> each = new TreeMap<>();
        counts.labels()
                .forEach(
                        (text, images) ->
                                reading.classes(text)
                                        .forEach(name -> each.merge(name, images, Integer::sum)));
        return new Counts(each, counts.labelled(), counts.unlabelled());
    }

    /** For a key that has no picture with a feature. */
    public static NotFoundException noFeature(String key) {
        return new NotFoundException(
                "no image '%s' has a feature: upload it first, or wait some seconds until its feature is stored"
                        .formatted(key));
    }

    /**
     * Labels one image by hand.
     *
     * @param decision by a person
     * @return what became of it
     * @throws NotFoundException if there is no such image
     * @throws ConflictException if it has another label than expected
     */
    public LabelStore.Answer label(LabelStore.Decision decision) {
        LabelStore.Answer answer = labels.decide(decision);
        if (answer.outcome() == LabelStore.Outcome.NO_IMAGE) {
            throw noFeature(decision.key());
        }
        if (answer.outcome() == LabelStore.Outcome.CHANGED_MEANWHILE) {
            throw Conflict.of(answer.now()).exception();
        }
        return answer;
    }

    /**
     * Labels many images by hand.
     *
     * @param decisions by a person, each about another image
     * @param made takes each decision that was not made before
     */
    public Changed label(List<LabelStore.Decision> decisions, Consumer<Made> made) {
        List<LabelStore.Answer> answers =
                StoreCalls.concurrently(
                        decisions.stream()
                                .<Callable<LabelStore.Answer>>map(
                                        decision -> () -> labels.decide(decision))
                                .toList());
        int changed = 0;
        List<String> missing = new ArrayList<>();
        List<Conflict> conflicts = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            switch (answers.get(i).outcome()) {
                case LABELLED -> {
                    changed++;
                    String key = decisions.get(i).key();
                    answers.get(i)
                            .made()
                            .map(change -> new Made(key, change.by(), change.time()))
                            .ifPresent(made);
                }
                case NO_IMAGE -> missing.add(decisions.get(i).key());
                case CHANGED_MEANWHILE -> conflicts.add(Conflict.of(answers.get(i).now()));
                case PERSON_DECIDED, LATER_FILE -> {}
            }
        }
        return new Changed(changed, missing, conflicts);
    }

    /**
     * Gives images of a class another class, which may exist already. One call does what its time
     * allows. Those that are left have the old name still, so the same call goes on where the last
     * one ended, whoever makes it, and nothing has to be remembered in between. An image labelled
     * otherwise while this runs keeps that label.
     *
     * @param reading says which classes a label names; the other names of a label stay
     * @param by who, see {@link dev.graft.feature.LabelChange#by}
     * @param made takes each decision
     * @throws BadRequestException if both names are the same
     */
    public Renamed rename(
            String from, String to, Activation reading, String by, Consumer<Made> made) {
        if (from.equals(to)) {
            throw new BadRequestException(
                    "from and to are both '%s': name another class".formatted(from));
        }
        return replace(from, Optional.of(to), reading, by, made);
    }

    /**
     * Takes a class away from its images, as {@link #rename} gives them another: one call does what
     * its time allows. Images with no other name are without a label then.
     *
     * @param reading says which classes a label names; the other names of a label stay
     * @param by who, see {@link dev.graft.feature.LabelChange#by}
     * @param made takes each decision
     */
    public Renamed takeAway(String name, Activation reading, String by, Consumer<Made> made) {
        return replace(name, Optional.empty(), reading, by, made);
    }

    private Renamed replace(
            String from, Optional<String> to, Activation reading, String by, Consumer<Made> made) {
        ImageIndex.Which which =
                switch (reading) {
                    case SOFTMAX -> new ImageIndex.OfLabel(from);
                    case SIGMOID -> new ImageIndex.OneOfSeveral(from);
                };
        Instant end = clock.instant().plus(ONE_CALL);
        int changed = 0;
        List<String> missing = new ArrayList<>();
        List<Conflict> conflicts = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            ImageIndex.Page<ImageIndex.Entry> page = index.list(which, AT_ONCE, cursor);
            Changed now =
                    label(
                            page.images().stream()
                                    .map(image -> renamed(image, from, to, reading, by))
                                    .toList(),
                            made);
            changed += now.changed();
            missing.addAll(now.missing());
            conflicts.addAll(now.conflicts());
            cursor = page.cursor();
        } while (cursor.isPresent() && clock.instant().isBefore(end));
        return new Renamed(changed, missing, conflicts, cursor.isEmpty());
    }

    private static LabelStore.Decision renamed(
            ImageIndex.Entry image,
            String from,
            Optional<String> to,
            Activation reading,
            String by) {
        String label = image.label().orElseThrow().name();
        List<String> names = new ArrayList<>(reading.classes(label));
        names.remove(from);
        to.ifPresent(names::add);
        return new LabelStore.Decision(
                image.key(),
                names.isEmpty() ? Optional.empty() : Optional.of(Label.join(names)),
                LabelSource.CORRECTION,
                by,
                Optional.of(Optional.of(label)));
    }
}
