package dev.graft.library;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageStore;
import dev.graft.feature.Label;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.Sha256;
import dev.graft.feature.StoreCalls;
import dev.graft.feature.StoreException;
import dev.graft.feature.StoredObject;
import dev.graft.training.ForgottenKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Takes back what somebody did to many images at once: deleting, labelling, renaming, merging, and
 * adding one by {@link Feedback}. Each change leaves a folder {@code results/undo/<id>/} in the
 * images bucket, with {@code change.json} and, of a deletion, the files of the images. {@link
 * ExpiredResults} tells who deletes what is older than {@link #KEPT}.
 *
 * <p>Copies, and not the versions of S3: a bucket with versions keeps every replaced file, its
 * deletions are other events, and the S3 of a laptop has none. A copy works on both alike, and is
 * there after a restart.
 *
 * <p>Nothing is half done. The files are copied before anything is deleted, so that a call that
 * breaks off leaves images that are there, or images that can be brought back. An image that comes
 * back is an upload like any other: its feature is made anew, and the record of its key has kept
 * what people said of its label. Of labels, the decision is taken out of the record, so that what
 * counted before counts again, the label of a folder too; where somebody decided since, that stays
 * and is told. Safe to repeat, and for use by many threads.
 */
public final class Undo {
    /** How long a change can be taken back; the lifecycle rule of the template says the same. */
    public static final Duration KEPT = Duration.ofDays(30);

    /** Below {@link ResultStore#FOLDER}. */
    static final String FOLDER = "undo/";

    private static final String CHANGE = "/change.json";

    private static final String JSON = "application/json";
    private static final int AT_ONCE = 1_000;
    private static final int MOST_TRIES = 5;
    private static final Pattern ID = Pattern.compile("[0-9]{8}T[0-9]{15}-[0-9a-f]{8}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSSSSSSSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final ResultStore changes;
    private final ImageStore images;
    private final FeatureStore features;
    private final Classes classes;
    private final InstantSource clock;
    private final LabelSet set;

    /** Over the stores of one images bucket and its table, and the classes that belong to it. */
    public Undo(
            ResultStore changes,
            ImageStore images,
            FeatureStore features,
            Classes classes,
            InstantSource clock) {
        this.classes = classes;
        this.changes = changes;
        this.images = images;
        this.features = features;
        this.clock = clock;
        this.set = LabelSet.DEFAULT;
    }

    private Undo(Undo other, LabelSet set) {
        this.classes = other.classes;
        this.changes = other.changes;
        this.images = other.images;
        this.features = other.features;
        this.clock = other.clock;
        this.set = set;
    }

    /** That it notes changes in. */
    LabelSet set() {
        return set;
    }

    /** The same for changes in a label set; those of every set can be taken back by each. */
    public Undo in(LabelSet other) {
        return new Undo(this, other);
    }

    /**
     * What was taken back.
     *
     * @param what had been done, in words
     * @param changed images that are as they were before
     * @param kept images that are not, because somebody changed them since
     */
    public record Undone(String what, int changed, List<Kept> kept) {}

    /**
     * An image that stays as it is.
     *
     * @param reason in words
     */
    public record Kept(String key, String reason) {}

    /** What became of one image; kept is empty where it is as it was before. */
    private record Outcome(int changed, Optional<Kept> kept) {
        static final Outcome CHANGED = new Outcome(1, Optional.empty());
        static final Outcome AS_BEFORE = new Outcome(0, Optional.empty());

        static Outcome kept(String key, String reason) {
            return new Outcome(0, Optional.of(new Kept(key, reason)));
        }
    }

    /**
     * Keeps the files of images that are about to be deleted.
     *
     * @param what will be done, in words
     * @return id of the change
     */
    public String beforeDeletion(List<String> keys, String what) {
        String id = write(new Change(what, keys, List.of(), set, Map.of()));
        StoreCalls.concurrently(
                IntStream.range(0, keys.size())
                        .<Callable<Boolean>>mapToObj(
                                i -> () -> images.copy(keys.get(i), file(id, i)))
                        .toList());
        return id;
    }

    /**
     * Keeps which decisions about labels belong together.
     *
     * @param gone classes that went with them, as they were
     * @param what was done, in words
     * @return id of the change; empty if nothing was changed
     */
    public Optional<String> afterLabelling(
            List<Library.Made> made, Map<String, Classes.Kept> gone, String what) {
        List<Change.Decided> decided = made.stream().map(Change.Decided::of).toList();
        return made.isEmpty() && gone.isEmpty()
                ? Optional.empty()
                : Optional.of(write(new Change(what, List.of(), decided, set, gone)));
    }

    /**
     * Notes an image that is about to be added.
     *
     * @param what will be done, in words
     * @return id of the change
     */
    public String beforeAdding(String key, String what) {
        return write(new Change(what, List.of(), List.of(), set.name(), Map.of(), List.of(key)));
    }

    private String write(Change change) {
        byte[] json = change.json();
        String text = new String(json, StandardCharsets.UTF_8) + clock.instant();
        String hash = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
        String id = TIME.format(clock.instant()) + "-" + hash.substring(0, 8);
        changes.write(name(id), json, JSON);
        return id;
    }

    private static String name(String id) {
        return FOLDER + id + CHANGE;
    }

    private static String file(String id, int number) {
        return ResultStore.FOLDER + FOLDER + id + "/" + number;
    }

    /**
     * Takes a change back.
     *
     * @param undo id, as the change gave it
     * @throws BadRequestException if it is no id
     * @throws NotFoundException if there was no such change, or too long ago
     * @throws StoreException if a store does not answer; asked again, it goes on
     */
    public Undone undo(String undo) {
        if (!ID.matcher(undo).matches()) {
            throw new BadRequestException(
                    "id is '%s': expected the undo of a change, such as 20261128T120000000000000-1a2b3c4d"
                            .formatted(undo));
        }
        Change change =
                changes.read(name(undo))
                        .map(file -> Change.read(undo, file))
                        .orElseThrow(() -> gone(undo));
        change.classes().forEach((name, kept) -> restore(change.labelSet(), name, kept));
        List<Callable<Outcome>> steps = new ArrayList<>();
        for (int i = 0; i < change.deleted().size(); i++) {
            String key = change.deleted().get(i);
            String file = file(undo, i);
            steps.add(() -> restored(key, file));
        }
        change.decided().forEach(decided -> steps.add(() -> takenBack(change, decided)));
        change.added().forEach(key -> steps.add(() -> removed(key)));
        List<Outcome> outcomes = StoreCalls.concurrently(steps);
        return new Undone(
                change.what(),
                outcomes.stream().mapToInt(Outcome::changed).sum(),
                outcomes.stream().flatMap(outcome -> outcome.kept().stream()).toList());
    }

    private static NotFoundException gone(String id) {
        return new NotFoundException(
                "there is no change %s to take back: none was made, or more than %d days ago"
                        .formatted(id, KEPT.toDays()));
    }

    private void restore(LabelSet of, String name, Classes.Kept kept) {
        Classes there = classes.in(of);
        if (!there.all().containsKey(name)) {
            there.put(name, kept);
        }
    }

    /**
     * Whether a file is kept so that a change can be taken back.
     *
     * @param name below {@link ResultStore#FOLDER}
     */
    static boolean isKept(String name) {
        return name.startsWith(FOLDER);
    }

    /**
     * Takes images that are to be forgotten out of what can be taken back: their files, their keys,
     * and what was decided about them.
     *
     * @param named knows the keys
     * @return the files that named them or held them, below {@link ResultStore#FOLDER}
     */
    static List<String> forget(ResultStore results, Collection<String> keys, ForgottenKeys named) {
        List<String> changed = new ArrayList<>();
        String after = "";
        List<String> page = results.keys(ResultStore.FOLDER + FOLDER, after, AT_ONCE);
        while (!page.isEmpty()) {
            for (String file : page) {
                String name = file.substring(ResultStore.FOLDER.length());
                if (name.endsWith(CHANGE)) {
                    changed.addAll(forget(results, name, keys, named));
                }
            }
            after = page.getLast();
            page = results.keys(ResultStore.FOLDER + FOLDER, after, AT_ONCE);
        }
        return changed;
    }

    private static List<String> forget(
            ResultStore results, String name, Collection<String> keys, ForgottenKeys named) {
        Optional<byte[]> file = results.read(name).filter(named::areIn);
        if (file.isEmpty()) {
            return List.of();
        }
        String folder = name.substring(0, name.length() - CHANGE.length());
        Change change = Change.read(folder, file.get());
        List<String> changed = new ArrayList<>();
        for (int number : change.numbers(keys)) {
            results.delete(folder + "/" + number);
            changed.add(folder + "/" + number);
        }
        Change without =
                change.without(keys, text -> named.areIn(text.getBytes(StandardCharsets.UTF_8)));
        results.write(name, without.json(), JSON);
        changed.add(name);
        return changed;
    }

    private Outcome restored(String key, String file) {
        Optional<StoredObject> copy = images.find(file);
        if (copy.isEmpty()) {
            return Outcome.AS_BEFORE; // there was no such image
        }
        Optional<StoredObject> there = images.find(key);
        if (there.isPresent()) {
            return there.get().etag().equals(copy.get().etag())
                    ? Outcome.AS_BEFORE
                    : Outcome.kept(key, "another image has that key now");
        }
        return images.copy(file, key) ? Outcome.CHANGED : Outcome.AS_BEFORE;
    }

    /** Unless a person labelled it since, in any label set. */
    private Outcome removed(String key) {
        Optional<Label> label =
                features.known(key).decisions().values().stream()
                        .flatMap(history -> history.label().stream())
                        .filter(there -> there.source() == LabelSource.CORRECTION)
                        .findFirst();
        if (label.isPresent()) {
            return Outcome.kept(key, "labelled since as " + label.get().name());
        }
        if (images.find(key).isEmpty()) {
            return Outcome.AS_BEFORE;
        }
        images.delete(List.of(key));
        return Outcome.CHANGED;
    }

    private Outcome takenBack(Change change, Change.Decided decided) {
        for (int i = 0; i < MOST_TRIES; i++) {
            ImageRecord known = features.known(decided.key()).in(change.labelSet());
            int place =
                    known.labels().stream().map(made -> isIt(made, decided)).toList().indexOf(true);
            if (place < 0) {
                return Outcome.AS_BEFORE;
            }
            if (place > 0) {
                return Outcome.kept(
                        decided.key(),
                        "labelled since as "
                                + known.label().map(Label::name).orElse("one without label"));
            }
            ImageRecord before = known.without(known.labels().getFirst(), clock.instant());
            if (features.replace(known, before, Optional.empty())) {
                return Outcome.CHANGED;
            }
        }
        throw new StoreException(
                "could not take back the label of %s: others changed it meanwhile, try again"
                        .formatted(decided.key()),
                null);
    }

    private static boolean isIt(LabelChange made, Change.Decided decided) {
        return made.source() == LabelSource.CORRECTION
                && made.by().equals(decided.by())
                && made.time().equals(decided.instant());
    }
}
