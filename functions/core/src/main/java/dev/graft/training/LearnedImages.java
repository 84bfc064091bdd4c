package dev.graft.training;

import dev.graft.evaluation.Predictions;
import dev.graft.feature.DamagedFileException;
import dev.graft.head.HeadStore;
import dev.graft.index.Download;
import dev.graft.index.IndexStore;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Which versions learned from which images: the file {@value #FILE} of the index, which each
 * training adds to, and of versions that it does not have yet their predictions. The versions of an
 * image are kept as runs of their numbers, as nearly every version learns from the same images
 * again. Safe for use by many threads; throws {@link dev.graft.feature.StoreException} if a store
 * does not answer.
 */
public final class LearnedImages {
    private static final String FILE = "versions";
    private static final String MAGIC = "graft versions 1";
    private static final int BUFFER = 1 << 16;

    private final HeadStore heads;
    private final IndexStore store;

    /** Of the heads of a store. */
    public LearnedImages(HeadStore heads, IndexStore store) {
        this.heads = heads;
        this.store = store;
    }

    /**
     * @param versions in the file, by number
     * @param images for each key the numbers of those that learned from it
     */
    private record Stored(List<String> versions, SortedMap<String, BitSet> images) {}

    /**
     * The versions that learned from an image, newest first, deleted images too.
     *
     * @param key as it was when they were trained
     * @throws DamagedFileException if the predictions of a version cannot be read, as then nobody
     *     knows
     */
    public List<String> versions(String key) {
        Stored stored = stored();
        Set<String> known = new HashSet<>(stored.versions());
        Set<String> learned = new HashSet<>();
        Optional.ofNullable(stored.images().get(key))
                .ifPresent(
                        numbers ->
                                numbers.stream()
                                        .mapToObj(stored.versions()::get)
                                        .forEach(learned::add));
        return heads.versions().stream()
                .filter(
                        version ->
                                known.contains(version)
                                        ? learned.contains(version)
                                        : predictions(version).filter(p -> p.has(key)).isPresent())
                .toList();
    }

    /** Makes the file anew without the images that no version learned from any more. */
    public void rewrite() {
        store.delete(FILE);
        update();
    }

    /** The requests to forget images of the same store. */
    public ForgetRequests forgotten() {
        return new ForgetRequests(store);
    }

    /** Adds the versions that are not in the file yet, and leaves out those that are gone. */
    void update() {
        List<String> versions = heads.versions();
        Stored before = stored();
        if (Set.copyOf(before.versions()).equals(Set.copyOf(versions))) {
            return;
        }
        Stored now = new Stored(new ArrayList<>(), new TreeMap<>());
        Map<Integer, Integer> renumbered = new HashMap<>();
        for (String version : versions.reversed()) {
            int number = now.versions().size();
            if (before.versions().contains(version)) {
                renumbered.put(before.versions().indexOf(version), number);
                now.versions().add(version);
            } else if (added(version, number, now)) {
                now.versions().add(version);
            }
        }
        before.images()
                .forEach(
                        (key, learned) ->
                                learned.stream()
                                        .map(number -> renumbered.getOrDefault(number, -1))
                                        .filter(number -> number >= 0)
                                        .forEach(number -> add(now, key, number)));
        store.write(FILE, bytes(now));
    }

    /** False if the predictions are damaged: whoever asks is to be told so. */
    private boolean added(String version, int number, Stored now) {
        try {
            predictions(version)
                    .ifPresent(found -> found.rows().forEach(row -> add(now, row.key(), number)));
            return true;
        } catch (DamagedFileException e) {
            return false;
        }
    }

    private static void add(Stored stored, String key, int number) {
        stored.images().computeIfAbsent(key, k -> new BitSet()).set(number);
    }

    private Optional<Predictions> predictions(String version) {
        try {
            return heads.read(version, Predictions.FILE).map(Predictions::read);
        } catch (UncheckedIOException e) {
            throw new DamagedFileException(
                    "%s of head %s cannot be read, so nobody knows which images it learned from: restore the file, or delete the version"
                            .formatted(Predictions.FILE, version),
                    e);
        }
    }

    private static byte[] bytes(Stored file) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
            out.writeUTF(MAGIC);
            out.writeInt(file.versions().size());
            for (String version : file.versions()) {
                out.writeUTF(version);
            }
            out.writeInt(file.images().size());
            for (var image : file.images().entrySet()) {
                out.writeUTF(image.getKey());
                BitSet numbers = image.getValue();
                for (int from = numbers.nextSetBit(0); from >= 0; ) {
                    int to = numbers.nextClearBit(from);
                    out.writeInt(from);
                    out.writeInt(to);
                    from = numbers.nextSetBit(to);
                }
                out.writeInt(-1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Empty if there is no file, or a damaged one: the next training writes it anew. */
    private Stored stored() {
        Stored stored = new Stored(new ArrayList<>(), new TreeMap<>());
        Optional<InputStream> file = Download.whole(store, FILE);
        if (file.isEmpty()) {
            return stored;
        }
        try (DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(new GZIPInputStream(file.get(), BUFFER), BUFFER))) {
            if (!in.readUTF().equals(MAGIC)) {
                throw new IOException("not a file of versions");
            }
            for (int left = in.readInt(); left > 0; left--) {
                stored.versions().add(in.readUTF());
            }
            for (int left = in.readInt(); left > 0; left--) {
                stored.images().put(in.readUTF(), numbers(in, stored.versions().size()));
            }
            // the checksum of gzip stands behind the last byte
            if (in.read() < 0) {
                return stored;
            }
        } catch (IOException e) {
            // as if there were none
        }
        return new Stored(List.of(), new TreeMap<>());
    }

    private static BitSet numbers(DataInputStream in, int versions) throws IOException {
        BitSet numbers = new BitSet();
        for (int from = in.readInt(); from >= 0; from = in.readInt()) {
            int to = in.readInt();
            if (to < from || to > versions) {
                throw new IOException("not a version");
            }
            numbers.set(from, to);
        }
        return numbers;
    }
}
