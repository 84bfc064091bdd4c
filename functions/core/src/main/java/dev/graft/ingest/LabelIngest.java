package dev.graft.ingest;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSets;
import dev.graft.feature.LabelStore;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.LabelsPerImage;
import dev.graft.feature.Sequencer;
import dev.graft.feature.StoreCalls;
import dev.graft.feature.StoreException;
import dev.graft.feature.StoredObject;
import dev.graft.feature.UnreadableImage;
import dev.graft.image.UnreadableImageException;
import dev.graft.ingest.ImageIngest.Outcome;
import dev.graft.ingest.LabelFile.Line;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What happens to a label file (see {@link LabelFileReader}) when the bucket reports it: it labels
 * the images it names, those too that come later, but for those that a person labelled by hand.
 * What of a file had no effect, and a file that cannot be read, is kept as an {@link
 * UnreadableImage} for its owner to see. So is how far a long file is; it stops where the file is
 * deleted or replaced. Every call may be repeated, reads only what was applied before, and may come
 * late. Safe for use by many threads.
 */
public final class LabelIngest {
    /** Label files live under this prefix of the images bucket. */
    public static final String PREFIX = "labels/";

    /** Lines that are applied before it is told how far it is, and looked whether to go on. */
    private static final int AT_ONCE = 1000;

    private final Stores stores;
    private final long maxBytes;
    private final LabelsPerImage labelsPerImage;
    private final InstantSource clock;

    /**
     * Where label files are, and where what they say goes.
     *
     * @param files bucket of the label files
     * @param features tells which keys have an image, and keeps what of a file had no effect
     * @param labels of the images
     * @param sets that there are, of the same labels
     */
    public record Stores(
            ImageStore files, FeatureStore features, LabelStore labels, LabelSets sets) {}

    /**
     * Between these.
     *
     * @param maxBytes files larger than this are recorded as unreadable
     * @param labelsPerImage of the default label set; files with several are refused where an image
     *     has one
     */
    public LabelIngest(
            Stores stores, long maxBytes, LabelsPerImage labelsPerImage, InstantSource clock) {
        this.stores = stores;
        this.maxBytes = maxBytes;
        this.labelsPerImage = labelsPerImage;
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
        if (isFolder(key)) {
            return Outcome.IGNORED;
        }
        String order = Sequencer.padded(sequencer);
        Optional<Applied> applied = apply(key);
        if (applied.isEmpty()) {
            return Outcome.GONE;
        }
        String notes = applied.get().notes();
        boolean latest =
                notes.isEmpty()
                        ? stores.features().remove(key, order)
                        : stores.features()
                                .putUnreadable(
                                        new UnreadableImage(key, notes, order, clock.instant()));
        return latest ? applied.get().outcome() : Outcome.STALE;
    }

    /**
     * Applies what a file says once more, without an event, which may have been lost.
     *
     * @param key decoded
     * @throws StoreException if a store does not answer; try again
     */
    public Outcome reread(String key) {
        if (isFolder(key)) {
            return Outcome.IGNORED;
        }
        ImageRecord known = stores.features().known(key);
        Optional<Applied> applied = apply(key);
        String notes = applied.map(Applied::notes).orElse("");
        ImageRecord found =
                notes.isEmpty()
                        ? known.foundGone(clock.instant())
                        : known.foundUnreadable(notes, clock.instant());
        boolean latest =
                found.equals(known) || stores.features().replace(known, found, Optional.empty());
        return latest ? applied.map(Applied::outcome).orElse(Outcome.GONE) : Outcome.STALE;
    }

    /** What became of a file, and what its owner should know. */
    private record Applied(Outcome outcome, String notes) {}

    /** Empty if there is no such file (any more). */
    private Optional<Applied> apply(String key) {
        try {
            Optional<ImageFile> file = stores.files().read(key, maxBytes);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            LabelFile read = LabelFileReader.read(key, file.get().bytes(), labelsPerImage());
            return apply(file.get().object(), read.lines())
                    .map(unmatched -> new Applied(Outcome.LABELLED, read.notes(unmatched)));
        } catch (UnreadableImageException | UnreadableLabelFileException e) {
            return Optional.of(new Applied(Outcome.UNREADABLE, String.valueOf(e.getMessage())));
        }
    }

