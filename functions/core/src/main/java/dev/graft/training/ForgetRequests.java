package dev.graft.training;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.LabelSet;
import dev.graft.feature.Sha256;
import dev.graft.feature.StoreException;
import dev.graft.index.IndexStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The images that people want forgotten: the file {@value #FILE} of the index, which is written
 * only in place of what was read. It has the key of an image until that is forgotten, and from then
 * on only its hash. Safe for use by many threads; throws {@link StoreException} if the store does
 * not answer, or if the file is damaged.
 */
public final class ForgetRequests {
    /** Name of the file in the index. */
    public static final String FILE = "forgotten";

    private static final int MOST_BYTES = 16 << 20;
    private static final int TRIES = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final IndexStore store;

    /** How far a request is. */
    public enum State {
        /** Image, labels, feature and thumbnail are gone; heads and files are not yet. */
        WAITING,
        /** Nothing that is stored names the image any more. */
        DONE
    }

    /**
     * One image.
     *
     * @param id SHA-256 of its key, lower-case hex
     * @param asked when, ISO 8601
     * @param by e-mail or id of who; empty text for somebody on this machine
     * @param key of the image; empty text once it is forgotten
     * @param imageHash SHA-256 of the file, lower-case hex; empty text where it was not known
     * @param state how far it is
     * @param reason what it waits for, a sentence; empty text while that is the next training
     * @param versions of heads that learned from the image or name it, which are or were deleted
     * @param files likewise, written anew without it or deleted
     * @param left what names the image still, and what to do about it
     * @param head in use when all was done; empty text for none
     * @param done when, ISO 8601; empty text until then
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Request(
            String id,
            String asked,
            String by,
            String key,
            String imageHash,
            State state,
            String reason,
            List<String> versions,
            List<String> files,
            List<String> left,
            String head,
            String done) {

        /** One that was just asked for. */
        public static Request of(String key, Instant asked, String by, String imageHash) {
            return new Request(
                    ForgetRequests.id(key),
                    asked.toString(),
                    by,
                    key,
                    imageHash,
                    State.WAITING,
                    "",
                    List.of(),
                    List.of(),
                    List.of(),
                    "",
                    "");
        }

        /** Whether it waits. */
        public boolean isWaiting() {
            return state == State.WAITING;
        }

        /** Which waits for this. */
        public Request waitingFor(String sentence) {
            return new Request(
                    id, asked, by, key, imageHash, state, sentence, versions, files, left, head,
                    done);
        }

        /** With more that is to be deleted or written anew. */
        public Request with(Collection<String> moreVersions, Collection<String> moreFiles) {
            return new Request(
                    id,
                    asked,
                    by,
                    key,
                    imageHash,
                    state,
                    reason,
                    all(versions, moreVersions),
                    all(files, moreFiles),
                    left,
                    head,
                    done);
        }

        /** After all was done: without the key. */
        public Request done(List<String> remaining, String inUse, Instant now) {
            return new Request(
                    id,
                    asked,
                    by,
                    "",
                    imageHash,
                    State.DONE,
                    "",
                    versions,
                    files,
                    List.copyOf(remaining),
                    inUse,
                    now.toString());
        }

        private static List<String> all(Collection<String> some, Collection<String> more) {
            TreeSet<String> all = new TreeSet<>(some);
            all.addAll(more);
            return List.copyOf(all);
        }
    }

    /**
     * The whole file.
     *
     * @param deleted versions of heads, and when each was, ISO 8601
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Stored(List<Request> requests, SortedMap<String, String> deleted) {}

    private record Read(Stored stored, Optional<String> etag) {}

    /** With the store of the file; there is one for all label sets. */
    public ForgetRequests(IndexStore store) {
        this.store = store.in(LabelSet.DEFAULT);
    }

    /** By what a request is named: a hash, so that nothing tells the key. */
    public static String id(String key) {
        return Sha256.of(key.getBytes(StandardCharsets.UTF_8));
    }

    /** All requests, in the order they came. */
    public List<Request> all() {
        return read().stored().requests();
    }

    /** The request with this id. */
    public Optional<Request> find(String id) {
        return all().stream().filter(request -> request.id().equals(id)).findFirst();
    }

    /** Those that wait. */
    public List<Request> waiting() {
        return all().stream().filter(Request::isWaiting).toList();
    }

    /** The keys of those that wait. */
    public List<String> keys() {
        return waiting().stream().map(Request::key).toList();
    }

    /** Notes a request, unless one of the image waits already. */
    public void add(Request request) {
        change(
                stored -> {
                    boolean waits =
                            stored.requests().stream()
                                    .anyMatch(r -> r.id().equals(request.id()) && r.isWaiting());
                    if (waits) {
                        return stored;
                    }
                    List<Request> requests = new ArrayList<>(stored.requests());
                    requests.removeIf(before -> before.id().equals(request.id()));
                    requests.add(request);
                    return new Stored(requests, stored.deleted());
                });
    }

    /** Changes those of these requests that wait. */
    public void replace(Collection<String> ids, UnaryOperator<Request> next) {
        change(
                stored ->
                        new Stored(
                                stored.requests().stream()
                                        .map(
                                                r ->
                                                        r.isWaiting() && ids.contains(r.id())
                                                                ? next.apply(r)
                                                                : r)
                                        .toList(),
                                stored.deleted()));
    }

    /** Notes versions that are deleted, for whoever asks for them later. */
    public void deleted(Collection<String> versions, Instant now) {
        change(
                stored -> {
                    SortedMap<String, String> deleted = new TreeMap<>(stored.deleted());
                    versions.forEach(version -> deleted.putIfAbsent(version, now.toString()));
                    return new Stored(stored.requests(), deleted);
                });
    }

    /** When a version was deleted as it learned from an image that was forgotten, ISO 8601. */
    public Optional<String> deletion(String version) {
        return Optional.ofNullable(read().stored().deleted().get(version));
    }

    /** Whether a version will be deleted, as it learned from an image that is to be forgotten. */
    public boolean willDelete(String version) {
        return waiting().stream().anyMatch(request -> request.versions().contains(version));
    }

    private void change(UnaryOperator<Stored> next) {
        for (int i = 0; i < TRIES; i++) {
            Read before = read();
            Stored after = next.apply(before.stored());
            if (after.equals(before.stored()) || store.replace(FILE, before.etag(), bytes(after))) {
                return;
            }
        }
        throw new StoreException(
                "the file %s of the index was changed by others %d times meanwhile: try again"
                        .formatted(FILE, TRIES),
                null);
    }

    private Read read() {
        return store.read(FILE, 0, MOST_BYTES)
                .map(part -> new Read(stored(part.bytes()), Optional.of(part.etag())))
                .orElseGet(
                        () -> new Read(new Stored(List.of(), new TreeMap<>()), Optional.empty()));
    }

    private static Stored stored(byte[] file) {
        try {
            return JSON.readValue(file, Stored.class);
        } catch (IOException e) {
            throw new StoreException(
                    "the file %s of the index cannot be read, so nobody knows what is to be forgotten: restore it, or delete it and ask again"
                            .formatted(FILE),
                    e);
        }
    }

    private static byte[] bytes(Stored file) {
        try {
            return JSON.writeValueAsBytes(file);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always become JSON", e);
        }
    }
}
