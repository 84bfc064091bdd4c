package dev.graft.library;

import dev.graft.feature.DamagedFileException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreException;
import dev.graft.feature.StoredObject;
import dev.graft.head.HeadStore;
import dev.graft.image.UnreadableImageException;
import dev.graft.index.BuildIndex;
import dev.graft.index.Download;
import dev.graft.index.FollowVectors;
import dev.graft.index.IndexStore;
import dev.graft.training.ForgetRequests;
import dev.graft.training.ForgetRequests.Request;
import dev.graft.training.ForgottenKeys;
import dev.graft.training.LearnedImages;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Forgets an image to the end. {@link #ask} deletes image, thumbnail, feature and labels at once
 * and notes the request; a training then makes a head without it, and {@link #finish} deletes
 * whatever else learned from the image or names it. Each step may be repeated: what is broken off
 * goes on at the next training.
 */
public final class Forgetting {
    private static final String FEATURES = "/features";
    private static final String LABELS = "labels/";
    private static final long MOST_LABEL_BYTES = 64 << 20;
    private static final int TRIES = 100;
    private static final int AT_ONCE = 1_000;

    /** A deletion is told by S3 within minutes; whoever tells of it for longer gives up. */
    private static final Duration LATE = Duration.ofDays(8);

    private final Stores stores;
    private final ForgetRequests requests;
    private final InstantSource clock;

    /**
     * What may name an image.
     *
     * @param vectors empty where there are none, and for whoever only asks
     */
    public record Stores(
            FeatureStore features,
            ImageStore images,
            HeadStore heads,
            IndexStore files,
            ResultStore results,
            History history,
            Optional<FollowVectors> vectors) {}

    /** Between these. */
    public Forgetting(Stores stores, InstantSource clock) {
        this.stores = stores;
        this.requests = new ForgetRequests(stores.files());
        this.clock = clock;
    }

    /** The requests. */
    public ForgetRequests requests() {
        return requests;
    }

    /**
     * Deletes an image, its thumbnail, its feature, its label and who gave it, and notes that the
     * rest is to follow. Safe to repeat.
     *
     * @param by e-mail or id of who asks
     * @return the request, which says how far it is
     */
    public Request ask(String key, String by) {
        String hash =
                stores.features()
                        .known(key)
                        .picture()
                        .map(ImageRecord.Picture::imageHash)
                        .orElse("");
        requests.add(Request.of(key, clock.instant(), by, hash).with(learned(key), List.of()));
        erase(key);
        return requests.find(ForgetRequests.id(key)).orElseThrow();
    }

    private List<String> learned(String key) {
        return sets().stream().flatMap(set -> learned(set, key).stream()).toList();
    }

    private List<String> learned(LabelSet set, String key) {
        try {
            return new LearnedImages(stores.heads().in(set), stores.files().in(set)).versions(key);
        } catch (DamagedFileException e) {
            return List.of(); // whoever finishes deletes the damaged one
        }
    }

    /** The label sets of which there are heads or files of the index, the default one first. */
    private List<LabelSet> sets() {
        Set<LabelSet> others = new TreeSet<>(stores.heads().sets());
        others.addAll(stores.files().sets());
        return Stream.concat(Stream.of(LabelSet.DEFAULT), others.stream()).toList();
    }

    private void erase(String key) {
        stores.images().delete(List.of(key, ImageStore.thumbnail(key)));
        for (int i = 0; i < TRIES; i++) {
            ImageRecord before = stores.features().known(key);
            ImageRecord after = before.forgotten(clock.instant());
            if (after.equals(before)
                    || stores.features().replace(before, after, Optional.empty())) {
                return;
            }
        }
        throw new StoreException("an image to forget was changed meanwhile: try again", null);
    }

    /**
     * Takes the head in use of a label set out of use if it learned from an image that is to be
     * forgotten.
     */
    public void retireHead(LabelSet set) {
        List<String> keys = requests.keys();
        if (keys.isEmpty()) {
            return;
        }
        ForgottenKeys named = new ForgottenKeys(keys);
        HeadStore heads = stores.heads().in(set);
        heads.latest()
                .filter(inUse -> named.areIn(heads, inUse.version()))
                .ifPresent(heads::retire);
    }

    /**
     * Deletes whatever learned from the images that are to be forgotten or names them, after a
     * training. For the trainer, as nobody else may train meanwhile.
     *
     * @param built the files of the index
     * @param outcome of the training, a sentence, for whoever asks what a request waits for
     * @return whether no request waits any more
     */
    public boolean finish(BuildIndex built, String outcome) {
        sweep(built);
        List<Request> waiting = requests.waiting();
        if (waiting.isEmpty()) {
            return true;
        }
        List<String> keys = waiting.stream().map(Request::key).toList();
        Set<String> ids = waiting.stream().map(Request::id).collect(Collectors.toSet());
        keys.forEach(this::erase);
        ForgottenKeys named = new ForgottenKeys(keys);
        for (LabelSet set : sets()) {
            Optional<String> waitsFor = finishHeads(set, named, ids, outcome);
            if (waitsFor.isPresent()) {
                return waits(ids, waitsFor.get());
            }
        }
        for (LabelSet set : sets()) {
            new LearnedImages(stores.heads().in(set), stores.files().in(set)).rewrite();
            if (!rewriteIndex(set, built.in(set), named, ids)) {
                return waits(ids, "a file of the index names the image still: train once more");
            }
        }
        List<String> vectors = stores.vectors().map(all -> all.forget(keys)).orElse(List.of());
        requests.replace(ids, request -> request.with(List.of(), vectors));
        deleteResults(waiting, named, ids);
        String inUse = stores.heads().latest().map(HeadStore.Pointer::version).orElse("");
        waiting.forEach(request -> close(request, inUse));
        return true;
    }

    /**
     * Deletes the heads of a label set that learned from the images or name them.
     *
     * @return what the requests wait for, a sentence; empty if these heads are gone
     */
    private Optional<String> finishHeads(
            LabelSet set, ForgottenKeys named, Set<String> ids, String outcome) {
        HeadStore heads = stores.heads().in(set);
        Optional<String> inUse = heads.latest().map(HeadStore.Pointer::version);
        if (inUse.filter(version -> named.areIn(heads, version)).isPresent()) {
            return Optional.of(
                    "head %s, which is in use, learned from the image or names it, and the last training gave no other: %s"
                            .formatted(inUse.get(), outcome));
        }
        List<String> versions =
                heads.files().entrySet().stream()
                        .filter(head -> inUse.filter(head.getKey()::equals).isEmpty())
                        .filter(head -> named.areIn(heads, head.getKey(), head.getValue()))
                        .map(Map.Entry::getKey)
                        .toList();
        requests.replace(ids, request -> request.with(versions, List.of()));
        requests.deleted(versions, clock.instant());
        List<String> promoted = versions.stream().filter(v -> !heads.deleteOutOfUse(v)).toList();
        return promoted.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "somebody promoted %s meanwhile, which learned from the image or names it: train once more"
                                .formatted(promoted));
    }

    private boolean waits(Set<String> ids, String sentence) {
        requests.replace(ids, request -> request.waitingFor(sentence));
        return false;
    }

    /**
     * All of them: whoever has the image in memory and is not told of its deletion, as nothing will
     * be left that tells it, reads a file that was replaced.
     */
    private boolean rewriteIndex(
            LabelSet set, BuildIndex built, ForgottenKeys named, Set<String> ids) {
        List<String> files = naming(built.files(), named);
        String folder = "index/" + set.folder();
        requests.replace(
                ids,
                request -> request.with(List.of(), files.stream().map(folder::concat).toList()));
        Set<String> backbones =
                built.files().names().stream()
                        .filter(name -> name.endsWith(FEATURES))
                        .map(name -> name.substring(0, name.length() - FEATURES.length()))
                        .collect(Collectors.toSet());
        built.rewrite(backbones);
        return naming(built.files(), named).isEmpty();
    }

    /** Those that name an image, but for the requests themselves. */
    private static List<String> naming(IndexStore files, ForgottenKeys named) {
        return files.names().stream()
                .filter(name -> !name.equals(ForgetRequests.FILE))
                .filter(
                        name ->
                                Download.whole(files, name)
                                        .map(Forgetting::bytes)
                                        .filter(named::areIn)
                                        .isPresent())
                .toList();
    }

    private static byte[] bytes(InputStream file) {
        try (file) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Exports may hold any image, packed, and are made anew at the asking. Of kept answers the
     * names tell whether they are of the image, or of a file of the same bytes.
     */
    private void deleteResults(List<Request> waiting, ForgottenKeys named, Set<String> ids) {
        ResultStore results = stores.results();
        Set<String> hashes =
                waiting.stream()
                        .flatMap(Forgetting::hashes)
                        .filter(hash -> !hash.isEmpty())
                        .collect(Collectors.toSet());
        List<String> found = new ArrayList<>();
        String after = "";
        List<String> page = results.keys(ResultStore.FOLDER, after, AT_ONCE);
        while (!page.isEmpty()) {
            page.stream().filter(key -> isToGo(name(key), named, hashes)).forEach(found::add);
            after = page.getLast();
            page = results.keys(ResultStore.FOLDER, after, AT_ONCE);
        }
        Set<String> told = found.stream().map(Forgetting::told).collect(Collectors.toSet());
        requests.replace(ids, request -> request.with(List.of(), told));
        found.forEach(key -> results.delete(name(key)));
        List<String> changed =
                Undo.forget(results, waiting.stream().map(Request::key).toList(), named);
        requests.replace(
                ids,
                request ->
                        request.with(
                                List.of(),
                                changed.stream().map(one -> ResultStore.FOLDER + one).toList()));
    }

    private static Stream<String> hashes(Request request) {
        return Stream.of(request.id(), request.imageHash(), Feedback.hashIn(request.key()));
    }

    private boolean isToGo(String result, ForgottenKeys named, Set<String> hashes) {
        if (KeptAnswers.isKept(result)) {
            return KeptAnswers.isOf(result, hashes);
        }
        return result.startsWith(ResultStore.EXPORTS)
                || !Undo.isKept(result)
                        && stores.results().read(result).filter(named::areIn).isPresent();
    }

    /** Of kept answers, which may be many, the day alone. */
    private static String told(String key) {
        return KeptAnswers.isKept(name(key))
                ? ResultStore.FOLDER + KeptAnswers.day(name(key))
                : key;
    }

    private static String name(String key) {
        return key.substring(ResultStore.FOLDER.length());
    }

    private void close(Request request, String inUse) {
        stores.history().forget(request.key(), request.id());
        stores.features().purge(stores.features().known(request.key()));
        List<String> left = labelFiles(new ForgottenKeys(List.of(request.key())));
        left.add(
                "backups of the table of before now (point-in-time recovery keeps them for 35 days), old versions of objects where a bucket keeps versions, and logs of the functions until they expire");
        left.add(
                "the file in your own folder or in a bucket that is followed, if it came from there: delete it there too, or it comes again");
        requests.replace(
                Set.of(request.id()), waiting -> waiting.done(left, inUse, clock.instant()));
    }

    /** They are the user's own; written anew, their lines would count as the newest. */
    private List<String> labelFiles(ForgottenKeys named) {
        List<String> found = new ArrayList<>();
        List<StoredObject> page = stores.images().list(LABELS, "");
        while (!page.isEmpty()) {
            for (StoredObject file : page) {
                labelFile(file.key(), named).ifPresent(found::add);
            }
            page = stores.images().list(LABELS, page.getLast().key());
        }
        return found;
    }

    private Optional<String> labelFile(String file, ForgottenKeys named) {
        Optional<ImageFile> content;
        try {
            content = stores.images().read(file, MOST_LABEL_BYTES);
        } catch (UnreadableImageException e) {
            return Optional.of(file + ": too large to look into, see for yourself");
        }
        if (content.isEmpty()) {
            return Optional.empty();
        }
        String[] lines = new String(content.get().bytes(), StandardCharsets.UTF_8).split("\n", -1);
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            if (named.areIn(lines[i].getBytes(StandardCharsets.UTF_8))) {
                numbers.add("" + (i + 1));
            }
        }
        return Optional.of(numbers)
                .filter(some -> !some.isEmpty())
                .map(
                        some ->
                                "%s, line %s: take it out and upload the file again, or delete the file"
                                        .formatted(file, String.join(", ", some)));
    }

    /** An event that came late wrote that the image is gone, and so wrote its key. */
    private void sweep(BuildIndex built) {
        Instant since = clock.instant().minus(LATE);
        Set<String> ids =
                requests.all().stream()
                        .filter(request -> !request.isWaiting())
                        .filter(request -> Instant.parse(request.done()).isAfter(since))
                        .map(Request::id)
                        .collect(Collectors.toCollection(HashSet::new));
        if (ids.isEmpty()) {
            return;
        }
        Set<String> late = new TreeSet<>();
        built.index()
                .changes(
                        since,
                        change -> {
                            if (change.content() instanceof ImageRecord.Gone
                                    && ids.contains(ForgetRequests.id(change.key()))) {
                                late.add(change.key());
                            }
                        });
        late.forEach(key -> stores.features().purge(stores.features().known(key)));
    }
}