    /** Of a label set, which is asked for once; one that nobody made has one. */
    private Function<LabelSet, LabelsPerImage> labelsPerImage() {
        Map<LabelSet, LabelsPerImage> known = new HashMap<>();
        known.put(LabelSet.DEFAULT, labelsPerImage);
        return set ->
                known.computeIfAbsent(
                        set, one -> stores.sets().all().getOrDefault(one, LabelsPerImage.ONE));
    }

    /**
     * A file was deleted: the labels it gave stay.
     *
     * @param key decoded
     * @param sequencer as S3 gave it
     * @throws StoreException if the store does not answer; try again
     */
    public Outcome removed(String key, String sequencer) {
        if (isFolder(key)) {
            return Outcome.IGNORED;
        }
        return stores.features().remove(key, Sequencer.padded(sequencer))
                ? Outcome.REMOVED
                : Outcome.STALE;
    }

    private static boolean isFolder(String key) {
        return key.endsWith("/");
    }

    /**
     * Applies the lines and gives back those that match no image; empty if the file was deleted or
     * replaced meanwhile.
     */
    private Optional<List<Line>> apply(StoredObject file, List<Line> lines) {
        List<Optional<String>> found =
                StoreCalls.concurrently(
                        lines.stream()
                                .<Callable<Optional<String>>>map(l -> () -> find(l))
                                .toList());
        boolean encoded = isEncoded(lines, found);
        List<Callable<LabelStore.Answer>> calls = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            String key = found.get(i).orElseGet(() -> waiting(line, encoded));
            var decision = Decision.byFile(key, line.label(), file);
            calls.add(() -> stores.labels().in(line.set()).decide(decision));
        }
        List<LabelStore.Answer> answers = new ArrayList<>();
        for (int from = 0; from < calls.size(); from += AT_ONCE) {
            if (from > 0 && !goesOn(file, from, calls.size())) {
                return Optional.empty();
            }
            int to = Math.min(calls.size(), from + AT_ONCE);
            answers.addAll(StoreCalls.concurrently(calls.subList(from, to)));
        }
        return Optional.of(
                IntStream.range(0, lines.size())
                        .filter(i -> waits(answers.get(i)))
                        .mapToObj(lines::get)
                        .toList());
    }

    /** Tells how far it is, unless the file is gone or another. */
    private boolean goesOn(StoredObject file, int done, int lines) {
        ImageRecord told = stores.features().known(file.key());
        if (!stores.files().find(file.key()).equals(Optional.of(file))) {
            return false;
        }
        String note =
                String.format(
                        Locale.ROOT,
                        "%,d of %,d lines are applied so far, the others follow; to stop, delete the file",
                        done,
                        lines);
        stores.features()
                .replace(told, told.foundUnreadable(note, clock.instant()), Optional.empty());
        return true;
    }

    private static boolean waits(LabelStore.Answer answer) {
        return answer.outcome() == LabelStore.Outcome.LABELLED && answer.now().picture().isEmpty();
    }

    /** The image that a line means; not looked for where only one key can be meant. */
    private Optional<String> find(Line line) {
        WrittenKey key = new WrittenKey(line.key());
        if (!key.ambiguous()) {
            return Optional.of(line.key());
        }
        return Stream.of(key.asWritten(), key.decoded())
                .flatMap(List::stream)
                .filter(meant -> stores.features().known(meant).picture().isPresent())
                .findFirst();
    }

    /**
     * Whether a file has URL-encoded keys: some match only so, and none that would differ as is.
     */
    private static boolean isEncoded(List<Line> lines, List<Optional<String>> found) {
        int onlyDecoded = 0;
        int asWritten = 0;
        for (int i = 0; i < lines.size(); i++) {
            WrittenKey key = new WrittenKey(lines.get(i).key());
            if (found.get(i).isPresent() && !key.decoded().isEmpty()) {
                boolean decoded = !key.asWritten().contains(found.get(i).get());
                onlyDecoded += decoded ? 1 : 0;
                asWritten += decoded ? 0 : 1;
            }
        }
        return onlyDecoded > 0 && asWritten == 0;
    }

    private static String waiting(Line line, boolean encoded) {
        WrittenKey key = new WrittenKey(line.key());
        boolean decode = encoded && !key.decoded().isEmpty();
        return WrittenKey.waiting(decode ? key.decoded().getFirst() : line.key().strip());
    }
}
